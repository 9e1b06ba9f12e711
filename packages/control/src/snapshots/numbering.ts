import type { LogEntry } from '@spillway/core';
import { readInChunks } from '../documents/chunks.ts';
import { allDocuments } from '../documents/list.ts';
import type { Store } from '../ports/index.ts';
import { SNAPSHOT_NOUNS, touches } from './fold.ts';

/**
 * The number of every environment's snapshot as of the entry `head`: the newest entry that changed its content, so the
 * same on every replica and after every restart. Reads the log backwards, mostly a page per noun.
 */
export async function findNumbers(
  { store, project }: { readonly store: Store; readonly project: string },
  head: number,
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  for await (const { key, seq } of allDocuments({ store, project }, 'environments')) {
    if (seq <= head) numbers.set(key, seq);
  }
  for (const noun of SNAPSHOT_NOUNS) {
    const open = new Set(numbers.keys());
    const read = (last: LogEntry | undefined, limit: number) =>
      store.entries(project, { noun, before: last?.seq ?? head + 1, newest_first: true, limit });
    for await (const chunk of readInChunks(read)) {
      for (const entry of chunk) {
        for (const environment of open) {
          const known = numbers.get(environment) ?? 0;
          const older = entry.seq <= known;
          if (!older && touches(entry, environment)) numbers.set(environment, entry.seq);
          if (older || numbers.get(environment) === entry.seq) open.delete(environment);
        }
      }
      if (open.size === 0) break;
    }
  }
  return numbers;
}
