import type { MemberChunk } from '@spillway/core';
import { diffFingerprints, FINGERPRINT_WIDTH, type FingerprintChanges } from '@spillway/evaluator';
import { createPace } from '../../pacing/pace.ts';
import type { Clock } from '../../ports/index.ts';

/** A list as its chunks and as the text they make, one behind the other. */
export interface ListText {
  readonly chunks: readonly MemberChunk[];
  readonly text: string;
}

/** Of the list's own text: a patch beyond this saves little, and would be applied place by place. */
const LARGEST_SHARE = 0.5;

/**
 * What leads from one list to the other; undefined when that is no smaller than the list, which then travels whole. Reads
 * only chunks that differ, because a list may have a million members of which one changed; others get their turn in between,
 * because it may be all of them.
 */
export async function changesBetween(
  clock: Clock,
  before: ListText,
  after: ListText,
): Promise<FingerprintChanges | undefined> {
  const most = LARGEST_SHARE * after.text.length;
  if (Math.abs(after.text.length - before.text.length) > most) return undefined;
  let added = '';
  let removed = '';
  const pace = createPace(clock);
  for (const [old, now] of differing(before, after)) {
    const changes = diffFingerprints(old, now);
    added += changes.added;
    removed += changes.removed;
    if (added.length + removed.length > most) return undefined;
    await pace();
  }
  return { added, removed };
}

/** Pairs of texts that hold all differences, in ascending order. */
function* differing(before: ListText, after: ListText): Generator<readonly [string, string]> {
  // Counts of chunks are powers of two, so that each of the list with fewer is a whole number of the other's.
  const parts = Math.min(before.chunks.length, after.chunks.length);
  let [oldAt, nowAt] = [0, 0];
  for (let part = 0; part < parts; part += 1) {
    const [old, now] = [partOf(before.chunks, part, parts), partOf(after.chunks, part, parts)];
    const [oldEnd, nowEnd] = [oldAt + widthOf(old), nowAt + widthOf(now)];
    if (!isSame(old, now)) yield [before.text.slice(oldAt, oldEnd), after.text.slice(nowAt, nowEnd)];
    [oldAt, nowAt] = [oldEnd, nowEnd];
  }
  if (parts === 0) yield [before.text, after.text];
}

function partOf(chunks: readonly MemberChunk[], part: number, parts: number): readonly MemberChunk[] {
  const each = chunks.length / parts;
  return chunks.slice(part * each, (part + 1) * each);
}

function widthOf(chunks: readonly MemberChunk[]): number {
  return chunks.reduce((sum, { count }) => sum + count, 0) * FINGERPRINT_WIDTH;
}

export function isSame(one: readonly MemberChunk[], other: readonly MemberChunk[]): boolean {
  return one.length === other.length && one.every(({ digest }, index) => digest === other[index]?.digest);
}
