import { chunkOf } from '@spillway/core';

/** The fingerprints of each chunk in turn, as parts of one array: a counting sort by chunk, unsorted within. */
export function partition(fingerprints: Float64Array, chunks: number): readonly Float64Array[] {
  const ends = new Uint32Array(chunks);
  for (const fingerprint of fingerprints)
    ends[chunkOf(fingerprint, chunks)] = (ends[chunkOf(fingerprint, chunks)] ?? 0) + 1;
  let sum = 0;
  for (let index = 0; index < chunks; index += 1) {
    const count = ends[index] ?? 0;
    ends[index] = sum;
    sum += count;
  }
  const placed = new Float64Array(fingerprints.length);
  for (const fingerprint of fingerprints) {
    const chunk = chunkOf(fingerprint, chunks);
    const at = ends[chunk] ?? 0;
    placed[at] = fingerprint;
    ends[chunk] = at + 1;
  }
  return Array.from(ends, (end, index) => placed.subarray(index === 0 ? 0 : ends[index - 1], end));
}
