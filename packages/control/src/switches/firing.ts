import {
  accept,
  checkSameCoverage,
  fireSwitch,
  type KillSwitch,
  type Outcome,
  refuse,
  releaseSwitch,
} from '@spillway/core';
import { actorOf } from '../access/actor.ts';
import type { Call, Versioned } from '../call.ts';
import type { Control } from '../control.ts';
import { answered } from '../documents/answered.ts';
import type { Decision } from '../documents/changes.ts';
import { unversioned } from '../documents/document.ts';
import type { Clock } from '../ports/index.ts';
import { defineSwitch, heldAsNeeded, type SwitchDefiningDeps } from './defining.ts';
import { unknownSwitch } from './unknown.ts';

export interface SwitchFiringDeps extends SwitchDefiningDeps {
  readonly clock: Clock;
}

export function createSwitchFiring(deps: SwitchFiringDeps): Pick<Control['switches'], 'activate' | 'release'> {
  const { store, clock, project, changes } = deps;

  function actionBy(call: Call) {
    return { at_ms: clock.now(), actor: actorOf(call.principal), reason: (call.reason ?? '').trim() };
  }

  function fire(call: Call, killSwitch: KillSwitch): Decision<KillSwitch> {
    return { is: 'write', action: 'switch.activated', after: fireSwitch(killSwitch, actionBy(call)) };
  }

  return {
    async activate(call, key, cover = {}) {
      const reason = requireReason(call, 'say why, so that others understand the incident');
      if (!reason.ok) return reason;
      const request = { noun: 'switches', key, name: 'kill switch', request: { activate: true, cover } } as const;
      // One that is there already is fired at once, whatever else is being changed.
      const isThere = (await store.read(project, 'switches', key)) !== undefined;
      return heldAsNeeded(deps, isThere ? undefined : cover.scope, (held) =>
        changes.change(call, { ...request, ...held }, async (existing) => {
          if (existing !== undefined) {
            const same = checkSameCoverage(existing, cover);
            return same.ok ? accept(isFired(existing) ? asItIs(existing) : fire(call, unversioned(existing))) : same;
          }
          const { scope, ...rest } = cover;
          if (scope === undefined) return unknownSwitch(key, ' To make and fire it in one step, send a scope too.');
          const killSwitch = await defineSwitch(deps, { key, scope, ...rest });
          return killSwitch.ok ? accept(fire(call, killSwitch.value)) : killSwitch;
        }),
      );
    },
    async release(call, key) {
      const reason = requireReason(call, 'say why it is safe again');
      if (!reason.ok) return reason;
      const request = { noun: 'switches', key, name: 'kill switch', request: { release: true } } as const;
      return answered(
        await changes.change(call, request, (killSwitch) => {
          if (killSwitch === undefined) return unknownSwitch(key);
          if (!isFired(killSwitch)) return accept(asItIs(killSwitch));
          const after = releaseSwitch(unversioned(killSwitch), actionBy(call));
          return accept({ is: 'write', action: 'switch.released', after });
        }),
      );
    },
  };
}

function isFired({ state }: KillSwitch): boolean {
  return state.is === 'triggered';
}

function asItIs(killSwitch: Versioned<KillSwitch>): Decision<KillSwitch> {
  return { is: 'unchanged', document: killSwitch };
}

function requireReason({ reason }: Call, why: string): Outcome<void> {
  if ((reason ?? '').trim() !== '') return accept(undefined);
  return refuse('invalid', `A reason is wanted: ${why}.`, { fields: [{ field: '/reason', message: why }] });
}
