import {
  canonicalise,
  defineFlag,
  defineSegment,
  defineSwitch,
  type Flag,
  finish,
  type KillSwitch,
  type LogEntry,
  type Segment,
  type Steps,
} from '@spillway/core';
import type {
  FlagDefinition,
  SegmentChange,
  SegmentDefinition,
  Snapshot,
  SnapshotDelta,
  SwitchDefinition,
} from '@spillway/evaluator';
import type { Versioned } from '../call.ts';
import { afterEntry, beforeEntry, toJson } from '../documents/document.ts';
import type { MemberTexts } from '../segments/members/texts.ts';
import { segmentChange } from './segment-change.ts';

/** The documents that snapshots are made of, by noun and key. */
export interface Configured {
  readonly flags: Map<string, Versioned<Flag>>;
  readonly segments: Map<string, Versioned<Segment>>;
  readonly switches: Map<string, Versioned<KillSwitch>>;
  /** The fingerprints that list segments name, by the segment's key. */
  readonly lists: Map<string, string>;
  /** The newest change of each segment that came as an entry, made once for all environments. */
  readonly changes: Map<string, SegmentChange>;
  /** The keys of flags by that of their parent. */
  readonly children: Map<string, Set<string>>;
}

/** One environment's view of them: what its snapshot holds, and the entry that made it so. */
export interface Fold {
  readonly project: string;
  readonly environment: string;
  number: number;
  readonly flags: Map<string, FlagDefinition>;
  readonly segments: Map<string, SegmentDefinition>;
  readonly switches: Map<string, SwitchDefinition>;
}

export const SNAPSHOT_NOUNS = ['flags', 'segments', 'switches'] as const;
type SnapshotNoun = (typeof SNAPSHOT_NOUNS)[number];

export function isSnapshotNoun(noun: string): noun is SnapshotNoun {
  return SNAPSHOT_NOUNS.some((known) => known === noun);
}

export function configured(): Configured {
  return {
    flags: new Map(),
    segments: new Map(),
    switches: new Map(),
    lists: new Map(),
    changes: new Map(),
    children: new Map(),
  };
}

/** Whatever brings flags into the documents goes by here, so that children are found without looking at every flag. */
export function putFlag(documents: Configured, key: string, flag: Versioned<Flag> | undefined): void {
  const { flags, children } = documents;
  const before = flags.get(key)?.parent;
  put(flags, key, flag);
  if (before === flag?.parent) return;
  if (before !== undefined) {
    const siblings = children.get(before);
    siblings?.delete(key);
    if (siblings?.size === 0) children.delete(before);
  }
  if (flag?.parent === undefined) return;
  const siblings = children.get(flag.parent) ?? new Set<string>();
  siblings.add(key);
  children.set(flag.parent, siblings);
}

/** Folds documents from scratch; `number` is the newest entry that changed this environment's content. */
export function foldDocuments(project: string, environment: string, number: number, documents: Configured): Fold {
  return finish(foldingDocuments(project, environment, number, documents));
}

/** The same a flag at a time. */
export function* foldingDocuments(
  project: string,
  environment: string,
  number: number,
  documents: Configured,
): Steps<Fold> {
  const fold: Fold = { project, environment, number, flags: new Map(), segments: new Map(), switches: new Map() };
  for (const flag of documents.flags.values()) {
    yield;
    put(fold.flags, flag.key, defineIn(documents, flag, environment));
  }
  for (const key of documents.segments.keys()) put(fold.segments, key, definedSegment(documents, key));
  for (const killSwitch of documents.switches.values()) {
    put(fold.switches, killSwitch.key, defineSwitch(killSwitch, killSwitch.version, environment));
  }
  return fold;
}

/** Brings the documents up to the entry. `texts` has the lists of segments at hand. */
export function applyToDocuments(
  documents: Configured,
  entry: LogEntry,
  texts: Pick<MemberTexts, 'textOf' | 'changesOf'>,
): void {
  if (entry.noun === 'flags') putFlag(documents, entry.key, afterEntry('flags', entry));
  else if (entry.noun === 'segments') {
    const segment = afterEntry('segments', entry);
    const before = documents.segments.get(entry.key);
    put(documents.segments, entry.key, segment);
    put(documents.lists, entry.key, segment?.members && texts.textOf(entry.key, segment.members));
    const definition = definedSegment(documents, entry.key);
    const change = segment && definition && segmentChange(before, segment, definition, texts.changesOf);
    put(documents.changes, entry.key, change);
  } else if (entry.noun === 'switches') put(documents.switches, entry.key, afterEntry('switches', entry));
}

/**
 * Brings the fold up to the entry, which the documents are up to already; the delta for those who follow, undefined when
 * this environment is not touched.
 */
