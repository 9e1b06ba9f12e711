import { type Route, type RouteName, routes } from '@spillway/contract';

/** Routes that applications may ask for every one of their own requests. */
export type FastRoute = Extract<
  RouteName,
  'evaluateFlag' | 'evaluateFlags' | 'ofrepEvaluateFlag' | 'ofrepEvaluateFlags'
>;

/** A request whose head leaves nothing open. */
export interface Asked {
  readonly route: FastRoute;
  readonly path: string;
  /** Of the flag; undefined where the route names none. */
  readonly key: string | undefined;
  readonly secret: string;
  readonly bodyBytes: number;
  /** What the asker has already, as it names it. */
  readonly ifNoneMatch: string | undefined;
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
const OFREP_ALL = '/ofrep/v1/evaluate/flags';
const ONE = /^\/api\/v1\/feature-flags\/([a-z0-9][a-z0-9._-]{0,127})\/evaluate$/;
const OFREP_ONE = /^\/ofrep\/v1\/evaluate\/flags\/([a-z0-9][a-z0-9._-]{0,127})$/;
const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
const LENGTH = /^[1-9][0-9]{0,6}$/;

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
  if (method !== 'POST' || url === undefined || httpVersion !== '1.1') return undefined;
  const named = routeOf(url);
  if (named === undefined) return undefined;
  let host: string | undefined;
  let authorization: string | undefined;
  let type: string | undefined;
  let length: string | undefined;
  let ifNoneMatch: string | undefined;
  let isFromPage = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'host') {
      if (host !== undefined) return undefined;
      host = value;
    } else if (name === 'authorization') {
      if (authorization !== undefined) return undefined;
      authorization = value;
    } else if (name === 'content-type') {
      if (type !== undefined) return undefined;
      type = value;
    } else if (name === 'content-length') {
      if (length !== undefined) return undefined;
      length = value;
    } else if (name === 'if-none-match') {
      if (ifNoneMatch !== undefined) return undefined;
      ifNoneMatch = value;
    } else if (name === 'origin') isFromPage = true;
    else if (LEADS_THE_LONG_WAY.has(name)) return undefined;
  }
  // Which pages may ask, and what they are told beside the answer, the long way knows.
  if (isFromPage && isCrossOrigin(named.route)) return undefined;
  if (host === undefined || type === undefined || !JSON_TYPE.test(type)) return undefined;
  if (length === undefined || !LENGTH.test(length) || Number(length) > MAX_FAST_BODY_BYTES) return undefined;
  const secret = BEARER.exec(authorization ?? '')?.[1];
  if (secret === undefined) return undefined;
  return { ...named, path: url, secret, bodyBytes: Number(length), ifNoneMatch };
}

/** Whether pages of other sites may ask, so that an answer to one is none to another. */
export function isCrossOrigin(name: FastRoute): boolean {
  const route: Route = routes[name];
  return route.cross_origin === true;
}

function routeOf(url: string): Pick<Asked, 'route' | 'key'> | undefined {
  if (url === ALL) return { route: 'evaluateFlags', key: undefined };
  if (url === OFREP_ALL) return { route: 'ofrepEvaluateFlags', key: undefined };
  const key = ONE.exec(url)?.[1];
  if (key !== undefined) return { route: 'evaluateFlag', key };
  const ofrepKey = OFREP_ONE.exec(url)?.[1];
  return ofrepKey === undefined ? undefined : { route: 'ofrepEvaluateFlag', key: ofrepKey };
}
