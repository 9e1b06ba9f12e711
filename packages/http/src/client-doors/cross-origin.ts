import { type Route, routes } from '@spillway/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isOwnOrigin, type Site } from '../credentials.ts';
import { pathOf } from '../errors.ts';
import { RequestRefused } from '../problem.ts';

/** How long a browser need not ask again; the longest that all of them honour. */
const PREFLIGHT_SECONDS = 7_200;

const OPEN = Object.values<Route>(routes)
  .filter(({ cross_origin }) => cross_origin === true)
  .map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));

/** A browser asks whether a page of another site may call one of the doors that are open to them. */
export function isPreflight({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'OPTIONS' || headers.origin === undefined) return false;
  const wanted = headers['access-control-request-method'];
  return OPEN.some((one) => one.method === wanted && one.pattern.test(pathOf(url)));
}

export function answerPreflight(request: FastifyRequest, reply: FastifyReply, site: Site): FastifyReply {
  // A preflight carries no key; whether pages of this origin may use the very key is asked when it comes.
  refuseOtherOrigins(request, site, undefined);
  return reply
    .headers({
      ...crossOriginHeaders(request, site),
      'access-control-allow-methods': request.headers['access-control-request-method'] ?? '',
      'access-control-allow-headers': 'authorization, content-type, if-none-match, last-event-id',
      'access-control-max-age': String(PREFLIGHT_SECONDS),
    })
    .code(204)
    .send();
}

/** Keys are sent by name and cookies never count here, so credentials are not among what is allowed. */
export function crossOriginHeaders(request: FastifyRequest, site: Site): Readonly<Record<string, string>> {
  if (request.routeOptions.config?.crossOrigin !== true && !isPreflight(request)) return {};
  const { origin } = request.headers;
  if (origin === undefined || !isAllowed(origin, request, site)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'etag, retry-after, x-request-id',
  };
}

/** A client key copied into another site's page is of no use there: browsers name the origin truthfully. */
export function refuseOtherOrigins(
  request: Pick<FastifyRequest, 'headers'>,
  site: Site,
  environment: string | undefined,
): void {
  const { origin } = request.headers;
  if (origin === undefined || isAllowed(origin, request, site, environment)) return;
  throw new RequestRefused(
    'forbidden',
    'Pages of this origin may not use the key. Add it to `allowed_origins` of the environment, or to SPILLWAY_ALLOWED_ORIGINS where the server is started.',
    { fields: [{ field: 'Origin', message: 'is not among the allowed origins' }], headers: { vary: 'Origin' } },
  );
}

/** In this environment; in any, where none is known yet. */
function isAllowed(
  origin: string,
  { headers }: Pick<FastifyRequest, 'headers'>,
  site: Site,
  environment?: string,
): boolean {
  return site.allowsOrigin(origin, environment) || isOwnOrigin(origin, headers.host, site);
}
