import {
  accept,
  archiveFlag,
  changeFlagEnvironment,
  checkFlagMayGo,
  checkReason,
  collectSegmentsNamed,
  enumerate,
  type Flag,
  type FlagEnvironmentInput,
  type Normalising,
  normaliseFlag,
  type Outcome,
  refuse,
} from '@spillway/core';
import { requireAdmin } from '../access/permission.ts';
import type { Call, Control, Versioned } from '../control.ts';
import { answered, removed } from '../documents/answered.ts';
import type { Changes, Decision } from '../documents/changes.ts';
import { fromStored } from '../documents/document.ts';
import { listDocuments } from '../documents/list.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, Random, Store } from '../ports/index.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import { environmentsTouched } from './touched.ts';

export interface FlagDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
}

export function createFlagUseCases(deps: FlagDeps): Control['flags'] {
  const { store, random, project, changes, environments, segments } = deps;
  const around: Normalising = {
    environments: environments.keys,
    segments: segments.keys,
    newRuleId: () => random.id(),
  };

  function write(
    call: Call,
    action: string,
    before: Versioned<Flag> | undefined,
    after: Outcome<Flag>,
  ): Outcome<Decision<Flag>> {
    if (!after.ok) return after;
    const felt = checkReason(environmentsTouched(before, after.value, environments.all()), call.reason);
    return felt.ok ? accept({ is: 'write', action, after: after.value }) : felt;
  }

  return {
    async list(call, page) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const search = page.search?.trim().toLowerCase() ?? '';
      return listDocuments(deps, 'flags', page, (flag) => {
        return (page.lifecycle === undefined || flag.lifecycle === page.lifecycle) && mentions(flag, search);
      });
    },
    async get(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const stored = await store.read(project, 'flags', key);
      return stored === undefined ? unknownFlag(key) : accept(fromStored('flags', stored));
    },
    async create(call, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await environments.lookAgainFor(Object.keys(input.environments ?? {}));
      await segments.lookAgainFor(segmentsNamedIn(Object.values(input.environments ?? {})));
      const request = { noun: 'flags', key: input.key, name: 'flag', request: { create: input } } as const;
      return answered(
        await changes.change(call, request, (existing) => {
          if (existing !== undefined) return flagExists(existing);
          return write(call, 'flag.created', undefined, normaliseFlag(input, undefined, around));
        }),
      );
    },
    async replace(call, key, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      if (input.key !== key) return refuseOtherKey(key);
      await environments.lookAgainFor(Object.keys(input.environments ?? {}));
      await segments.lookAgainFor(segmentsNamedIn(Object.values(input.environments ?? {})));
      const request = { noun: 'flags', key, name: 'flag', request: { replace: input } } as const;
      return answered(
        await changes.change(call, request, (flag) => {
          if (flag === undefined) return unknownFlag(key);
          const action = flag.lifecycle === 'archived' ? 'flag.restored' : 'flag.updated';
          return write(call, action, flag, normaliseFlag(input, flag, around));
        }),
      );
    },
    async updateEnvironment(call, key, environment, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await environments.lookAgainFor([environment]);
      await segments.lookAgainFor(segmentsNamedIn([input]));
      if (!environments.keys.has(environment)) return unknownEnvironment(environment, environments);
      const request = { noun: 'flags', key, name: 'flag', request: { environment, update: input } } as const;
      return answered(
        await changes.change(call, request, (flag) => {
          if (flag === undefined) return unknownFlag(key);
          if (flag.lifecycle === 'archived') return flagIsArchived(key);
          return write(call, 'flag.updated', flag, changeFlagEnvironment(bare(flag), environment, input, around));
        }),
      );
    },
    async archive(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const request = { noun: 'flags', key, name: 'flag', request: { archive: true } } as const;
      return answered(
        await changes.change(call, request, (flag) => {
          if (flag === undefined) return unknownFlag(key);
          if (flag.lifecycle === 'archived') return accept({ is: 'unchanged', document: flag });
          return write(call, 'flag.archived', flag, archiveFlag(bare(flag)));
        }),
      );
    },
    async remove(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const request = { noun: 'flags', key, name: 'flag', request: { remove: true } } as const;
      return removed(
        await changes.change(call, request, (flag) => {
          if (flag === undefined) return unknownFlag(key);
          const mayGo = checkFlagMayGo(flag);
          return mayGo.ok ? accept({ is: 'remove', action: 'flag.deleted' }) : mayGo;
        }),
      );
    },
  };
}

function segmentsNamedIn(states: readonly FlagEnvironmentInput[]): readonly string[] {
  const named: string[] = [];
  for (const { rules = [] } of states) for (const { when } of rules) collectSegmentsNamed(when, named);
  return named;
}

function mentions(flag: Flag, search: string): boolean {
  if (search === '') return true;
  return [flag.key, flag.description, ...flag.tags].some((text) => text.toLowerCase().includes(search));
}

/** The flag as it is stored: its version is kept beside it, not in it. */
function bare({ version: _version, ...flag }: Versioned<Flag>): Flag {
  return flag;
}

function unknownFlag(key: string) {
  return refuse('not_found', `There is no flag ${JSON.stringify(key)}. Check the key, or create it first.`);
}

function flagExists(flag: Flag) {
  const archived = flag.lifecycle === 'archived' ? ' (archived)' : '';
  return refuse('exists', `There is a flag ${flag.key} already${archived}. Replace it, or choose another key.`, {
    fields: [{ field: '/key', message: 'belongs to another flag' }],
  });
}

function flagIsArchived(key: string) {
  return refuse('conflict', `The flag ${key} is archived. Bring it back by replacing it, then change it.`);
}

function refuseOtherKey(key: string) {
  return refuse('invalid', `A flag cannot be renamed: applications ask for it as ${key}. Leave the key as it is.`, {
    fields: [{ field: '/key', message: `must be ${key}, as in the address` }],
  });
}

function unknownEnvironment(environment: string, { keys }: EnvironmentDirectory) {
  return refuse('not_found', `There is no environment ${JSON.stringify(environment)}. Known: ${enumerate(keys)}.`, {
    fields: [{ field: '/environment', message: 'is not an environment' }],
  });
}
