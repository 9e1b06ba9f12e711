import type { LogEntry, MemberChunk, SegmentMembers } from '@spillway/core';
import { FINGERPRINT_WIDTH, type FingerprintChanges } from '@spillway/evaluator';
import { afterEntry, beforeEntry } from '../../documents/document.ts';
import type { Clock, Log } from '../../ports/index.ts';
import { changesBetween, isSame, type ListText } from './patch.ts';
import { type ChunkShelf, readKept } from './shelf.ts';

/** What leads from one list of a segment to another; undefined when the list had better travel whole. */
interface Step {
  readonly from: readonly MemberChunk[];
  readonly to: readonly MemberChunk[];
  readonly changes: FingerprintChanges | undefined;
}

/**
 * The lists of the segments there are, each as one text. Chunks that a list shares with the one before are cut out of
 * that one's text instead of being read again, so that a list whose one member changed costs one chunk.
 */
export interface MemberTexts {
  /** The text of the list; `load` or `prepare` must have seen it. */
  textOf(key: string, members: SegmentMembers): string;
  /** What leads from one list of the segment to the next, if `prepare` has seen the entry between them and it is worth it. */
  changesOf(key: string, from: SegmentMembers, to: SegmentMembers): FingerprintChanges | undefined;
  load(key: string, members: SegmentMembers | undefined): Promise<void>;
  /** Reads and works out what the entry's list needs, before it is handed on; undefined when it needs nothing. */
  prepare(entry: LogEntry): Promise<void> | undefined;
}

export interface MemberTextDeps extends ChunkShelf {
  readonly clock: Clock;
  readonly log: Log;
}

export function createMemberTexts(deps: MemberTextDeps): MemberTexts {
  const { clock, log } = deps;
  /** By segment, the newest text last; those before it serve entries that are not yet handed on. */
  const texts = new Map<string, ListText[]>();
  /** Likewise. */
  const steps = new Map<string, Step[]>();

  async function load(key: string, members: SegmentMembers | undefined): Promise<void> {
    if (members === undefined) {
      texts.delete(key);
      steps.delete(key);
      return;
    }
    const known = texts.get(key) ?? [];
    if (known.some(({ chunks }) => isSame(chunks, members.chunks))) return;
    const text = await join(members.chunks, known.at(-1));
    texts.set(key, [...(texts.get(key) ?? []).slice(-1), { chunks: members.chunks, text }]);
  }

  async function join(chunks: readonly MemberChunk[], before: ListText | undefined): Promise<string> {
    const pieces = new Map<string, string>();
    let at = 0;
    for (const { digest, count } of before?.chunks ?? []) {
      pieces.set(digest, before?.text.slice(at, at + count * FINGERPRINT_WIDTH) ?? '');
      at += count * FINGERPRINT_WIDTH;
    }
    const missing = chunks.filter(({ digest }) => !pieces.has(digest));
    for (const [digest, text] of await readKept(deps, missing)) pieces.set(digest, text);
    return chunks.map(({ digest }) => pieces.get(digest) ?? lost(digest)).join('');
  }

  /** Only a damaged store comes to this. Stopping here would keep every other change from being seen. */
  function lost(digest: string): string {
    log.error({ digest }, 'The store has lost a part of a list; its members are taken for strangers');
    return '';
  }

  const known = (key: string, wanted: readonly MemberChunk[]) =>
    texts.get(key)?.find(({ chunks }) => isSame(chunks, wanted));

  async function walk(key: string, from: readonly MemberChunk[], to: readonly MemberChunk[]): Promise<void> {
    const [before, after] = [known(key, from), known(key, to)];
    if (before === undefined || after === undefined) return;
    const changes = await changesBetween(clock, before, after);
    steps.set(key, [...(steps.get(key) ?? []).slice(-1), { from, to, changes }]);
  }

  async function prepare(entry: LogEntry): Promise<void> {
    const now = afterEntry('segments', entry)?.members;
    await load(entry.key, now);
    const old = beforeEntry('segments', entry)?.members;
    if (old !== undefined && now !== undefined) await walk(entry.key, old.chunks, now.chunks);
  }

  return {
    load,
    textOf(key, members) {
      const found = known(key, members.chunks);
      if (found !== undefined) return found.text;
      log.error({ segment: key }, 'The list of a segment was not loaded; it is taken for empty');
      return '';
    },
    changesOf(key, from, to) {
      const step = steps.get(key)?.findLast((one) => isSame(one.from, from.chunks) && isSame(one.to, to.chunks));
      return step?.changes;
    },
    prepare: (entry) => (entry.noun === 'segments' ? prepare(entry) : undefined),
  };
}
