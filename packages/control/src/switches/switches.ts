import {
  accept,
  checkSameCoverage,
  checkSwitchMayGo,
  fireSwitch,
  type KillSwitch,
  type KillSwitchInput,
  normaliseSwitch,
  type Outcome,
  refuse,
  releaseSwitch,
} from '@spillway/core';
import { actorOf } from '../access/actor.ts';
import { requireAdmin } from '../access/permission.ts';
import type { Call, Versioned } from '../call.ts';
import type { Control } from '../control.ts';
import { answered, removed } from '../documents/answered.ts';
import type { Changes, Decision } from '../documents/changes.ts';
import { fromStored } from '../documents/document.ts';
import { listDocuments } from '../documents/list.ts';
import type { Structure } from '../documents/structure.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, Fence, Store } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';

export interface SwitchDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
  readonly structure: Structure;
}

export function createSwitchUseCases(deps: SwitchDeps): Control['switches'] {
  const { store, clock, project, changes, environments, segments } = deps;

  async function define(input: KillSwitchInput): Promise<Outcome<KillSwitch>> {
    await environments.lookAgainFor(input.environments ?? []);
    const asked = input.scope === 'feature' ? [...new Set(input.affects)] : [];
    const known = await Promise.all(asked.map(async (key) => (await store.read(project, 'flags', key))?.key));
    const flags = new Set(known.filter((key) => key !== undefined));
    if (input.scope === 'user_segment') await segments.lookAgainFor(input.affects ?? []);
    return normaliseSwitch(input, { environments: environments.keys, flags, segments: segments.keys });
  }

  /** A segment that a switch names must stay there. Others name nothing that could go, and wait for nobody. */
  function makes<T>(scope: KillSwitchInput['scope'] | undefined, change: (fence?: Fence) => Promise<Outcome<T>>) {
    return scope === 'user_segment' ? deps.structure(change) : change();
  }

  function actionBy(call: Call) {
    return { at_ms: clock.now(), actor: actorOf(call.principal), reason: (call.reason ?? '').trim() };
  }

  function fire(call: Call, killSwitch: Versioned<KillSwitch>): Outcome<Decision<KillSwitch>> {
    if (killSwitch.state.is === 'triggered') return accept({ is: 'unchanged', document: killSwitch });
    return accept({ is: 'write', action: 'switch.activated', after: fireSwitch(bare(killSwitch), actionBy(call)) });
  }

  return {
    async list(call, page) {
      const admin = requireAdmin(call);
      return admin.ok ? listDocuments(deps, 'switches', page) : admin;
    },
    async get(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const stored = await store.read(project, 'switches', key);
      return stored === undefined ? unknownSwitch(key) : accept(fromStored('switches', stored));
    },
    async create(call, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const request = { noun: 'switches', key: input.key, name: 'kill switch', request: { create: input } } as const;
      const create = (fence?: Fence) =>
        changes.change(call, { ...request, ...(fence && { fence }) }, async (existing) => {
          if (existing !== undefined) {
            return refuse('exists', `There is a kill switch ${input.key} already. Choose another key.`, {
              fields: [{ field: '/key', message: 'is taken' }],
            });
          }
          const killSwitch = await define(input);
          return killSwitch.ok
            ? accept({ is: 'write', action: 'switch.created', after: killSwitch.value })
            : killSwitch;
        });
      return answered(await makes(input.scope, create));
    },
    async remove(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const request = { noun: 'switches', key, name: 'kill switch', request: { remove: true } } as const;
      return removed(
        await changes.change(call, request, (killSwitch) => {
          if (killSwitch === undefined) return unknownSwitch(key);
          const mayGo = checkSwitchMayGo(killSwitch);
          return mayGo.ok ? accept({ is: 'remove', action: 'switch.deleted' }) : mayGo;
        }),
      );
    },
    async activate(call, key, cover = {}) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const reason = requireReason(call, 'say why, so that others understand the incident');
      if (!reason.ok) return reason;
      const request = { noun: 'switches', key, name: 'kill switch', request: { activate: true, cover } } as const;
      const activate = (fence?: Fence) =>
        changes.change(call, { ...request, ...(fence && { fence }) }, async (existing) => {
          if (existing !== undefined) {
            const same = checkSameCoverage(existing, cover);
            return same.ok ? fire(call, existing) : same;
          }
          const { scope, ...rest } = cover;
          if (scope === undefined) return unknownSwitch(key, ' To make and fire it in one step, send a scope too.');
          const killSwitch = await define({ key, scope, ...rest });
          if (!killSwitch.ok) return killSwitch;
          return accept({
            is: 'write',
            action: 'switch.activated',
            after: fireSwitch(killSwitch.value, actionBy(call)),
          });
        });
      // One that is there already is fired at once, whatever else is being changed.
      const isThere = (await store.read(project, 'switches', key)) !== undefined;
      return answered(await makes(isThere ? undefined : cover.scope, activate));
    },
    async release(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const reason = requireReason(call, 'say why it is safe again');
      if (!reason.ok) return reason;
      const request = { noun: 'switches', key, name: 'kill switch', request: { release: true } } as const;
      return answered(
        await changes.change(call, request, (killSwitch) => {
          if (killSwitch === undefined) return unknownSwitch(key);
          if (killSwitch.state.is === 'inactive') return accept({ is: 'unchanged', document: killSwitch });
          const after = releaseSwitch(bare(killSwitch), actionBy(call));
          return accept({ is: 'write', action: 'switch.released', after });
        }),
      );
    },
  };
}

function bare({ version: _version, ...killSwitch }: Versioned<KillSwitch>): KillSwitch {
  return killSwitch;
}

function requireReason({ reason }: Call, why: string): Outcome<void> {
  if ((reason ?? '').trim() !== '') return accept(undefined);
  return refuse('invalid', `A reason is wanted: ${why}.`, { fields: [{ field: '/reason', message: why }] });
}

function unknownSwitch(key: string, more = '') {
  return refuse('not_found', `There is no kill switch ${JSON.stringify(key)}. Check the key.${more}`);
}
