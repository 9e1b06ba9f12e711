import { isIPv6 } from 'node:net';

/** Where one service's traffic goes. Shares are out of `FULL_SHARE`; users are laid out over `versions` in the order given. */
export interface GatewayRoute {
  /** `environment/key`. */
  readonly service: string;
  /** Absent: whichever host. */
  readonly hostname?: string;
  readonly path_prefix: string;
  readonly sticky: { readonly header?: string; readonly cookie: string };
  readonly seed: string;
  /** The version that is growing comes first: its users then keep it whenever its share is raised. */
  readonly versions: readonly GatewayRouteVersion[];
}

export interface GatewayRouteVersion {
  readonly version: string;
  readonly share: number;
  /** Origins of its instances, such as `http://127.0.0.1:40001`. */
  readonly urls: readonly string[];
}

export type ParsedRoute =
  | { readonly is: 'route'; readonly route: GatewayRoute }
  | { readonly is: 'refused'; readonly field: string; readonly message: string };

export const FULL_SHARE = 100_000;
export const VERSIONS_MAX = 32;
export const URLS_PER_VERSION_MAX = 256;
const NAME_LENGTH_MAX = 300;
const PREFIX_LENGTH_MAX = 1_024;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const NAME = /^[^\s\p{Cc}]+$/u;
const PREFIX = /^\/[!-"$->@-~]*$/;
const HOSTNAME = /^(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i;

/** Checks a route that came from outside. The refusal names the field and says what is expected there. */
export function parseRoute(value: unknown): ParsedRoute {
  try {
    return { is: 'route', route: readRoute(value) };
  } catch (error) {
    if (error instanceof Refused) return { is: 'refused', field: error.field, message: error.message };
    throw error;
  }
}

class Refused extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

function readRoute(value: unknown): GatewayRoute {
  const body = record(value, 'route');
  onlyKnown(body, '', ['service', 'hostname', 'path_prefix', 'sticky', 'seed', 'versions']);
  const service = text(body.service, 'service', NAME_LENGTH_MAX);
  if (!NAME.test(service)) throw new Refused('service', 'service must be environment/key without spaces.');
  const prefix = text(body.path_prefix, 'path_prefix', PREFIX_LENGTH_MAX);
  if (!PREFIX.test(prefix)) {
    throw new Refused('path_prefix', 'path_prefix must start with / and hold neither ?, # nor spaces.');
  }
  return Object.freeze({
    service,
    ...(body.hostname === undefined ? {} : { hostname: readHostname(body.hostname) }),
    path_prefix: prefix,
    sticky: readSticky(body.sticky),
    seed: text(body.seed, 'seed', NAME_LENGTH_MAX),
    versions: readVersions(body.versions),
  });
}

function readHostname(value: unknown): string {
  const hostname = text(value, 'hostname', 253);
  if (!HOSTNAME.test(hostname) && !isIPv6(hostname)) {
    throw new Refused('hostname', 'hostname must be a DNS name or an address, without scheme and port.');
  }
  return hostname;
}

function readSticky(value: unknown): GatewayRoute['sticky'] {
  const sticky = record(value, 'sticky');
  onlyKnown(sticky, 'sticky.', ['header', 'cookie']);
  const cookie = token(sticky.cookie, 'sticky.cookie');
  return Object.freeze(
    sticky.header === undefined ? { cookie } : { header: token(sticky.header, 'sticky.header'), cookie },
  );
}

function readVersions(value: unknown): readonly GatewayRouteVersion[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > VERSIONS_MAX) {
    throw new Refused('versions', `versions must be a list of 1 to ${VERSIONS_MAX} versions.`);
  }
  const versions = value.map((each, index) => readVersion(each, `versions.${index}`));
  const names = new Set(versions.map((each) => each.version));
  if (names.size !== versions.length) throw new Refused('versions', 'versions must name each version once.');
  const sum = versions.reduce((total, each) => total + each.share, 0);
  if (sum !== FULL_SHARE) throw new Refused('versions', `Shares must sum to ${FULL_SHARE}; they sum to ${sum}.`);
  return Object.freeze(versions);
}

function readVersion(value: unknown, field: string): GatewayRouteVersion {
  const body = record(value, field);
  onlyKnown(body, `${field}.`, ['version', 'share', 'urls']);
  const version = text(body.version, `${field}.version`, NAME_LENGTH_MAX);
  const share = body.share;
  if (typeof share !== 'number' || !Number.isInteger(share) || share < 0 || share > FULL_SHARE) {
    throw new Refused(`${field}.share`, `share must be a whole number from 0 to ${FULL_SHARE}.`);
  }
  if (!Array.isArray(body.urls) || body.urls.length > URLS_PER_VERSION_MAX) {
    throw new Refused(`${field}.urls`, `urls must be a list of at most ${URLS_PER_VERSION_MAX} addresses.`);
  }
  if (share > 0 && body.urls.length === 0) {
    throw new Refused(`${field}.urls`, `Version ${version} has a share of ${share} but no instance to send it to.`);
  }
  const urls = body.urls.map((url, index) => readUrl(url, `${field}.urls.${index}`));
  return Object.freeze({ version, share, urls: Object.freeze(urls) });
}

function readUrl(value: unknown, field: string): string {
  const written = text(value, field, PREFIX_LENGTH_MAX);
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const plain =
    url?.protocol === 'http:' && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!url || !plain || url.pathname !== '/' || url.port === '0') {
    throw new Refused(field, 'An instance is an http address without path, such as http://127.0.0.1:40001.');
  }
  return written;
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(field, `${field} must be an object.`);
  }
  return value as Record<string, unknown>;
}

function onlyKnown(body: Record<string, unknown>, path: string, known: readonly string[]): void {
  const unknown = Object.keys(body).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Refused(`${path}${unknown}`, `Unknown field; known are ${known.join(', ')}.`);
}

function text(value: unknown, field: string, lengthMax: number): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > lengthMax) {
    throw new Refused(field, `${field} must be a text of 1 to ${lengthMax} characters.`);
  }
  return value;
}

function token(value: unknown, field: string): string {
  const name = text(value, field, 128);
  if (!TOKEN.test(name))
    throw new Refused(field, `${field} must be a valid HTTP token, such as x-user or spillway_user.`);
  return name;
}
