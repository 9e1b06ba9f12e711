import { accept, MAX_MEMBERS, type Outcome, refuse } from '@spillway/core';
import { fingerprintOf } from '@spillway/evaluator';
import type { Pace } from '../../pacing/pace.ts';

/** Rows of one import; a list may name a member more than once. */
export const MAX_IMPORT_ROWS = 2 * MAX_MEMBERS;
const FIRST_CAPACITY = 1_024;

/** The fingerprints of keys that come in batches. Eight bytes a key are all that is kept of them. */
export async function gatherFingerprints(
  batches: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  pace: Pace,
): Promise<Outcome<Float64Array>> {
  let found = new Float64Array(FIRST_CAPACITY);
  let count = 0;
  for await (const keys of batches) {
    if (count + keys.length > MAX_IMPORT_ROWS) {
      return refuse('too_large', `An import takes at most ${MAX_IMPORT_ROWS} rows. Nothing was changed; send fewer.`, {
        details: { max_rows: MAX_IMPORT_ROWS },
      });
    }
    if (count + keys.length > found.length) {
      const larger = new Float64Array(Math.min(MAX_IMPORT_ROWS, Math.max(2 * found.length, count + keys.length)));
      larger.set(found);
      found = larger;
    }
    for (const key of keys) found[count++] = fingerprintOf(key);
    await pace();
  }
  return accept(found.subarray(0, count));
}
