import type { Environment, LogEntry } from '@spillway/core';
import { afterEntry } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Store } from '../ports/index.ts';

/** The environments there are, kept in memory and current from the log. */
export interface EnvironmentDirectory {
  get(key: string): Environment | undefined;
  readonly keys: ReadonlySet<string>;
  all(): readonly Environment[];
  /** Looks into the log once more before saying that one of these does not exist: another replica may have just made it. */
  lookAgainFor(keys: Iterable<string>): Promise<void>;
  load(): Promise<void>;
  apply(entry: LogEntry): void;
}

export function createEnvironmentDirectory(deps: {
  readonly store: Store;
  readonly project: string;
  readonly follower: LogFollower;
}): EnvironmentDirectory {
  const environments = new Map<string, Environment>();
  const keys = new Set<string>();

  function put(environment: Environment): void {
    environments.set(environment.key, environment);
    keys.add(environment.key);
  }

  return {
    keys,
    get: (key) => environments.get(key),
    all: () => [...environments.values()],
    async lookAgainFor(wanted) {
      for (const key of wanted) {
        if (!keys.has(key)) return deps.follower.catchUp();
      }
    },
    async load() {
      for await (const { document } of allDocuments(deps, 'environments')) put(document);
    },
    apply(entry) {
      if (entry.noun !== 'environments') return;
      const environment = afterEntry('environments', entry);
      if (environment !== undefined) put(environment);
    },
  };
}
