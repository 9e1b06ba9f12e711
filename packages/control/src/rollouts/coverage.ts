import type { KillSwitch, Rollout, StageState } from '@spillway/core';
import { isFinal } from '@spillway/core';
import { serviceId } from '../services/service-id.ts';

/** The ports' names of the services a rollout may touch. */
export function servicesOf(rollout: Rollout): ReadonlySet<string> {
  return new Set(rollout.plan.stages.map((stage) => serviceId(rollout.plan.environment, stage.service)));
}

/** Services whose traffic a stage decides about right now; all others simply follow their document. */
export function servicesUnderWay(rollout: Rollout): ReadonlySet<string> {
  const { plan, stages } = rollout;
  if (isFinal(rollout)) return new Set();
  const underWay = plan.stages.filter(({ key }) => stages.some((state) => state.key === key && isUnderWay(state)));
  return new Set(underWay.map(({ service }) => serviceId(plan.environment, service)));
}

function isUnderWay({ phase }: StageState): boolean {
  return ['preparing', 'baking', 'completing', 'returning'].includes(phase.is);
}

/** Whether an active switch covers a service of the rollout. Switches on features or people do not stop a deployment. */
export function covers({ state, scope, affects, environments }: KillSwitch, rollout: Rollout): boolean {
  if (state.is !== 'triggered') return false;
  if (environments.length > 0 && !environments.includes(rollout.plan.environment)) return false;
  if (scope === 'global') return true;
  return scope === 'service' && rollout.plan.stages.some((stage) => affects.includes(stage.service));
}
