import { chunkOf } from '@spillway/core';
import type { Pace } from '../../pacing/pace.ts';

/** Looked at in one go; a million take tens of milliseconds. */
const BLOCK = 32_768;

/** The fingerprints of each chunk in turn, as parts of one array: a counting sort by chunk, unsorted within. */
export async function partition(
  fingerprints: Float64Array,
  chunks: number,
  pace: Pace,
): Promise<readonly Float64Array[]> {
  const ends = new Uint32Array(chunks);
  for (const block of blocksOf(fingerprints)) {
    for (const fingerprint of block) {
      const chunk = chunkOf(fingerprint, chunks);
      ends[chunk] = (ends[chunk] ?? 0) + 1;
    }
    await pace();
  }
  let sum = 0;
  for (let index = 0; index < chunks; index += 1) {
    const count = ends[index] ?? 0;
    ends[index] = sum;
    sum += count;
  }
  const placed = new Float64Array(fingerprints.length);
  for (const block of blocksOf(fingerprints)) {
    for (const fingerprint of block) {
      const chunk = chunkOf(fingerprint, chunks);
      const at = ends[chunk] ?? 0;
      placed[at] = fingerprint;
      ends[chunk] = at + 1;
    }
    await pace();
  }
  return Array.from(ends, (end, index) => placed.subarray(index === 0 ? 0 : ends[index - 1], end));
}

/** The fingerprints, so many at a time that each part is looked at in a moment. */
export function* blocksOf(fingerprints: Float64Array): Generator<Float64Array> {
  for (let start = 0; start < fingerprints.length; start += BLOCK) yield fingerprints.subarray(start, start + BLOCK);
}
