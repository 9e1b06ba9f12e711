import type { Effect, EffectOutcome } from '@spillway/core';
import { fromStored } from '../documents/document.ts';
import type { Router, Store, Target } from '../ports/index.ts';
import { serviceId } from '../services/service-id.ts';
import type { ObserveDeps } from './observe.ts';
import { OBSERVE_TIMEOUT_MS, PERFORM_TIMEOUT_MS, within } from './patience.ts';
import { routeFor } from './route.ts';

export interface PerformDeps extends ObserveDeps {
  readonly store: Store;
  readonly target: Target;
  readonly router: Router;
}

/** Does what was recorded. Doing it again is harmless; what goes wrong is told and tried again. */
export async function perform(deps: PerformDeps, environment: string, effect: Effect): Promise<EffectOutcome> {
  try {
    await within(deps.clock, PERFORM_TIMEOUT_MS, () => act(deps, environment, effect));
    return { is: 'done' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    deps.log.warn({ err: error, effect: effect.id, kind: effect.kind }, 'An effect failed; it is tried again');
    return { is: 'failed', message };
  }
}

async function act(deps: PerformDeps, environment: string, effect: Effect): Promise<void> {
  const service = serviceId(environment, effect.service);
  switch (effect.kind) {
    case 'run_version':
      return deps.target.run(service, effect.version);
    case 'stop_version':
      return deps.target.stop(service, effect.version);
    case 'shift_traffic':
      return shiftTraffic(deps, service, effect);
  }
}

async function shiftTraffic(
  deps: PerformDeps,
  service: string,
  { shares, seed }: Extract<Effect, { kind: 'shift_traffic' }>,
): Promise<void> {
  const see = <T>(look: () => Promise<T>) =>
    within(deps.clock, OBSERVE_TIMEOUT_MS, look).catch((): 'unknown' => 'unknown');
  const [stored, instances, current] = await Promise.all([
    deps.store.read(deps.project, 'services', service),
    see(() => deps.target.observe(service)),
    see(() => deps.router.observe(service)),
  ]);
  if (stored === undefined) throw new Error(`There is no service ${service} any more`);
  const route = routeFor(fromStored('services', stored), shares, seed, instances, current);
  if (route === undefined) throw new Error(`A version of ${service} has no instance to send its share to`);
  await deps.router.apply(route);
}
