import { defineFlag, segmentReferences } from '@spillway/core';
import { type Configuration, collectSegments, compile, type FlagDefinition, flagsAskedBy } from '@spillway/evaluator';
import { afterEntry, type DocumentNoun } from '../documents/document.ts';
import { allDocumentsAt, type DocumentOf, type Shelf } from '../documents/list.ts';
import { createPace, takeSteps } from '../pacing/pace.ts';
import type { Clock } from '../ports/index.ts';
import { readKept } from '../segments/members/shelf.ts';
import { type Configured, configured, foldingDocuments, toSnapshot } from './fold.ts';
import { numberAt } from './numbering.ts';

/** From so many flags on, reading all there were is quicker than reading one after the other. */
const MANY_FLAGS = 50;

export interface Moment {
  readonly environment: string;
  readonly at_ms: number;
}

/** Where the past is read; there may be much of it, so that others are let in between. */
export interface PastShelf extends Shelf {
  readonly clock: Clock;
}

/**
 * The configuration that an environment had at a moment, folded from the log; undefined when there was no such environment.
 * With `flags`, no more than what their answers depend on, so that the question costs little however much there was.
 */
export async function configurationAt(
  shelf: PastShelf,
  { environment, at_ms }: Moment,
  flags?: readonly string[],
): Promise<Configuration | undefined> {
  const seq = await shelf.store.seqAt(shelf.project, at_ms);
  const number = await numberAt(shelf, seq, environment);
  if (number === undefined) return undefined;
  const past: Past = { shelf, seq };
  const few = flags !== undefined && flags.length < MANY_FLAGS;
  const documents = few ? await needed(past, environment, flags) : await everything(past);
  await readLists(shelf, documents);
  const pace = createPace(shelf.clock);
  const fold = await takeSteps(pace, foldingDocuments(shelf.project, environment, number, documents));
  const snapshot = toSnapshot(fold);
  await pace();
  const configuration = compile(snapshot);
  await pace();
  return configuration;
}

interface Past {
  readonly shelf: Shelf;
  readonly seq: number;
}

async function everything(past: Past): Promise<Configured> {
  const documents = configured();
  await Promise.all([
    readAll(past, 'flags', documents.flags),
    readAll(past, 'segments', documents.segments),
    readAll(past, 'switches', documents.switches),
  ]);
  return documents;
}

/** The flags, those they require, all switches, and the segments that any of these name, directly or through others. */
async function needed(past: Past, environment: string, flags: readonly string[]): Promise<Configured> {
  const documents = configured();
  const segments = new Set<string>();
  await readAll(past, 'switches', documents.switches);
  for (const { scope, affects } of documents.switches.values()) {
    if (scope === 'user_segment') for (const segment of affects) segments.add(segment);
  }
  // A set is walked to its end, with what is added on the way.
  const wanted = new Set(flags);
  for (const key of wanted) {
    const flag = await readOne(past, 'flags', key);
    if (flag === undefined) continue;
    documents.flags.set(key, flag);
    if (flag.parent !== undefined) wanted.add(flag.parent);
    const definition = defineFlag(flag, flag.version, environment, undefined);
    if (definition === undefined) continue;
    for (const required of flagsAskedBy(definition)) wanted.add(required);
    for (const segment of segmentsNamedBy(definition)) segments.add(segment);
  }
  for (const key of segments) {
    const segment = await readOne(past, 'segments', key);
    if (segment === undefined) continue;
    documents.segments.set(key, segment);
    for (const named of segmentReferences(segment)) segments.add(named.segment);
  }
  return documents;
}

function segmentsNamedBy({ rules }: FlagDefinition): readonly string[] {
  const found: string[] = [];
  for (const { when } of rules) collectSegments(when, found);
  return found;
}

/** Lists are kept in chunks that never change, so that those of then are still there under the digests of then. */
async function readLists(shelf: Shelf, { segments, lists }: Configured): Promise<void> {
  for (const { key, members } of segments.values()) {
    if (members === undefined) continue;
    const texts = await readKept(shelf, members.chunks);
    lists.set(key, members.chunks.map(({ digest }) => texts.get(digest) ?? '').join(''));
  }
}

async function readAll<N extends DocumentNoun>(
  { shelf, seq }: Past,
  noun: N,
  into: Map<string, DocumentOf<N>>,
): Promise<void> {
  for await (const document of allDocumentsAt(shelf, noun, seq)) into.set(document.key, document.document);
}

async function readOne<N extends DocumentNoun>(
  { shelf: { store, project }, seq }: Past,
  noun: N,
  key: string,
): Promise<DocumentOf<N> | undefined> {
  const [entry] = await store.entries(project, { noun, key, before: seq + 1, newest_first: true, limit: 1 });
  return entry && afterEntry(noun, entry);
}
