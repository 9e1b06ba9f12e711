import { accept, type Outcome } from '@spillway/core';
import type { Page, PageRequest, Versioned } from '../call.ts';
import type { Clock, Store, Stored } from '../ports/index.ts';
import { MAX_CHUNK_CHARACTERS, readInChunks, weigh } from './chunks.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type DocumentNoun, type Documents, fromStored } from './document.ts';

export type DocumentOf<N extends DocumentNoun> = Versioned<Documents[N]>;

/** Where documents are; with a clock, long readings let others have their turn. */
export interface Shelf {
  readonly store: Store;
  readonly project: string;
  readonly clock?: Clock;
}

/** One page of a noun's documents, ordered by key, that `wanted` lets through. Large documents make it shorter than asked. */
export async function listDocuments<N extends DocumentNoun>(
  shelf: Shelf,
  noun: N,
  page: PageRequest,
  wanted?: (document: DocumentOf<N>) => boolean,
): Promise<Outcome<Page<DocumentOf<N>>>> {
  const start = decodeCursor(noun, page.cursor);
  if (!start.ok) return start;
  const items: DocumentOf<N>[] = [];
  let last = '';
  let weight = 0;
  for await (const chunk of chunksOf(shelf, noun, start.value)) {
    for (const stored of chunk) {
      const document = fromStored(noun, stored);
      if (wanted !== undefined && !wanted(document)) continue;
      weight += weigh(document);
      const full = items.length === page.limit || (items.length > 0 && weight > MAX_CHUNK_CHARACTERS);
      if (full) return accept({ items, next: encodeCursor(noun, last) });
      items.push(document);
      last = stored.key;
    }
  }
  return accept({ items });
}

/** Every document of a noun, read in chunks. */
export async function* allDocuments<N extends DocumentNoun>(
  shelf: Shelf,
  noun: N,
): AsyncGenerator<{ readonly key: string; readonly seq: number; readonly document: DocumentOf<N> }> {
  for await (const chunk of chunksOf(shelf, noun, undefined)) {
    for (const stored of chunk) yield { key: stored.key, seq: stored.seq, document: fromStored(noun, stored) };
  }
}

/** Every document of a noun as the entry `seq` left them. */
export async function* allDocumentsAt<N extends DocumentNoun>(
  { store, project, clock }: Shelf,
  noun: N,
  seq: number,
): AsyncGenerator<{ readonly key: string; readonly document: DocumentOf<N> }> {
  const read = (last: Stored | undefined, limit: number) =>
    store.listAt(project, noun, seq, { ...(last === undefined ? {} : { after: last.key }), limit });
  for await (const chunk of readInChunks(read, clock)) {
    for (const stored of chunk) yield { key: stored.key, document: fromStored(noun, stored) };
  }
}

function chunksOf({ store, project, clock }: Shelf, noun: DocumentNoun, start: string | undefined) {
  return readInChunks((last: Stored | undefined, limit) => {
    const after = last?.key ?? start;
    return store.list(project, noun, { ...(after === undefined ? {} : { after }), limit });
  }, clock);
}
