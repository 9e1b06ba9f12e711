import type { LogEntry, MemberChunk, SegmentMembers } from '@spillway/core';
import { FINGERPRINT_WIDTH } from '@spillway/evaluator';
import { afterEntry } from '../../documents/document.ts';
import type { Log } from '../../ports/index.ts';
import { type ChunkShelf, readKept } from './shelf.ts';

interface Known {
  readonly chunks: readonly MemberChunk[];
  readonly text: string;
}

/**
 * The lists of the segments there are, each as one text. Chunks that a list shares with the one before are cut out of
 * that one's text instead of being read again, so that a list whose one member changed costs one chunk.
 */
export interface MemberTexts {
  /** The text of the list; `load` or `prepare` must have seen it. */
  textOf(key: string, members: SegmentMembers): string;
  load(key: string, members: SegmentMembers | undefined): Promise<void>;
  /** Reads what the entry's list needs, before it is handed on; undefined when it needs nothing. */
  prepare(entry: LogEntry): Promise<void> | undefined;
}

export function createMemberTexts(shelf: ChunkShelf, log: Log): MemberTexts {
  /** By segment, the newest text last; those before it serve entries that are not yet handed on. */
  const texts = new Map<string, Known[]>();

  async function load(key: string, members: SegmentMembers | undefined): Promise<void> {
    if (members === undefined) {
      texts.delete(key);
      return;
    }
    const known = texts.get(key) ?? [];
    if (known.some(({ chunks }) => isSame(chunks, members.chunks))) return;
    const text = await join(members.chunks, known.at(-1));
    texts.set(key, [...(texts.get(key) ?? []).slice(-1), { chunks: members.chunks, text }]);
  }

  async function join(chunks: readonly MemberChunk[], before: Known | undefined): Promise<string> {
    const pieces = new Map<string, string>();
    let at = 0;
    for (const { digest, count } of before?.chunks ?? []) {
      pieces.set(digest, before?.text.slice(at, at + count * FINGERPRINT_WIDTH) ?? '');
      at += count * FINGERPRINT_WIDTH;
    }
    const missing = chunks.filter(({ digest }) => !pieces.has(digest));
    for (const [digest, text] of await readKept(shelf, missing)) pieces.set(digest, text);
    return chunks.map(({ digest }) => pieces.get(digest) ?? lost(digest)).join('');
  }

  /** Only a damaged store comes to this. Stopping here would keep every other change from being seen. */
  function lost(digest: string): string {
    log.error({ digest }, 'The store has lost a part of a list; its members are taken for strangers');
    return '';
  }

  return {
    load,
    textOf(key, members) {
      const known = texts.get(key)?.find(({ chunks }) => isSame(chunks, members.chunks));
      if (known !== undefined) return known.text;
      log.error({ segment: key }, 'The list of a segment was not loaded; it is taken for empty');
      return '';
    },
    prepare(entry) {
      return entry.noun === 'segments' ? load(entry.key, afterEntry('segments', entry)?.members) : undefined;
    },
  };
}

function isSame(one: readonly MemberChunk[], other: readonly MemberChunk[]): boolean {
  return one.length === other.length && one.every(({ digest }, index) => digest === other[index]?.digest);
}
