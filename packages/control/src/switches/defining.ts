import {
  accept,
  checkSwitchMayGo,
  type KillSwitch,
  type KillSwitchInput,
  normaliseSwitch,
  type Outcome,
  refuse,
} from '@spillway/core';
import type { Written } from '../call.ts';
import type { Control } from '../control.ts';
import { answered, removed } from '../documents/answered.ts';
import type { Changes } from '../documents/changes.ts';
import type { Structure } from '../documents/structure.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Fence, Store } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import { unknownSwitch } from './unknown.ts';

export interface SwitchDefiningDeps {
  readonly store: Store;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
  readonly structure: Structure;
}

export function createSwitchDefining(deps: SwitchDefiningDeps): Pick<Control['switches'], 'create' | 'remove'> {
  const { changes } = deps;
  return {
    async create(call, input) {
      const request = { noun: 'switches', key: input.key, name: 'kill switch', request: { create: input } } as const;
      return heldAsNeeded(deps, input.scope, (held) =>
        changes.change(call, { ...request, ...held }, async (existing) => {
          if (existing !== undefined) return switchExists(existing);
          const killSwitch = await defineSwitch(deps, input);
          if (!killSwitch.ok) return killSwitch;
          return accept({ is: 'write', action: 'switch.created', after: killSwitch.value });
        }),
      );
    },
    async remove(call, key) {
      const request = { noun: 'switches', key, name: 'kill switch', request: { remove: true } } as const;
      return removed(
        await changes.change(call, request, (killSwitch) => {
          if (killSwitch === undefined) return unknownSwitch(key);
          const mayGo = checkSwitchMayGo(killSwitch);
          return mayGo.ok ? accept({ is: 'remove', action: 'switch.deleted' }) : mayGo;
        }),
      );
    },
  };
}

/** The switch that an input asks for, with everything that it names looked for. */
export async function defineSwitch(
  { store, project, environments, segments }: Omit<SwitchDefiningDeps, 'changes' | 'structure'>,
  input: KillSwitchInput,
): Promise<Outcome<KillSwitch>> {
  await environments.lookAgainFor(input.environments ?? []);
  const asked = input.scope === 'feature' ? [...new Set(input.affects)] : [];
  const known = await Promise.all(asked.map(async (key) => (await store.read(project, 'flags', key))?.key));
  const flags = new Set(known.filter((key) => key !== undefined));
  if (input.scope === 'user_segment') await segments.lookAgainFor(input.affects ?? []);
  return normaliseSwitch(input, { environments: environments.keys, flags, segments: segments.keys });
}

/** A segment that a switch names must stay there. Others name nothing that could go, and wait for nobody. */
export async function heldAsNeeded(
  { structure }: Pick<SwitchDefiningDeps, 'structure'>,
  scope: KillSwitchInput['scope'] | undefined,
  change: (held: { readonly fence?: Fence }) => Promise<Outcome<Written<KillSwitch> | undefined>>,
): Promise<Outcome<Written<KillSwitch>>> {
  return answered(await (scope === 'user_segment' ? structure((fence) => change({ fence })) : change({})));
}

function switchExists({ key }: KillSwitch) {
  return refuse('exists', `There is a kill switch ${key} already. Choose another key.`, {
    fields: [{ field: '/key', message: 'is taken' }],
  });
}
