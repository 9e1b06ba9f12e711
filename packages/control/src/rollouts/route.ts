import { FULL_SHARE, type Service, sameShares } from '@spillway/core';
import type { Instance, Route, RouteVersion } from '../ports/index.ts';
import { serviceId } from '../services/service-id.ts';

type Shares = Readonly<Record<string, number>>;
type Seen<T> = T | 'unknown';

/** The route for these shares, with the addresses of now. Undefined when a version with a share has no address at all. */
export function routeFor(
  service: Service,
  shares: Shares,
  seed: string,
  instances: Seen<readonly Instance[]>,
  current: Seen<Route | undefined>,
): Route | undefined {
  const versions: RouteVersion[] = [];
  for (const [version, share] of Object.entries(shares)) {
    if (share === 0) continue;
    const urls = addresses(version, instances, current);
    if (urls.length === 0) return undefined;
    versions.push({ version, share, urls });
  }
  return {
    service: serviceId(service.environment, service.key),
    ...(service.hostname === undefined ? {} : { hostname: service.hostname }),
    path_prefix: service.path_prefix,
    sticky: service.sticky,
    seed,
    versions,
  };
}

/**
 * Healthy instances; when none is, those that may become so; when the platform does not list any, what the router has: a
 * platform that cannot be seen must not keep traffic from going back.
 */
function addresses(
  version: string,
  instances: Seen<readonly Instance[]>,
  current: Seen<Route | undefined>,
): readonly string[] {
  if (instances !== 'unknown') {
    const wanted = instances.filter((each) => each.version === version && each.state !== 'stopping');
    const healthy = wanted.filter((each) => each.state === 'healthy');
    return (healthy.length > 0 ? healthy : wanted).map((each) => each.url).sort();
  }
  if (current === 'unknown' || current === undefined) return [];
  return current.versions.find((each) => each.version === version)?.urls ?? [];
}

export function sharesOf(route: Route | undefined): Shares {
  return Object.fromEntries((route?.versions ?? []).map(({ version, share }) => [version, share]));
}

/** Whether a request would go the same way. The seed only matters where there is a choice. */
export function sameRoute(a: Route, b: Route): boolean {
  if (!sameShares(sharesOf(a), sharesOf(b))) return false;
  if (a.hostname !== b.hostname || a.path_prefix !== b.path_prefix) return false;
  if (a.sticky.header !== b.sticky.header || a.sticky.cookie !== b.sticky.cookie) return false;
  const single = Object.values(sharesOf(a)).includes(FULL_SHARE);
  if (!single && a.seed !== b.seed) return false;
  return a.versions.every(({ version, share, urls }) => {
    const other = b.versions.find((each) => each.version === version)?.urls ?? [];
    return share === 0 || (urls.length === other.length && urls.every((url) => other.includes(url)));
  });
}
