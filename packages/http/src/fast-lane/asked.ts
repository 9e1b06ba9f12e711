import { endpoints, type Route, type RouteName, routes } from '@spillway/contract';

/** Routes that applications may ask for every one of their own requests, and the one that all their SDKs poll. */
export type FastRoute = Extract<
  RouteName,
  'evaluateFlag' | 'evaluateFlags' | 'ofrepEvaluateFlag' | 'ofrepEvaluateFlags' | 'snapshot'
>;

/** A request whose head leaves nothing open. */
export interface Asked {
  readonly route: FastRoute;
  readonly method: string;
  readonly path: string;
  /** Of the flag; undefined where the route names none. */
  readonly key: string | undefined;
  readonly secret: string;
  readonly bodyBytes: number;
  /** What the asker has already, as it names it. */
  readonly ifNoneMatch: string | undefined;
  readonly acceptEncoding: string | undefined;
}

/** What a request says before its body. */
export interface Head {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  /** Name, value, name, value. */
  readonly rawHeaders: readonly string[];
}

/** Larger bodies are rare, and what is lost on them by going the long way is nothing beside reading them. */
export const MAX_FAST_BODY_BYTES = 65_536;

const ALL = '/api/v1/evaluate';
const DEFINITIONS = '/api/v1/sdk/snapshot';
const OFREP_ALL = '/ofrep/v1/evaluate/flags';
const ONE = /^\/api\/v1\/feature-flags\/([a-z0-9][a-z0-9._-]{0,127})\/evaluate$/;
const OFREP_ONE = /^\/ofrep\/v1\/evaluate\/flags\/([a-z0-9][a-z0-9._-]{0,127})$/;
const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
const HOST = /^[A-Za-z0-9.-]+(?::[0-9]{1,5})?$/;
const LENGTH = /^[1-9][0-9]{0,6}$/;

const FIELDS: ReadonlyMap<string, Exclude<keyof Said, 'isFromPage'>> = new Map([
  ['host', 'host'],
  ['authorization', 'authorization'],
  ['content-type', 'type'],
  ['content-length', 'length'],
  ['if-none-match', 'ifNoneMatch'],
  ['accept-encoding', 'acceptEncoding'],
]);

/** Of these the long way has something to say, be it a refusal. */
const LEADS_THE_LONG_WAY: ReadonlySet<string> = new Set([
  'content-encoding',
  'transfer-encoding',
  'expect',
  'upgrade',
  'idempotency-key',
  'if-match',
  'last-event-id',
]);

/** What is asked; undefined sends the request the long way, which knows every case and words every refusal. */
export function askedBy({ method, url, httpVersion, rawHeaders }: Head): Asked | undefined {
  if (url === undefined || httpVersion !== '1.1') return undefined;
  const named = routeOf(url);
  if (named === undefined || method !== endpoints[named.route].method) return undefined;
  const said = readLines(rawHeaders);
  if (said === undefined) return undefined;
  // Which pages may ask, and what they are told beside the answer, the long way knows.
  if (said.isFromPage && isCrossOrigin(named.route)) return undefined;
  const bodyBytes = method === 'GET' ? lengthOfNone(said) : lengthOfJson(said);
  const secret = BEARER.exec(said.authorization ?? '')?.[1];
  if (!HOST.test(said.host ?? '') || bodyBytes === undefined || secret === undefined) return undefined;
  const { ifNoneMatch, acceptEncoding } = said;
  return { ...named, method, path: url, secret, bodyBytes, ifNoneMatch, acceptEncoding };
}

interface Said {
  host?: string;
  authorization?: string;
  type?: string;
  length?: string;
  ifNoneMatch?: string;
  acceptEncoding?: string;
  isFromPage?: boolean;
}

/** Undefined where something is said twice, or something that the long way has to hear. */
function readLines(rawHeaders: readonly string[]): Said | undefined {
  const said: Said = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const field = FIELDS.get(name);
    if (field !== undefined) {
      if (said[field] !== undefined) return undefined;
      said[field] = rawHeaders[index + 1] ?? '';
    } else if (name === 'origin') said.isFromPage = true;
    else if (LEADS_THE_LONG_WAY.has(name)) return undefined;
  }
  return said;
}

function lengthOfJson({ type, length }: Said): number | undefined {
  if (type === undefined || !JSON_TYPE.test(type) || length === undefined || !LENGTH.test(length)) return undefined;
  return Number(length) > MAX_FAST_BODY_BYTES ? undefined : Number(length);
}

function lengthOfNone({ length }: Said): 0 | undefined {
  return length === undefined ? 0 : undefined;
}

/** Whether pages of other sites may ask, so that an answer to one is none to another. */
export function isCrossOrigin(name: FastRoute): boolean {
  const route: Route = routes[name];
  return route.cross_origin === true;
}

function routeOf(url: string): Pick<Asked, 'route' | 'key'> | undefined {
  if (url === DEFINITIONS) return { route: 'snapshot', key: undefined };
  if (url === ALL) return { route: 'evaluateFlags', key: undefined };
  if (url === OFREP_ALL) return { route: 'ofrepEvaluateFlags', key: undefined };
  const key = ONE.exec(url)?.[1];
  if (key !== undefined) return { route: 'evaluateFlag', key };
  const ofrepKey = OFREP_ONE.exec(url)?.[1];
  return ofrepKey === undefined ? undefined : { route: 'ofrepEvaluateFlag', key: ofrepKey };
}