export function applyToFold(fold: Fold, entry: LogEntry, documents: Configured): SnapshotDelta | undefined {
  if (entry.seq <= fold.number || !touches(entry, fold.environment)) return undefined;
  const frame = {
    format: 'spillway.delta/1',
    project: fold.project,
    environment: fold.environment,
    base: fold.number,
    number: entry.seq,
  } as const;
  fold.number = entry.seq;
  const after = definitionAfter(entry, fold.environment);
  switch (after.noun) {
    case 'flags':
      return { ...frame, flags: applyFlag(fold, entry.key, documents) };
    case 'segments': {
      put(fold.segments, entry.key, definedSegment(documents, entry.key));
      return { ...frame, segments: { [entry.key]: documents.changes.get(entry.key) ?? null } };
    }
    case 'switches':
      put(fold.switches, entry.key, after.definition);
      return { ...frame, switches: { [entry.key]: after.definition ?? null } };
    default:
      return undefined;
  }
}

/** The flag and the children that its change reaches, as they are now. */
function applyFlag(fold: Fold, key: string, documents: Configured): Record<string, FlagDefinition | null> {
  const flag = documents.flags.get(key);
  const definition = flag && defineIn(documents, flag, fold.environment);
  put(fold.flags, key, definition);
  const changed: Record<string, FlagDefinition | null> = { [key]: definition ?? null };
  for (const childKey of documents.children.get(key) ?? []) {
    const child = documents.flags.get(childKey);
    const now = child && defineIn(documents, child, fold.environment);
    const before = fold.flags.get(childKey);
    // What a child takes from its parent is its prerequisites, and nothing else.
    if (now === undefined || requirementsOf(now) === requirementsOf(before)) continue;
    put(fold.flags, childKey, now);
    changed[childKey] = now;
  }
  return changed;
}

function defineIn(documents: Configured, flag: Versioned<Flag>, environment: string): FlagDefinition | undefined {
  const parent = flag.parent === undefined ? undefined : documents.flags.get(flag.parent);
  return defineFlag(flag, flag.version, environment, parent);
}

/** One object for all environments, because a list may be large. */
const definitions = new WeakMap<Segment, SegmentDefinition>();

/** The segment as every environment's snapshot carries it. */
export function definedSegment({ segments, lists }: Configured, key: string): SegmentDefinition | undefined {
  const segment = segments.get(key);
  if (segment === undefined) return undefined;
  const known = definitions.get(segment) ?? defineSegment(segment, segment.version, lists.get(key) ?? '');
  definitions.set(segment, known);
  return known;
}

function requirementsOf(definition: FlagDefinition | undefined): string {
  return canonicalise(toJson(definition?.prerequisites ?? []));
}

/** Whether the entry changed what the environment's snapshot holds; decided from the entry alone, so it is the same after a restart. */
export function touches(entry: LogEntry, environment: string): boolean {
  return wasThere(entry, environment) || definitionAfter(entry, environment).definition !== undefined;
}

export function toSnapshot(fold: Fold): Snapshot {
  return {
    format: 'spillway.snapshot/1',
    project: fold.project,
    environment: fold.environment,
    number: fold.number,
    flags: Object.fromEntries(fold.flags),
    segments: Object.fromEntries(fold.segments),
    switches: Object.fromEntries(fold.switches),
  };
}

type DefinitionAfter =
  | { readonly noun: 'flags'; readonly definition: FlagDefinition | undefined }
  | { readonly noun: 'segments'; readonly definition: SegmentDefinition | undefined }
  | { readonly noun: 'switches'; readonly definition: SwitchDefinition | undefined }
  | { readonly noun: 'none'; readonly definition: undefined };

function definitionAfter(entry: LogEntry, environment: string): DefinitionAfter {
  if (entry.noun === 'flags') {
    const flag = afterEntry('flags', entry);
    return { noun: 'flags', definition: flag && defineFlag(flag, entry.version, environment, undefined) };
  }
  if (entry.noun === 'segments') {
    const segment = afterEntry('segments', entry);
    return { noun: 'segments', definition: segment && defineSegment(segment, entry.version, '') };
  }
  if (entry.noun === 'switches') {
    const killSwitch = afterEntry('switches', entry);
    return { noun: 'switches', definition: killSwitch && defineSwitch(killSwitch, entry.version, environment) };
  }
  return { noun: 'none', definition: undefined };
}

function wasThere(entry: LogEntry, environment: string): boolean {
  if (entry.noun === 'flags') return beforeEntry('flags', entry)?.lifecycle === 'active';
  if (entry.noun === 'segments') return entry.before !== null;
  if (entry.noun !== 'switches') return false;
  const killSwitch = beforeEntry('switches', entry);
  return killSwitch !== undefined && defineSwitch(killSwitch, 0, environment) !== undefined;
}

function put<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
