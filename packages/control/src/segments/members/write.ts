import { chunksFor, type ImportMode, type MemberChunk, mergeMembers, type SegmentMembers } from '@spillway/core';
import { writeFingerprints } from '@spillway/evaluator';
import { createPace } from '../../pacing/pace.ts';
import type { Chunk, Clock, Sha256, Store } from '../../ports/index.ts';
import { partition } from './partition.ts';
import { CHUNKS_AT_ONCE, createRangeReader } from './shelf.ts';

export interface MemberDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly project: string;
}

export type MemberList = Pick<SegmentMembers, 'count' | 'chunks'>;

export const EMPTY_LIST: MemberList = { count: 0, chunks: [] };

export interface ImportedMembers {
  readonly list: MemberList;
  readonly added: number;
  readonly removed: number;
}

/**
 * The list after an import, its chunks put into the store. Chunks that nothing comes into are not even read; those that
 * stay as they are keep their digest. Others get their turn in between.
 */
export async function importFingerprints(
  deps: MemberDeps,
  before: MemberList,
  incoming: Float64Array,
  mode: ImportMode,
): Promise<ImportedMembers> {
  const { store, clock, sha256, project } = deps;
  const expected = mode === 'replace' ? incoming.length : before.count + (mode === 'add' ? incoming.length : 0);
  const chunks = chunksFor(expected, before.chunks.length);
  const pace = createPace(clock);
  const parts = await partition(incoming, chunks, pace);
  const readRange = createRangeReader(deps, before);
  const known = new Set(before.chunks.map(({ digest }) => digest));
  const list: MemberChunk[] = [];
  let fresh: Chunk[] = [];
  let [added, removed] = [0, 0];
  for (const [index, part] of parts.entries()) {
    const same = before.chunks.length === chunks ? before.chunks[index] : undefined;
    if (same !== undefined && part.length === 0 && mode !== 'replace') {
      list.push(same);
      continue;
    }
    const merged = mergeMembers(await readRange(index, chunks), part.sort(), mode);
    const text = writeFingerprints(merged.members);
    const digest = sha256(text);
    list.push({ digest, count: merged.members.length });
    added += merged.added;
    removed += merged.removed;
    if (!known.has(digest)) fresh.push({ digest, text });
    known.add(digest);
    if (fresh.length >= CHUNKS_AT_ONCE) {
      await store.chunks.put(project, fresh);
      fresh = [];
    }
    await pace();
  }
  await store.chunks.put(project, fresh);
  return { list: { count: list.reduce((sum, { count }) => sum + count, 0), chunks: list }, added, removed };
}
