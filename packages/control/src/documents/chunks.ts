import { createPace } from '../pacing/pace.ts';
import type { Clock } from '../ports/index.ts';

/** What is read from the store at once, roughly, in characters of JSON; a chunk has at least one item. */
export const MAX_CHUNK_CHARACTERS = 4 * 1_024 * 1_024;
const MAX_CHUNK = 500;
/** Before anything is known of the size of what is there. */
const FIRST_CHUNK = 16;
/** What a value costs beside its text. */
const VALUE_CHARACTERS = 8;

/**
 * Reads what may be large a piece at a time: as many items as fit the bound, going by the size of those before. Between
 * pieces, others get their turn: stores in this process answer without ever letting go. `read` answers with less than `count` items when there are no more.
 */
export async function* readInChunks<T extends object>(
  read: (last: T | undefined, count: number) => Promise<readonly T[]>,
  clock?: Clock,
): AsyncGenerator<readonly T[]> {
  let last: T | undefined;
  let count = FIRST_CHUNK;
  const pace = clock && createPace(clock);
  for (;;) {
    const chunk = await read(last, count);
    if (chunk.length > 0) yield chunk;
    last = chunk.at(-1);
    if (chunk.length < count) return;
    count = countFor(chunk);
    await pace?.();
  }
}

function countFor(chunk: readonly object[]): number {
  const weight = chunk.reduce((sum, item) => sum + weigh(item), 0);
  return Math.max(1, Math.min(MAX_CHUNK, Math.floor((MAX_CHUNK_CHARACTERS * chunk.length) / weight)));
}

/** How large the value is as JSON, roughly, without writing it. */
export function weigh(value: unknown): number {
  let weight = 0;
  const ahead: unknown[] = [value];
  while (ahead.length > 0) {
    const next = ahead.pop();
    weight += VALUE_CHARACTERS;
    if (typeof next === 'string') weight += next.length;
    else if (typeof next === 'object' && next !== null) {
      for (const [name, inner] of Object.entries(next)) {
        weight += name.length;
        ahead.push(inner);
      }
    }
  }
  return weight;
}
