import { accept, compare, type Difference, type LogEntry, type Outcome, refuse } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import type { Call, Page, PageRequest, Versioned } from '../call.ts';
import type { Clock, EntryFilter, Store } from '../ports/index.ts';
import { MAX_CHUNK_CHARACTERS, readInChunks, weigh } from './chunks.ts';
import { decodePosition, encodeCursor } from './cursor.ts';
import { afterEntry, type DocumentNoun, type Documents } from './document.ts';
import { summaryOf } from './summary.ts';

/** A change, and what it did in words. */
export type HistoryEntry = LogEntry & { readonly summary: string };

/** What differs between two versions of a document. */
export interface Comparison {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Difference[];
}

/** What documents of one noun were: reads of the log, for whoever may read them. */
export interface DocumentHistory<N extends DocumentNoun> {
  /** The changes of one document, newest first; also of one that is gone. */
  history(call: Call, key: string, page: PageRequest): Promise<Outcome<Page<HistoryEntry>>>;
  /** The document as it was at a version; of one that was deleted and made anew, its newest life's. */
  version(call: Call, key: string, version: number): Promise<Outcome<Versioned<Documents[N]>>>;
  /** `to` is the newest version when it is left out, and `from` the one before `to`. */
  compare(
    call: Call,
    key: string,
    range: { readonly from?: number; readonly to?: number },
  ): Promise<Outcome<Comparison>>;
}

export function createDocumentHistory<N extends DocumentNoun>(
  deps: { readonly store: Store; readonly clock: Clock; readonly project: string },
  { noun, name }: { readonly noun: N; readonly name: string },
): DocumentHistory<N> {
  const { store, clock, project } = deps;
  const list = `${noun}-history`;

  function entriesOf(key: string, before?: number) {
    const filter: Omit<EntryFilter, 'limit'> = { noun, key, newest_first: true };
    return readInChunks((last: LogEntry | undefined, limit) => {
      const end = last?.seq ?? before;
      return store.entries(project, { ...filter, ...(end === undefined ? {} : { before: end }), limit });
    }, clock);
  }

  async function find(key: string, version: number | undefined): Promise<Outcome<LogEntry>> {
    let newest = 0;
    for await (const chunk of entriesOf(key)) {
      for (const entry of chunk) {
        newest = Math.max(newest, entry.version);
        if (entry.after !== null && (version === undefined || entry.version === version)) return accept(entry);
      }
    }
    return newest === 0 ? unknownDocument(name, key) : unknownVersion(name, key, version, newest);
  }

  return {
    async history(_, key, { limit, cursor }) {
      const before = decodePosition(list, cursor);
      if (!before.ok) return before;
      const items: HistoryEntry[] = [];
      let weight = 0;
      for await (const chunk of entriesOf(key, before.value)) {
        for (const entry of chunk) {
          weight += weigh(entry);
          const last = items.at(-1);
          const full = items.length === limit || weight > MAX_CHUNK_CHARACTERS;
          if (full && last !== undefined) return accept({ items, next: encodeCursor(list, String(last.seq)) });
          items.push({ ...entry, summary: summaryOf(entry) ?? '' });
        }
      }
      return items.length === 0 && cursor === undefined ? unknownDocument(name, key) : accept({ items });
    },
    async version(_, key, version) {
      const found = await find(key, version);
      if (!found.ok) return found;
      const document = afterEntry(noun, found.value);
      return document === undefined ? unknownVersion(name, key, version, found.value.version) : accept(document);
    },
    async compare(_, key, range) {
      const to = await find(key, range.to);
      if (!to.ok) return to;
      const version = range.from ?? to.value.version - 1;
      // Before its first version there was nothing.
      const from = version === 0 ? undefined : await find(key, version);
      if (from?.ok === false) return from;
      const before: Json | undefined = from?.value.after;
      return accept({ from: version, to: to.value.version, changes: compare(before, to.value.after) });
    },
  };
}

function unknownDocument(name: string, key: string) {
  return refuse('not_found', `There never was a ${name} ${JSON.stringify(key)}. Check the key.`);
}

function unknownVersion(name: string, key: string, version: number | undefined, newest: number) {
  return refuse(
    'not_found',
    `The ${name} ${key} has no version ${version ?? 'in force'}. Its versions are 1 to ${newest}; see its history.`,
    { fields: [{ field: '/version', message: `must be 1 to ${newest}` }] },
  );
}
