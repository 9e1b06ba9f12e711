import { isKey, KEY_RULE } from '../key.ts';
import { acceptUnless, collectProblems } from '../problems.ts';
import { accept, type Outcome, refuse } from '../refusal.ts';
import type { ServiceInput } from './input.ts';
import type { Service } from './service.ts';

const MAX_HOSTNAME_LENGTH = 253;
const MAX_PREFIX_LENGTH = 1_024;
const HOSTNAME = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/;
const PREFIX = /^\/[A-Za-z0-9._~!$&'()*+,;=:@/-]*$/;
const HEADER = /^[A-Za-z0-9-]{1,128}$/;
const COOKIE = /^[A-Za-z0-9_-]{1,128}$/;

/** The service as it will be kept: how it is reached is new, what runs is as before. */
export function normaliseService(
  environment: string,
  key: string,
  input: ServiceInput,
  previous: Service | undefined,
): Outcome<Service> {
  const problems = collectProblems();
  if (!isKey(key)) problems.report('/key', KEY_RULE);
  const hostname = input.hostname?.toLowerCase();
  if (hostname !== undefined && (hostname.length > MAX_HOSTNAME_LENGTH || !HOSTNAME.test(hostname))) {
    problems.report('/hostname', 'must be a host name such as shop.example.com, without scheme or port');
  }
  const prefix = input.path_prefix;
  const dots = prefix.split('/').some((part) => part === '.' || part === '..');
  if (!PREFIX.test(prefix) || prefix.length > MAX_PREFIX_LENGTH || prefix.includes('//') || dots) {
    problems.report('/path_prefix', 'must be a plain path such as / or /shop, without .., //, % or a query');
  }
  const { header, cookie } = input.sticky;
  if (header !== undefined && !HEADER.test(header)) problems.report('/sticky/header', 'must be a header name');
  if (!COOKIE.test(cookie)) problems.report('/sticky/cookie', 'must be a cookie name of A-Z a-z 0-9 _ -');
  return acceptUnless(problems, 'The service', {
    key,
    environment,
    ...(hostname === undefined ? {} : { hostname }),
    path_prefix: withoutLastSlash(prefix),
    ...(previous?.live === undefined ? {} : { live: previous.live }),
    versions: previous?.versions ?? {},
    sticky: header === undefined ? { cookie } : { header, cookie },
  });
}

/** One gateway serves all environments, so a host and prefix can belong to one service only. */
export function checkRouteIsFree(service: Service, others: Iterable<Service>): Outcome<void> {
  for (const other of others) {
    if (other.key === service.key && other.environment === service.environment) continue;
    if (other.hostname !== service.hostname || other.path_prefix !== service.path_prefix) continue;
    const where = `${service.hostname ?? 'any host'} ${service.path_prefix}`;
    return refuse(
      'conflict',
      `${where} already belongs to the service ${other.key} in ${other.environment}. Give one of them another hostname or path_prefix.`,
      { details: { environment: other.environment, service: other.key } },
    );
  }
  return accept(undefined);
}

function withoutLastSlash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
}
