import { canonicalise } from '@spillway/core';
import type { Snapshot, SnapshotDelta } from '@spillway/evaluator';
import { toJson } from '../documents/document.ts';
import type { Sha256 } from '../ports/index.ts';
import { DefinitionTexts } from './definition-texts.ts';
import type { Fold } from './fold.ts';

/** Writes the snapshots and deltas of one environment; canonical texts (RFC 8785). */
export interface SnapshotWriter {
  /** Written anew only for definitions that are new. */
  fold(fold: Fold, signature?: string): string;
  /** The same text from a snapshot that was received, with whatever a later version has put into it. */
  snapshot(snapshot: Snapshot): string;
  delta(delta: SnapshotDelta): string;
}

/** Segments are the same in every environment, and their lists may be large: pass one for all writers of a project. */
export function createSnapshotWriter(segments = new DefinitionTexts()): SnapshotWriter {
  const texts = { flags: new DefinitionTexts(), segments, switches: new DefinitionTexts() };
  const whole = (noun: keyof typeof texts, definitions: ReadonlyMap<string, object>) => {
    texts[noun].keep(definitions);
    return writeDefinitions(texts[noun], definitions);
  };
  return {
    fold: ({ environment, number, project, flags, segments, switches }, signature) =>
      writeObject([
        ['environment', canonicalise(environment)],
        ['flags', whole('flags', flags)],
        ['format', canonicalise('spillway.snapshot/1')],
        ['number', canonicalise(number)],
        ['project', canonicalise(project)],
        ['segments', whole('segments', segments)],
        ...(signature === undefined ? [] : [['signature', canonicalise(signature)] as const]),
        ['switches', whole('switches', switches)],
      ]),
    snapshot({ flags, segments, switches, ...frame }) {
      const written = Object.entries(toJson(frame) ?? {}).map(([name, value]) => [name, canonicalise(value)] as const);
      const definitions = { flags, segments, switches };
      for (const noun of NOUNS) written.push([noun, whole(noun, new Map(Object.entries(definitions[noun])))]);
      return writeObject(written.sort(byName));
    },
    delta({ flags, segments, switches, ...frame }) {
      const written = Object.entries(frame).map(([name, value]) => [name, JSON.stringify(value)] as const);
      const changes = { flags, segments, switches };
      for (const noun of NOUNS) {
        const changed = changes[noun];
        if (changed === undefined) continue;
        written.push([noun, writeDefinitions(texts[noun], new Map(Object.entries(changed)))]);
      }
      return writeObject(written.sort(byName));
    },
  };
}

const NOUNS = ['flags', 'segments', 'switches'] as const;
const ETAG_DIGITS = 32;

/** Names a snapshot by its number and its text, so that whoever holds the same has the same name for it. */
export function etagOf(number: number, text: string, sha256: Sha256): string {
  return `"${number}-${sha256(text).slice(0, ETAG_DIGITS)}"`;
}

function writeDefinitions(texts: DefinitionTexts, definitions: ReadonlyMap<string, object | null>): string {
  // Keys are ASCII, so the order of UTF-16 units that RFC 8785 asks for is the default one.
  const keys = [...definitions.keys()].sort();
  return `{${keys.map((key) => texts.member(key, definitions.get(key) ?? null)).join(',')}}`;
}

type Member = readonly [name: string, text: string];

function byName([one]: Member, [other]: Member): number {
  return one < other ? -1 : 1;
}

function writeObject(members: readonly Member[]): string {
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}
