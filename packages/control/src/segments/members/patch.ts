import type { MemberChunk } from '@spillway/core';
import { diffFingerprints, FINGERPRINT_WIDTH, type FingerprintChanges } from '@spillway/evaluator';

/** A list as its chunks and as the text they make, one behind the other. */
export interface ListText {
  readonly chunks: readonly MemberChunk[];
  readonly text: string;
}

/** Of the list's own text: a patch beyond this saves little, and would be applied place by place. */
const LARGEST_SHARE = 0.5;

/**
 * What leads from one list to the other; undefined when that is no smaller than the list, which then travels whole. Reads
 * only chunks that differ, because a list may have a million members of which one changed.
 */
export function changesBetween(before: ListText, after: ListText): FingerprintChanges | undefined {
  let added = '';
  let removed = '';
  for (const [old, now] of differing(before, after)) {
    const changes = diffFingerprints(old, now);
    added += changes.added;
    removed += changes.removed;
    if (added.length + removed.length > LARGEST_SHARE * after.text.length) return undefined;
  }
  return { added, removed };
}

/** Pairs of texts that hold all differences, in ascending order. */
function* differing(before: ListText, after: ListText): Generator<readonly [string, string]> {
  if (before.chunks.length !== after.chunks.length) {
    yield [before.text, after.text];
    return;
  }
  let [oldAt, nowAt] = [0, 0];
  for (const [index, { digest, count }] of after.chunks.entries()) {
    const old = before.chunks[index];
    const oldEnd = oldAt + (old?.count ?? 0) * FINGERPRINT_WIDTH;
    const nowEnd = nowAt + count * FINGERPRINT_WIDTH;
    if (old?.digest !== digest) yield [before.text.slice(oldAt, oldEnd), after.text.slice(nowAt, nowEnd)];
    [oldAt, nowAt] = [oldEnd, nowEnd];
  }
}
