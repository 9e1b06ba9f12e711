import type { CodeReference, CodeReferences, LogEntry } from '@spillway/core';
import { afterEntry } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { Clock, Store } from '../ports/index.ts';

/** A place in code that asks for a flag. */
export interface FoundReference extends Omit<CodeReference, 'flag'> {
  readonly repository: string;
  readonly revision?: string;
}

/** Where flags stand in code, kept in memory and current from the log. */
export interface ReferenceDirectory {
  of(flag: string): readonly FoundReference[];
  isReferenced(flag: string): boolean;
  load(): Promise<void>;
  apply(entry: LogEntry): void;
}

export function createReferenceDirectory(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
}): ReferenceDirectory {
  /** By repository, then by flag. */
  const repositories = new Map<string, ReadonlyMap<string, readonly FoundReference[]>>();

  function put(repository: string, found: CodeReferences | undefined): void {
    if (found === undefined) repositories.delete(repository);
    else repositories.set(repository, byFlag(found));
  }

  return {
    of: (flag) =>
      [...repositories.keys()].sort().flatMap((repository) => repositories.get(repository)?.get(flag) ?? []),
    isReferenced(flag) {
      for (const flags of repositories.values()) if (flags.has(flag)) return true;
      return false;
    },
    async load() {
      for await (const { key, document } of allDocuments(deps, 'references')) put(key, document);
    },
    apply(entry) {
      if (entry.noun === 'references') put(entry.key, afterEntry('references', entry));
    },
  };
}

function byFlag({ repository, revision, references }: CodeReferences): ReadonlyMap<string, readonly FoundReference[]> {
  const found = new Map<string, FoundReference[]>();
  for (const { flag, ...place } of references) {
    const here = found.get(flag) ?? [];
    here.push({ repository, ...(revision === undefined ? {} : { revision }), ...place });
    found.set(flag, here);
  }
  return found;
}
