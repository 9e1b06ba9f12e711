import { canonicalise } from '@spillway/core';
import type { Snapshot, SnapshotDelta } from '@spillway/evaluator';
import { toJson } from '../documents/document.ts';
import type { Sha256 } from '../ports/index.ts';
import type { Fold } from './fold.ts';

/** Definitions never change once they are made, and most outlive thousands of changes to others. */
const texts = new WeakMap<object, string>();

/** The canonical text (RFC 8785) of the fold's snapshot, written anew only for definitions that are new. */
export function serialiseFold(fold: Fold): string {
  return writeObject([
    ['environment', canonicalise(fold.environment)],
    ['flags', writeDefinitions(fold.flags)],
    ['format', canonicalise('spillway.snapshot/1')],
    ['number', canonicalise(fold.number)],
    ['project', canonicalise(fold.project)],
    ['segments', writeDefinitions(fold.segments)],
    ['switches', writeDefinitions(fold.switches)],
  ]);
}

/** The same text from a snapshot that was received, with whatever a later version has put into it. */
export function serialiseSnapshot({ flags, segments, switches, ...frame }: Snapshot): string {
  const written = Object.entries(toJson(frame) ?? {}).map(([name, value]) => [name, canonicalise(value)] as const);
  for (const [name, definitions] of Object.entries({ flags, segments, switches })) {
    written.push([name, writeDefinitions(new Map(Object.entries(definitions)))]);
  }
  return writeObject(written.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const ETAG_DIGITS = 32;

/** Names a snapshot by its number and its text, so that whoever holds the same has the same name for it. */
export function etagOf(number: number, text: string, sha256: Sha256): string {
  return `"${number}-${sha256(text).slice(0, ETAG_DIGITS)}"`;
}

/** The same for a delta: a definition that environments share is written once for all of them. */
export function serialiseDelta({ flags, segments, switches, ...frame }: SnapshotDelta): string {
  const written = Object.entries(frame).map(([name, value]) => [name, JSON.stringify(value)] as const);
  for (const [name, changed] of Object.entries({ flags, segments, switches })) {
    if (changed !== undefined) written.push([name, writeDefinitions(new Map(Object.entries(changed)))]);
  }
  return writeObject(written.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function writeDefinitions(definitions: ReadonlyMap<string, object | null>): string {
  // Keys are ASCII, so the order of UTF-16 units that RFC 8785 asks for is the default one.
  const keys = [...definitions.keys()].sort();
  return writeObject(
    keys.map((key) => {
      const definition = definitions.get(key) ?? null;
      return [key, definition === null ? 'null' : textOf(definition)];
    }),
  );
}

function textOf(definition: object): string {
  const known = texts.get(definition);
  if (known !== undefined) return known;
  const text = canonicalise(toJson(definition));
  texts.set(definition, text);
  return text;
}

function writeObject(members: readonly (readonly [name: string, text: string])[]): string {
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}
