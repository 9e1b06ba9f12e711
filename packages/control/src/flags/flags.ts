import {
  accept,
  archiveFlag,
  canonicalise,
  changeFlagEnvironment,
  checkFlagMayGo,
  checkNothingDepends,
  checkReason,
  checkVariantsKept,
  createFlag,
  defaultState,
  dependantsOf,
  type Flag,
  normaliseFlag,
  type Outcome,
  restoredFlag,
  stateIn,
} from '@spillway/core';
import { requireAdmin } from '../access/permission.ts';
import type { Call, Versioned } from '../call.ts';
import type { Collector } from '../contexts/collector.ts';
import { answered, removed } from '../documents/answered.ts';
import type { Changes, Decision } from '../documents/changes.ts';
import { fromStored, toJson } from '../documents/document.ts';
import { createDocumentHistory } from '../documents/history.ts';
import { allDocuments } from '../documents/list.ts';
import type { Structure } from '../documents/structure.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Fence, Random, Store } from '../ports/index.ts';
import type { ReferenceDirectory } from '../references/directory.ts';
import type { SegmentDirectory } from '../segments/directory.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { FlagDirectory } from './directory.ts';
import { listFlags } from './list.ts';
import { createFlagPreview } from './preview.ts';
import { flagExists, flagIsArchived, refuseOtherKey, unknownEnvironment, unknownFlag } from './refusals.ts';
import type { StaleFlags } from './stale.ts';
import { flagSurroundings, restsOnOthers } from './surroundings.ts';
import { environmentsTouched } from './touched.ts';
import type { FlagUseCases } from './use-cases.ts';

export interface FlagDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
  readonly segments: SegmentDirectory;
  readonly flags: FlagDirectory;
  readonly follower: LogFollower;
  readonly references: ReferenceDirectory;
  readonly stale: StaleFlags;
  readonly snapshots: Snapshots;
  readonly collector: Pick<Collector, 'flush'>;
  readonly structure: Structure;
}

