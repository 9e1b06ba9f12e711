import type { Json } from '@spillway/evaluator';
import { canonicalise } from '@spillway/evaluator/canonical';
import { own } from './own.ts';
import { pointer } from './problems.ts';

/** One place that differs; what is not there on one side is left out. */
export interface Difference {
  /** JSON Pointer; into the document after, or before for what is gone. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** What tells the entries of a list apart, where all have it and no two the same. */
const IDENTITIES = ['id', 'key', 'name', 'flag', 'variant'] as const;

type JsonRecord = { readonly [name: string]: Json };

/**
 * Where two documents differ, as deep as they are alike. Entries of a list are matched by what tells them apart, so that one
 * put in front does not make all others differ; a changed order is one difference, of the names in their order. Lists of
 * plain values differ as a whole.
 */
export function compare(before: Json | undefined, after: Json | undefined, path = ''): readonly Difference[] {
  if (before === undefined) return after === undefined ? [] : [{ path, after }];
  if (after === undefined) return [{ path, before }];
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path);
  if (isRecord(before) && isRecord(after)) return compareRecords(before, after, path);
  return canonicalise(before) === canonicalise(after) ? [] : [{ path, before, after }];
}

function isRecord(value: Json): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compareRecords(before: JsonRecord, after: JsonRecord, path: string): readonly Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => compare(own(before, name), own(after, name), pointer(path, name)));
}

function compareLists(before: readonly Json[], after: readonly Json[], path: string): readonly Difference[] {
  for (const identity of IDENTITIES) {
    const one = identified(before, identity);
    const other = identified(after, identity);
    if (one !== undefined && other !== undefined) return compareIdentified(one, other, path);
  }
  if (before.every(isRecord) && after.every(isRecord)) return compareByPlace(before, after, path);
  return canonicalise(before) === canonicalise(after) ? [] : [{ path, before, after }];
}

function compareByPlace(before: readonly Json[], after: readonly Json[], path: string): readonly Difference[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => compare(before[index], after[index], pointer(path, index))).flat();
}

type Identified = ReadonlyMap<string, { readonly entry: Json; readonly index: number }>;

/** The entries by what tells them apart; undefined when it does not. */
function identified(list: readonly Json[], identity: string): Identified | undefined {
  const entries = new Map<string, { readonly entry: Json; readonly index: number }>();
  for (const [index, entry] of list.entries()) {
    const name = isRecord(entry) ? own(entry, identity) : undefined;
    if (typeof name !== 'string' || entries.has(name)) return undefined;
    entries.set(name, { entry, index });
  }
  return entries;
}

function compareIdentified(before: Identified, after: Identified, path: string): readonly Difference[] {
  const gone = [...before].filter(([name]) => !after.has(name));
  const stayed = [...before.keys()].filter((name) => after.has(name));
  const order = [...after.keys()].filter((name) => before.has(name));
  return [
    ...gone.map(([, { entry, index }]) => ({ path: pointer(path, index), before: entry })),
    ...[...after].flatMap(([name, { entry, index }]) => compare(before.get(name)?.entry, entry, pointer(path, index))),
    ...(stayed.every((name, index) => order[index] === name) ? [] : [{ path, before: stayed, after: order }]),
  ];
}
