import { broken } from '../broken.ts';
import { bucketingText } from '../bucketing/bucket.ts';
import { readerOf } from '../conditions/attributes.ts';
import { allOf, anyOf, compileCondition, type FindFlag, type FindSegment } from '../conditions/compile-condition.ts';
import type { Test } from '../conditions/operators.ts';
import { isInCycle } from '../cycles.ts';
import { isSame } from '../same.ts';
import type { Members, Score, SegmentDefinition, Snapshot } from '../snapshot.ts';
import { compileFingerprints } from './fingerprints.ts';
import { referencesOf } from './references.ts';
import type { MembersForm, ScoreForm, SegmentForm } from './segment-form.ts';

/** How many segments one may come to when each reference is written out: bounds the work of asking it. */
export const MAX_SEGMENT_WEIGHT = 256;

export interface CompiledSegments {
  readonly find: FindSegment;
  readonly forms: ReadonlyMap<string, SegmentForm>;
  /** Forms of an earlier configuration that nobody has asked for yet. */
  readonly candidates: ReadonlyMap<string, SegmentForm>;
}

const nobody: Test = () => false;

/** Compiles segments when a flag first asks for them; those that nothing uses cost nothing. */
export function compileSegments(
  definitions: Snapshot['segments'],
  previous: CompiledSegments | undefined,
): CompiledSegments {
  const candidates = previous === undefined ? new Map<string, SegmentForm>() : carriedOver(definitions, previous);
  const forms = new Map<string, SegmentForm>();
  const references = new Map<string, readonly string[]>();
  let depth = 0;
  const referencesIn = (key: string): readonly string[] => {
    const known = references.get(key);
    if (known !== undefined) return known;
    const definition = own(definitions, key);
    const found = definition === undefined ? [] : referencesOf(definition);
    references.set(key, found);
    return found;
  };
  const find: FindSegment = (key) => {
    const known = forms.get(key);
    if (known !== undefined) return known;
    if (depth > MAX_SEGMENT_WEIGHT) return tooHeavy(key);
    depth += 1;
    try {
      const form = formOf(key, candidates.get(key));
      candidates.delete(key);
      forms.set(key, form);
      return form;
    } finally {
      depth -= 1;
    }
  };
  const formOf = (key: string, before: SegmentForm | undefined): SegmentForm => {
    const definition = own(definitions, key);
    if (definition === undefined) return empty(key, definition, `the segment ${key} is not known`);
    if (isInCycle(key, referencesIn)) return empty(key, definition, `the segment ${key} contains itself`);
    if (before?.is === 'live' && isSame(before.definition, definition) && areCurrent(before.uses, find)) {
      return before;
    }
    return compileSegment(definition, referencesIn(key), find);
  };
  return { find, forms, candidates };
}

function empty(key: string, definition: SegmentDefinition | undefined, problem: string): SegmentForm {
  return { is: 'empty', key, definition, problem, test: nobody, weight: 1 };
}

function carriedOver(definitions: Snapshot['segments'], previous: CompiledSegments): Map<string, SegmentForm> {
  const carried = new Map<string, SegmentForm>();
  for (const [key, definition] of Object.entries(definitions)) {
    const form = previous.forms.get(key) ?? previous.candidates.get(key);
    if (form?.definition?.version === definition.version) carried.set(key, form);
  }
  return carried;
}

function compileSegment(
  definition: SegmentDefinition,
  references: readonly string[],
  findSegment: FindSegment,
): SegmentForm {
  const { key } = definition;
  const { find, uses } = noting(findSegment);
  const weight = references.reduce((sum, reference) => sum + find(reference).weight, 1);
  if (weight > MAX_SEGMENT_WEIGHT) return tooHeavy(key);
  const when = compileCondition(definition.when, find, noFlag);
  const members = definition.members && compileMembers(definition.members);
  const score = definition.score && compileScore(definition.score, find);
  const parents = (definition.parents ?? []).map(find);
  const exclusions = (definition.exclusions ?? []).map(find);
  const isNever = when.is === 'any' && when.parts.length === 0;
  const base = anyOf([...(isNever ? [] : [when]), members, score].flatMap((part) => part?.test ?? []));
  const excluded = anyOf(exclusions.map((segment) => segment.test));
  const tests = [...parents.map((segment) => segment.test), base];
  if (exclusions.length > 0) tests.push((context, now) => !excluded(context, now));
  const parts = { when, members, score, parents, exclusions };
  return { is: 'live', key, definition, test: allOf(tests), ...parts, uses: uses(), weight };
}

function compileMembers(source: Members): MembersForm {
  const read = readerOf(source.by ?? 'targetingKey', source.path);
  const lists = compileFingerprints(source);
  const test: Test = (context) => {
    const key = bucketingText(read(context));
    return key !== undefined && lists(key);
  };
  return { source, read, lists, test };
}

function compileScore(source: Score, find: FindSegment): ScoreForm {
  const rules = source.rules.map(({ weight, when }) => ({ weight, when: compileCondition(when, find, noFlag) }));
  const { threshold } = source;
  const test: Test = (context, now) => {
    let sum = 0;
    for (const { weight, when } of rules) if (when.test(context, now)) sum += weight;
    return sum >= threshold;
  };
  return { source, rules, test };
}

const noFlag: FindFlag = () => broken('a segment cannot ask what a flag serves');

function tooHeavy(key: string): never {
  return broken(`the segment ${key} is made of more than ${MAX_SEGMENT_WEIGHT} segments`);
}

function own<T>(entries: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/** Notes which segments are found. */
export function noting(find: FindSegment): {
  readonly find: FindSegment;
  readonly uses: () => ReadonlyMap<string, SegmentForm>;
} {
  let uses: Map<string, SegmentForm> | undefined;
  const findAndNote: FindSegment = (key) => {
    const form = find(key);
    uses ??= new Map();
    uses.set(key, form);
    return form;
  };
  return { find: findAndNote, uses: () => uses ?? NO_SEGMENTS };
}

/** Shared by the many that use none. */
const NO_SEGMENTS: ReadonlyMap<string, SegmentForm> = new Map();

export function areCurrent(uses: ReadonlyMap<string, SegmentForm>, find: FindSegment): boolean {
  for (const [key, form] of uses) if (!isSameForm(find(key), form)) return false;
  return true;
}

function isSameForm(one: SegmentForm, other: SegmentForm): boolean {
  return one === other || (one.is === 'empty' && other.is === 'empty' && one.problem === other.problem);
}
