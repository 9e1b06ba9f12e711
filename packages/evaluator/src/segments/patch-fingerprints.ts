import { FINGERPRINT_WIDTH, fingerprintAt, readFingerprints, writeFingerprints } from './fingerprints.ts';

/** What leads from one list to another: sorted fingerprints as text, nine characters each. */
export interface FingerprintChanges {
  readonly added: string;
  readonly removed: string;
}

/** Both are texts that `writeFingerprints` wrote; throws for others. */
export function diffFingerprints(before: string, after: string): FingerprintChanges {
  const [old, now] = [readFingerprints(before), readFingerprints(after)];
  const [added, removed] = [new Float64Array(now.length), new Float64Array(old.length)];
  let [at, coming, going] = [0, 0, 0];
  for (const fingerprint of now) {
    for (let gone = old[at]; gone !== undefined && gone < fingerprint; gone = old[at]) {
      removed[going++] = gone;
      at += 1;
    }
    if (old[at] === fingerprint) at += 1;
    else added[coming++] = fingerprint;
  }
  for (const gone of old.subarray(at)) removed[going++] = gone;
  return {
    added: writeFingerprints(added.subarray(0, coming)),
    removed: writeFingerprints(removed.subarray(0, going)),
  };
}

/**
 * The list after the changes; undefined when they were made for another list: one that already has what they add, or lacks
 * what they remove. Looks at few places of the list, whatever its length. Throws for text that is no list.
 */
export function patchFingerprints(text: string, { added, removed }: FingerprintChanges): string | undefined {
  const coming = readFingerprints(added);
  const going = readFingerprints(removed);
  const pieces: string[] = [];
  let [nextComing, nextGoing, copied] = [0, 0, 0];
  while (nextComing < coming.length || nextGoing < going.length) {
    const add = coming[nextComing] ?? Number.POSITIVE_INFINITY;
    const remove = going[nextGoing] ?? Number.POSITIVE_INFINITY;
    const fingerprint = Math.min(add, remove);
    const at = placeOf(text, fingerprint, copied);
    const isThere = at < text.length && fingerprintAt(text, at) === fingerprint;
    if (isThere === add <= remove) return undefined;
    pieces.push(text.slice(copied, at));
    copied = at;
    if (add <= remove) {
      pieces.push(added.slice(nextComing * FINGERPRINT_WIDTH, (nextComing + 1) * FINGERPRINT_WIDTH));
      nextComing += 1;
    } else {
      copied += FINGERPRINT_WIDTH;
      nextGoing += 1;
    }
  }
  pieces.push(text.slice(copied));
  return pieces.join('');
}

/** Where the fingerprint stands or would stand, from `start` on. */
function placeOf(text: string, fingerprint: number, start: number): number {
  let low = start / FINGERPRINT_WIDTH;
  let high = Math.floor(text.length / FINGERPRINT_WIDTH);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fingerprintAt(text, middle * FINGERPRINT_WIDTH) < fingerprint) low = middle + 1;
    else high = middle;
  }
  return low * FINGERPRINT_WIDTH;
}
