import { accept, type Outcome } from '@spillway/core';
import type { Page, PageRequest, Versioned } from '../control.ts';
import type { Store } from '../ports/index.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type DocumentNoun, type Documents, fromStored } from './document.ts';

const BATCH = 500;

export type DocumentOf<N extends DocumentNoun> = Versioned<Documents[N]>;

/** One page of a noun's documents, ordered by key, that `wanted` lets through. */
export async function listDocuments<N extends DocumentNoun>(
  { store, project }: { readonly store: Store; readonly project: string },
  noun: N,
  page: PageRequest,
  wanted?: (document: DocumentOf<N>) => boolean,
): Promise<Outcome<Page<DocumentOf<N>>>> {
  const start = decodeCursor(noun, page.cursor);
  if (!start.ok) return start;
  const found: { key: string; document: DocumentOf<N> }[] = [];
  const size = wanted === undefined ? page.limit + 1 : BATCH;
  let after = start.value;
  while (found.length <= page.limit) {
    const batch = await store.list(project, noun, { ...(after === undefined ? {} : { after }), limit: size });
    for (const stored of batch) {
      const document = fromStored(noun, stored);
      if (wanted === undefined || wanted(document)) found.push({ key: stored.key, document });
    }
    after = batch.at(-1)?.key;
    if (batch.length < size) break;
  }
  const shown = found.slice(0, page.limit);
  const last = shown.at(-1);
  const items = shown.map(({ document }) => document);
  return accept(found.length > shown.length && last ? { items, next: encodeCursor(noun, last.key) } : { items });
}

/** Every document of a noun, read in batches. */
export async function* allDocuments<N extends DocumentNoun>(
  { store, project }: { readonly store: Store; readonly project: string },
  noun: N,
): AsyncGenerator<{ readonly key: string; readonly seq: number; readonly document: DocumentOf<N> }> {
  let after: string | undefined;
  for (;;) {
    const batch = await store.list(project, noun, { ...(after === undefined ? {} : { after }), limit: BATCH });
    for (const stored of batch) yield { key: stored.key, seq: stored.seq, document: fromStored(noun, stored) };
    after = batch.at(-1)?.key;
    if (batch.length < BATCH) return;
  }
}
