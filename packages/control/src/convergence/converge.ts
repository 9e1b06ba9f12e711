import { allTo, type Service } from '@spillway/core';
import { fromStored } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import { servicesUnderWay } from '../rollouts/coverage.ts';
import { OBSERVE_TIMEOUT_MS, PERFORM_TIMEOUT_MS, within } from '../rollouts/patience.ts';
import type { PerformDeps } from '../rollouts/perform.ts';
import { routeFor, sameRoute } from '../rollouts/route.ts';
import { serviceId } from '../services/service-id.ts';

export type Convergence = 'settled' | 'repaired' | 'overtaken';

/**
 * A service that no rollout is moving: its live version runs and has all traffic, at the addresses of now. What someone or
 * something else changed is put right; it is told in the process's log, because nothing was decided. Throws what a port throws.
 */
export async function converge(deps: PerformDeps, service: Service): Promise<Convergence> {
  const id = serviceId(service.environment, service.key);
  const live = service.live === undefined ? undefined : service.versions[service.live];
  if (live === undefined) return 'settled';
  const instances = await within(deps.clock, OBSERVE_TIMEOUT_MS, () => deps.target.observe(id));
  const wanted = instances.filter((each) => each.version === live.name && each.state !== 'stopping');
  const current = await within(deps.clock, OBSERVE_TIMEOUT_MS, () => deps.router.observe(id));
  const route = routeFor(service, allTo(live.name), current?.seed ?? id, instances, current);
  const runs = wanted.length >= live.instances;
  const routed = route === undefined || (current !== undefined && sameRoute(route, current));
  if (runs && routed) return 'settled';
  if (!(await isStillOurs(deps, id, live.name))) return 'overtaken';
  if (!runs) {
    deps.log.warn(
      { service: id, version: live.name },
      'Not all instances of the live version were wanted; asked for again',
    );
    await within(deps.clock, PERFORM_TIMEOUT_MS, () => deps.target.run(id, live));
  }
  if (!routed) {
    deps.log.warn({ service: id, version: live.name }, 'The route was not all to the live version as it is; set again');
    await within(deps.clock, PERFORM_TIMEOUT_MS, () => deps.router.apply(route));
  }
  return 'repaired';
}

/** Asked right before acting: a rollout may have begun to move this service since it was read. */
async function isStillOurs(deps: PerformDeps, id: string, live: string): Promise<boolean> {
  for await (const { document } of allDocuments(deps, 'rollouts')) {
    if (servicesUnderWay(document).has(id)) return false;
  }
  const stored = await deps.store.read(deps.project, 'services', id);
  return stored !== undefined && fromStored('services', stored).live === live;
}
