import { accept, dependantsOf, type Flag, type Outcome } from '@spillway/core';
import type { Versioned } from '../call.ts';
import { fromStored } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { unknownEnvironment } from '../environments/unknown.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Store } from '../ports/index.ts';
import type { ReferenceDirectory } from '../references/directory.ts';
import type { FlagDirectory } from './directory.ts';
import { listFlags } from './list.ts';
import { unknownFlag } from './refusals.ts';
import type { StaleFlags } from './stale.ts';
import type { FlagUseCases } from './use-cases.ts';

export interface FlagReadingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly environments: EnvironmentDirectory;
  readonly flags: FlagDirectory;
  readonly follower: LogFollower;
  readonly references: ReferenceDirectory;
  readonly stale: StaleFlags;
}

type FlagReading = Pick<FlagUseCases, 'list' | 'get' | 'staleness' | 'references' | 'dependents'>;

/** Flags, and what is known about them elsewhere. */
export function createFlagReading(deps: FlagReadingDeps): FlagReading {
  const { store, project, environments, flags, follower, references, stale } = deps;

  /** The flag as this process knows it, which is told of what others wrote before it answers. */
  async function known(key: string): Promise<Outcome<Versioned<Flag>>> {
    await follower.catchUp();
    const flag = flags.flags.get(key);
    return flag === undefined ? unknownFlag(key) : accept(flag);
  }

  async function switchesOf(key: string): Promise<readonly string[]> {
    const switches: string[] = [];
    for await (const { document } of allDocuments(deps, 'switches')) {
      if (document.scope === 'feature' && document.affects.includes(key)) switches.push(document.key);
    }
    return switches;
  }

  return {
    async list(_, page) {
      // What another replica has just written is listed too.
      await follower.catchUp();
      const { environment } = page;
      // Nothing found would read as if it were off there.
      if (environment !== undefined && !environments.keys.has(environment)) {
        return unknownEnvironment(environment, environments.keys, '/environment');
      }
      return listFlags(page, flags, stale);
    },
    async get(_, key) {
      const stored = await store.read(project, 'flags', key);
      return stored === undefined ? unknownFlag(key) : accept(fromStored('flags', stored));
    },
    async staleness(_, key) {
      const found = await known(key);
      if (!found.ok) return found;
      return accept({ stale: (await stale.of([found.value])).get(key) ?? null });
    },
    async references(_, key) {
      await follower.catchUp();
      return accept({ references: references.of(key) });
    },
    async dependents(_, key) {
      const found = await known(key);
      if (!found.ok) return found;
      const flagsOf = dependantsOf(key, flags.flags.values());
      return accept({ flags: flagsOf, segments: [], switches: await switchesOf(key), references: references.of(key) });
    },
  };
}
