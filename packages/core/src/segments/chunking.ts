import { FINGERPRINT_BITS } from '@spillway/evaluator';

/** What a chunk of a new list holds: large enough that a million come to 128, small enough to be rewritten for one key. */
export const MEMBERS_PER_CHUNK = 8_192;
/** A list that grows or shrinks keeps its chunks within these averages, so that few are rewritten. */
const MOST_PER_CHUNK = 2 * MEMBERS_PER_CHUNK;
const FEWEST_PER_CHUNK = MEMBERS_PER_CHUNK / 4;

/** How many chunks a list of this many members is to have, if it has `current` now: a power of two. */
export function chunksFor(members: number, current: number): number {
  const kept =
    current > 0 && members <= current * MOST_PER_CHUNK && (current === 1 || members >= current * FEWEST_PER_CHUNK);
  if (kept) return current;
  let chunks = 1;
  while (chunks * MEMBERS_PER_CHUNK < members) chunks *= 2;
  return chunks;
}

/** Which of so many chunks holds the fingerprint. */
export function chunkOf(fingerprint: number, chunks: number): number {
  return Math.floor(fingerprint / (2 ** FINGERPRINT_BITS / chunks));
}
