import { chunkOf, type MemberChunk, type SegmentMembers } from '@spillway/core';
import { readFingerprints } from '@spillway/evaluator';
import type { Store } from '../../ports/index.ts';

/** Read from the store at once. */
export const CHUNKS_AT_ONCE = 16;
const NONE = new Float64Array();

export interface ChunkShelf {
  readonly store: Store;
  readonly project: string;
}

/** The texts of these chunks by digest; one that is missing is not kept. */
export async function readKept(
  { store, project }: ChunkShelf,
  chunks: readonly MemberChunk[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (let start = 0; start < chunks.length; start += CHUNKS_AT_ONCE) {
    const digests = chunks.slice(start, start + CHUNKS_AT_ONCE).map(({ digest }) => digest);
    for (const { digest, text } of await store.chunks.read(project, digests)) texts.set(digest, text);
  }
  return texts;
}

/** Reads a list in ascending ranges, each chunk once, whatever number of ranges it is asked in. */
export function createRangeReader(shelf: ChunkShelf, { chunks }: Pick<SegmentMembers, 'chunks'>) {
  let held = -1;
  let members: Float64Array = NONE;

  async function textOf(wanted: MemberChunk): Promise<string> {
    const text = (await readKept(shelf, [wanted])).get(wanted.digest);
    // Only a damaged store comes to this; going on would write a list that has lost members.
    if (text === undefined) throw new Error(`The store has no chunk ${wanted.digest}, which a list is made of.`);
    return text;
  }

  async function chunk(index: number): Promise<Float64Array> {
    if (held === index) return members;
    const wanted = chunks[index];
    members = wanted === undefined ? NONE : readFingerprints(await textOf(wanted));
    held = index;
    return members;
  }

  /** The members that belong into the chunk `index` of `of`; both counts of chunks are powers of two. */
  return async (index: number, of: number): Promise<Float64Array> => {
    if (chunks.length === 0) return NONE;
    if (chunks.length === of) return chunk(index);
    if (chunks.length < of) {
      const whole = await chunk(Math.floor((index * chunks.length) / of));
      return whole.filter((fingerprint) => chunkOf(fingerprint, of) === index);
    }
    const parts: number[] = [];
    const each = chunks.length / of;
    for (let part = index * each; part < (index + 1) * each; part += 1) parts.push(...(await chunk(part)));
    return Float64Array.from(parts);
  };
}
