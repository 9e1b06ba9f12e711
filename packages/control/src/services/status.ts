import type { Service } from '@spillway/core';
import { SHARE_WHOLE } from '@spillway/evaluator';
import type { SeriesPoint, ServiceStatus } from '../control.ts';
import type { Clock, Log, Route, Router, Target } from '../ports/index.ts';
import { OBSERVE_TIMEOUT_MS, within } from '../rollouts/patience.ts';
import { serviceId } from './service-id.ts';

export interface StatusDeps {
  readonly target: Target;
  readonly router: Router;
  readonly clock: Clock;
  readonly log: Log;
  /** What the rollout under way wants; undefined when none is. */
  readonly desiredShares: (service: Service) => Promise<Readonly<Record<string, number>> | undefined>;
  readonly series: (service: string, since_ms?: number) => Promise<readonly SeriesPoint[]> | readonly SeriesPoint[];
}

/** What is seen of a service right now. What cannot be seen is null or empty: a status page must open in an outage. */
export async function statusOf(deps: StatusDeps, service: Service, since_ms?: number): Promise<ServiceStatus> {
  const id = serviceId(service.environment, service.key);
  const [instances, route, desired, series] = await Promise.all([
    orElse(deps, 'instances', () => deps.target.observe(id), []),
    orElse(deps, 'route', () => deps.router.observe(id), undefined),
    orElse(deps, 'desired shares', () => deps.desiredShares(service), undefined),
    orElse(deps, 'series', async () => deps.series(id, since_ms), []),
  ]);
  const { key, environment, live } = service;
  return {
    key,
    environment,
    ...(live === undefined ? {} : { live }),
    desired_shares: desired ?? (live === undefined ? null : { [live]: SHARE_WHOLE }),
    actual_shares: route === undefined ? null : sharesOf(route),
    instances,
    series,
  };
}

async function orElse<T>({ clock, log }: StatusDeps, what: string, see: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await within(clock, OBSERVE_TIMEOUT_MS, see);
  } catch (error) {
    log.warn({ err: error, what }, 'A part of a service could not be observed');
    return otherwise;
  }
}

function sharesOf({ versions }: Route): Readonly<Record<string, number>> {
  return Object.fromEntries(versions.map(({ version, share }) => [version, share]));
}
