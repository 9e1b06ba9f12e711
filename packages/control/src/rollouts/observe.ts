import type { EffectOutcome, InstanceCounts, MetricReading, Observation, Rollout, Service } from '@spillway/core';
import type { Versioned } from '../call.ts';
import { fromStored } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { Clock, Instance, Log, MetricSource, Route, Router, Store, Target } from '../ports/index.ts';
import { serviceId } from '../services/service-id.ts';
import { covers } from './coverage.ts';
import { OBSERVE_TIMEOUT_MS, within } from './patience.ts';
import { sharesOf } from './route.ts';

export interface ObserveDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly target: Target;
  readonly router: Router;
  readonly metrics: MetricSource;
}

/** One service as it is; what could not be seen in time is `unknown`, which is an answer. */
export interface SeenService {
  readonly document: Versioned<Service>;
  readonly instances: readonly Instance[] | 'unknown';
  readonly route: Route | undefined | 'unknown';
  readonly metrics: MetricReading | 'unknown';
}

export interface Seen {
  readonly services: ReadonlyMap<string, SeenService>;
  readonly observation: Observation;
}

/** Looks at everything a rollout's decision rests on, all at once. Only the store may make this fail. */
export async function observe(
  deps: ObserveDeps,
  rollout: Rollout,
  effects: Readonly<Record<string, EffectOutcome>>,
): Promise<Seen> {
  const keys = [...new Set(rollout.plan.stages.map((stage) => stage.service))];
  const [active, found] = await Promise.all([
    activeSwitches(deps, rollout),
    Promise.all(keys.map((key) => seeService(deps, rollout.plan.environment, key))),
  ]);
  const services = new Map<string, SeenService>();
  keys.forEach((key, index) => {
    const seen = found[index];
    if (seen !== undefined) services.set(key, seen);
  });
  const observed = [...services].map(([key, seen]) => [key, toObservation(seen)] as const);
  return { services, observation: { services: Object.fromEntries(observed), effects, active_switches: active } };
}

async function activeSwitches(deps: ObserveDeps, rollout: Rollout): Promise<readonly string[]> {
  const active: string[] = [];
  for await (const { document } of allDocuments(deps, 'switches')) {
    if (covers(document, rollout)) active.push(document.key);
  }
  return active;
}

async function seeService(deps: ObserveDeps, environment: string, key: string): Promise<SeenService | undefined> {
  const id = serviceId(environment, key);
  const [stored, instances, route, metrics] = await Promise.all([
    deps.store.read(deps.project, 'services', id),
    orUnknown(deps, id, 'instances', () => deps.target.observe(id)),
    orUnknown(deps, id, 'route', () => deps.router.observe(id)),
    orUnknown(deps, id, 'metrics', () => deps.metrics.read(id)),
  ]);
  return stored === undefined ? undefined : { document: fromStored('services', stored), instances, route, metrics };
}

async function orUnknown<T>(deps: ObserveDeps, service: string, what: string, see: () => Promise<T>) {
  try {
    return await within(deps.clock, OBSERVE_TIMEOUT_MS, see);
  } catch (error) {
    deps.log.warn({ err: error, service, what }, 'A part of a service could not be observed');
    return 'unknown' as const;
  }
}

function toObservation({ document, instances, route, metrics }: SeenService): Observation['services'][string] {
  return {
    ...(document.live === undefined ? {} : { live: document.live }),
    versions: document.versions,
    instances: instances === 'unknown' ? 'unknown' : countInstances(instances),
    shares: route === 'unknown' ? 'unknown' : sharesOf(route),
    metrics,
  };
}

/** Per version; the problem is the first's. Usage: the mean of the cores', the highest of the memories', over instances that measure it. */
export function countInstances(instances: readonly Instance[]): Record<string, InstanceCounts> {
  const counts: Record<string, InstanceCounts> = {};
  for (const version of new Set(instances.map((each) => each.version))) {
    const wanted = instances.filter((each) => each.version === version && each.state !== 'stopping');
    const cpu = wanted.flatMap(({ cpu_usage }) => (cpu_usage === undefined ? [] : [cpu_usage]));
    const memory = wanted.flatMap(({ memory_usage }) => (memory_usage === undefined ? [] : [memory_usage]));
    const problem = wanted.find((each) => each.state !== 'healthy' && each.problem !== undefined)?.problem;
    counts[version] = {
      desired: wanted.length,
      healthy: wanted.filter(({ state }) => state === 'healthy').length,
      failing: wanted.filter(({ state }) => state === 'unhealthy' || state === 'backing_off').length,
      ...(problem === undefined ? {} : { problem }),
      ...(cpu.length === 0 ? {} : { cpu_usage: cpu.reduce((sum, each) => sum + each, 0) / cpu.length }),
      ...(memory.length === 0 ? {} : { memory_usage: Math.max(...memory) }),
    };
  }
  return counts;
}