export function createFlagUseCases(deps: FlagDeps): FlagUseCases {
  const { store, project, changes, environments, flags, follower, references, stale } = deps;
  const { around, lookAgainFor } = flagSurroundings(deps);
  const { structure } = deps;

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

  const history = createDocumentHistory(deps);
  const subject = (key: string) => ({ noun: 'flags', key, name: 'flag' }) as const;
  /** The flag as this process knows it, which is told of what others wrote before it answers. */
  async function known(call: Call, key: string): Promise<Outcome<Versioned<Flag>>> {
    const admin = requireAdmin(call);
    if (!admin.ok) return admin;
    await follower.catchUp();
    const flag = flags.flags.get(key);
    return flag === undefined ? unknownFlag(key) : accept(flag);
  }

  const dependants = (key: string) => dependantsOf(key, flags.flags.values());

  return {
    preview: createFlagPreview(deps),
    async list(call, page) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      // What another replica has just written is listed too.
      await follower.catchUp();
      const { environment } = page;
      // Nothing found would read as if it were off there.
      if (environment !== undefined && !environments.keys.has(environment))
        return unknownEnvironment(environment, environments.keys);
      return listFlags(page, flags, stale);
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
      await lookAgainFor(input);
      const request = { noun: 'flags', key: input.key, name: 'flag', request: { create: input } } as const;
      const create = (fence?: Fence) =>
        changes.change(call, fenced(request, fence), (existing) => {
          if (existing !== undefined) return flagExists(existing);
          return write(call, 'flag.created', undefined, createFlag(input, around));
        });
      return answered(await (restsOnOthers(input) ? structure(create) : create()));
    },
    async replace(call, key, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      if (input.key !== key) return refuseOtherKey(key);
      await lookAgainFor(input);
      const request = { noun: 'flags', key, name: 'flag', request: { replace: input } } as const;
      return answered(
        await structure((fence) =>
          changes.change(call, fenced(request, fence), (flag) => {
            if (flag === undefined) return unknownFlag(key);
            const action = flag.lifecycle === 'archived' ? 'flag.restored' : 'flag.updated';
            const after = normaliseFlag(input, flag, around);
            if (!after.ok) return after;
            const kept = checkVariantsKept(after.value, dependants(key));
            return kept.ok ? write(call, action, flag, after) : kept;
          }),
        ),
      );
    },
    async updateEnvironment(call, key, environment, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await lookAgainFor({ environments: { [environment]: input } });
      if (!environments.keys.has(environment)) return unknownEnvironment(environment, environments.keys);
      const request = { noun: 'flags', key, name: 'flag', request: { environment, update: input } } as const;
      const update = (fence?: Fence) =>
        changes.change(call, fenced(request, fence), (flag) => {
          if (flag === undefined) return unknownFlag(key);
          if (flag.lifecycle === 'archived') return flagIsArchived(key);
          const after = changeFlagEnvironment(bare(flag), environment, input, around);
          // Said of an environment that nobody has spoken of, and what is so there anyway: nothing to write down.
          if (after.ok && isUsualState(flag, after.value, environment)) {
            return accept({ is: 'unchanged', document: flag });
          }
          return write(call, 'flag.updated', flag, after);
        });
      return answered(await (restsOnOthers({ environments: { [environment]: input } }) ? structure(update) : update()));
    },
    async archive(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const request = { noun: 'flags', key, name: 'flag', request: { archive: true } } as const;
      return answered(
        await structure((fence) =>
          changes.change(call, fenced(request, fence), (flag) => {
            if (flag === undefined) return unknownFlag(key);
            if (flag.lifecycle === 'archived') return accept({ is: 'unchanged', document: flag });
            const free = checkNothingDepends(key, dependants(key));
            return free.ok ? write(call, 'flag.archived', flag, archiveFlag(bare(flag))) : free;
          }),
        ),
      );
    },
    async remove(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const request = { noun: 'flags', key, name: 'flag', request: { remove: true } } as const;
      return removed(
        await structure((fence) =>
          changes.change(call, fenced(request, fence), (flag) => {
            if (flag === undefined) return unknownFlag(key);
            const mayGo = checkFlagMayGo(flag);
            if (!mayGo.ok) return mayGo;
            const free = checkNothingDepends(key, dependants(key));
            return free.ok ? accept({ is: 'remove', action: 'flag.deleted' }) : free;
          }),
        ),
      );
    },
    history: (call, key, page) => history.changes(call, subject(key), page),
    version: (call, key, version) => history.version(call, subject(key), version),
    compare: (call, key, range) => history.compare(call, subject(key), range),
    async staleness(call, key) {
      const found = await known(call, key);
      if (!found.ok) return found;
      return accept({ stale: (await stale.of([found.value])).get(key) ?? null });
    },
    async references(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await follower.catchUp();
      return accept({ references: references.of(key) });
    },
    async dependents(call, key) {
      const found = await known(call, key);
      if (!found.ok) return found;
      const switches: string[] = [];
      for await (const { document } of allDocuments(deps, 'switches')) {
        if (document.scope === 'feature' && document.affects.includes(key)) switches.push(document.key);
      }
      return accept({ flags: dependants(key), segments: [], switches, references: references.of(key) });
    },
    async restore(call, key, version) {
      const past = await history.version(call, subject(key), version);
      if (!past.ok) return past;
      const was = bare(past.value);
      await lookAgainFor(was);
      const request = { ...subject(key), request: { restore: version } };
      return answered(
        await structure((fence) =>
          changes.change(call, fenced(request, fence), (flag) => {
            if (flag !== undefined && isSame(bare(flag), was)) return accept({ is: 'unchanged', document: flag });
            const after = restoredFlag(was, version, dependants(key), around);
            return write(call, 'flag.restored', flag, after);
          }),
        ),
      );
    },
  };
}

function fenced<R extends object>(request: R, fence: Fence | undefined): R & { readonly fence?: Fence } {
  return fence === undefined ? request : { ...request, fence };
}

function isUsualState(before: Flag, after: Flag, environment: string): boolean {
  if (Object.hasOwn(before.environments, environment)) return false;
  return canonicalise(toJson(stateIn(after, environment))) === canonicalise(toJson(defaultState(before)));
}

function isSame(one: Flag, other: Flag): boolean {
  return canonicalise(toJson(one)) === canonicalise(toJson(other));
}

/** The flag as it is stored: its version is kept beside it, not in it. */
function bare({ version: _version, ...flag }: Versioned<Flag>): Flag {
  return flag;
}
