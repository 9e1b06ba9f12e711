import type { LogEntry } from '@spillway/core';
import { readInChunks } from '../documents/chunks.ts';
import { allDocuments } from '../documents/list.ts';
import type { Store } from '../ports/index.ts';
import { SNAPSHOT_NOUNS, touches } from './fold.ts';

interface Log {
  readonly store: Store;
  readonly project: string;
}

/**
 * The number of every environment's snapshot as of the entry `head`: the newest entry that changed its content, so the
 * same on every replica and after every restart.
 */
export async function findNumbers(log: Log, head: number): Promise<ReadonlyMap<string, number>> {
  const made = new Map<string, number>();
  for await (const { key, seq, document } of allDocuments(log, 'environments')) {
    const first = document.version === 1 ? seq : await madeAt(log, head, key);
    if (first !== undefined && first <= head) made.set(key, first);
  }
  return newestTouching(log, head, made);
}

/** The number that one environment's snapshot had as of the entry `head`; undefined when the environment came later. */
export async function numberAt(log: Log, head: number, environment: string): Promise<number | undefined> {
  const made = await madeAt(log, head, environment);
  if (made === undefined) return undefined;
  return (await newestTouching(log, head, new Map([[environment, made]]))).get(environment);
}

/** The entry that made the environment. Later ones change its settings, which no snapshot holds. */
async function madeAt({ store, project }: Log, head: number, environment: string): Promise<number | undefined> {
  const [made] = await store.entries(project, { noun: 'environments', key: environment, before: head + 1, limit: 1 });
  return made?.seq;
}

/** Raises each number to the newest entry that touched its environment. Reads the log backwards, mostly a page per noun. */
async function newestTouching(
  { store, project }: Log,
  head: number,
  made: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map(made);
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
