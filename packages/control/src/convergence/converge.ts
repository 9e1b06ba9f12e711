import { allTo, type Service } from '@spillway/core';
import { fromStored } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { Instance } from '../ports/index.ts';
import { servicesUnderWay } from '../rollouts/coverage.ts';
import { OBSERVE_TIMEOUT_MS, PERFORM_TIMEOUT_MS, within } from '../rollouts/patience.ts';
import type { PerformDeps } from '../rollouts/perform.ts';
import { routeFor, sameRoute } from '../rollouts/route.ts';
import { serviceId } from '../services/service-id.ts';

export type Convergence = 'settled' | 'repaired' | 'overtaken';

/**
 * A service that no rollout is moving: its live version runs, alone, and has all traffic at the addresses of now. What someone
 * or something else changed is put right; it is told in the process's log, because nothing was decided. Throws what a port throws.
 */
export async function converge(deps: PerformDeps, service: Service): Promise<Convergence> {
  const id = serviceId(service.environment, service.key);
  const instances = await within(deps.clock, OBSERVE_TIMEOUT_MS, () => deps.target.observe(id));
  const repairs = [
    ...(await liveRepairs(deps, service, instances)),
    // Last: a version that still has traffic is not stopped before the route is right.
    ...strayRepairs(deps, service, instances),
  ];
  for (const { told, version, act } of repairs) {
    if (!(await isStillOurs(deps, id, service.live))) return 'overtaken';
    deps.log.warn({ service: id, version }, told);
    await within(deps.clock, PERFORM_TIMEOUT_MS, act);
  }
  return repairs.length === 0 ? 'settled' : 'repaired';
}

interface Repair {
  readonly told: string;
  readonly version: string;
  act(): Promise<void>;
}

async function liveRepairs(
  deps: PerformDeps,
  service: Service,
  instances: readonly Instance[],
): Promise<readonly Repair[]> {
  const id = serviceId(service.environment, service.key);
  const live = service.live === undefined ? undefined : service.versions[service.live];
  if (live === undefined) return [];
  const repairs: Repair[] = [];
  const wanted = instances.filter((each) => each.version === live.name && each.state !== 'stopping');
  if (wanted.length < live.instances) {
    const told = 'Not all instances of the live version were wanted; asked for again';
    repairs.push({ told, version: live.name, act: () => deps.target.run(id, live) });
  }
  const current = await within(deps.clock, OBSERVE_TIMEOUT_MS, () => deps.router.observe(id));
  const route = routeFor(service, allTo(live.name), current?.seed ?? id, instances, current);
  if (route !== undefined && (current === undefined || !sameRoute(route, current))) {
    const told = 'The route was not all to the live version as it is; set again';
    repairs.push({ told, version: live.name, act: () => deps.router.apply(route) });
  }
  return repairs;
}

/** A call of a process that had died may arrive after its rollout has ended, and start what nobody asks for any more. */
function strayRepairs(deps: PerformDeps, service: Service, instances: readonly Instance[]): readonly Repair[] {
  const id = serviceId(service.environment, service.key);
  const healthy = instances.some((each) => each.version === service.live && each.state === 'healthy');
  if (service.live !== undefined && !healthy) return [];
  const running = instances.filter((each) => each.version !== service.live && each.state !== 'stopping');
  return [...new Set(running.map((each) => each.version))].map((version) => ({
    told: 'A version was running that is neither live nor part of a rollout; stopped',
    version,
    act: () => deps.target.stop(id, version),
  }));
}

/** Asked right before acting: a rollout may have begun to move this service since it was read. */
async function isStillOurs(deps: PerformDeps, id: string, live: string | undefined): Promise<boolean> {
  for await (const { document } of allDocuments(deps, 'rollouts')) {
    if (servicesUnderWay(document).has(id)) return false;
  }
  const stored = await deps.store.read(deps.project, 'services', id);
  return stored !== undefined && fromStored('services', stored).live === live;
}
