import { type Condition, importedProblem, type Json } from '@spillway/evaluator';
import { readPattern } from '../patterns.ts';
import { allOf, anyOf, cannotCarry } from '../report.ts';
import type { SegmentShelf } from '../segments.ts';
import { listOf, numberOf, type Source, sourcesOf, textOf, textsOf } from '../source.ts';
import { isLive } from './payload.ts';

const NEVER: Condition = { any: [] };

/** What one flag is translated among; every clause counts, because segments may ask one another ever more often. */
export interface Surroundings {
  /** Undefined when the file leaves them out. */
  readonly segments: Source | undefined;
  /** Which segment a condition was made of, for those that can be one here. */
  readonly origins: Map<Condition, string>;
  readonly shelf: SegmentShelf;
  budget: number;
}

const MAX_CLAUSES = 5_000;
const MAX_SEGMENT_DEPTH = 20;

export function surroundingsOf(segments: Source | undefined, shelf: SegmentShelf): Surroundings {
  return { segments, origins: new Map(), shelf, budget: MAX_CLAUSES };
}

export function clausesOf(clauses: unknown, around: Surroundings, visited: readonly string[] = []): Condition {
  // Without a list, SDKs disagree on whether the rule is for everybody or for nobody.
  if (!Array.isArray(clauses)) return cannotCarry('a rule has no list of clauses');
  return allOf(sourcesOf(clauses, 'clauses').map((clause) => clauseOf(clause, around, visited)));
}

function clauseOf(clause: Source, around: Surroundings, visited: readonly string[]): Condition {
  around.budget -= 1;
  if (around.budget < 0) return cannotCarry(`its rules come to more than ${MAX_CLAUSES} clauses with their segments`);
  const op = textOf(clause.op, 'the op of a clause');
  if (!Array.isArray(clause.values)) return cannotCarry('a clause has no list of values');
  const isNegated = flagged(clause.negate, 'the negate of a clause');
  if (op === 'segmentMatch') {
    const found = anyOf(
      textsOf(clause.values, 'the segments of a clause').map((key) => segmentOf(key, around, visited)),
    );
    return isNegated ? { not: found } : found;
  }
  const { kind, path } = placeOf(clause.attribute, clause.contextKind, 'a clause');
  return imported({ ...matchOf(op, clause.values), kind, path, ...(isNegated ? { negate: true } : {}) });
}

/** Left out or null is false. */
function flagged(value: unknown, name: string): boolean {
  if (value === undefined || value === null) return false;
  return typeof value === 'boolean' ? value : cannotCarry(`${name} is neither true nor false`);
}

const OPERATORS: ReadonlySet<string> = new Set([
  ...['in', 'startsWith', 'endsWith', 'contains', 'matches', 'lessThan', 'lessThanOrEqual', 'greaterThan'],
  ...['greaterThanOrEqual', 'before', 'after', 'semVerEqual', 'semVerLessThan', 'semVerGreaterThan', 'segmentMatch'],
]);

/** Operators of clauses, anywhere in a part of the payload, that no value is known to meet. */
export function unknownOperatorsIn(part: unknown): readonly string[] {
  const found = new Set<string>();
  JSON.stringify(part, (name, value: unknown) => {
    if (name === 'op' && typeof value === 'string' && !OPERATORS.has(value)) found.add(value);
    return value;
  });
  return [...found];
}

/** What matches nothing, negated or not, is looked for among nothing: an operator that is not known, a pattern that is none. */
function matchOf(op: string, given: unknown): { readonly op: string; readonly values: readonly Json[] } {
  const values = listOf(given, 'the values of a clause') as readonly Json[];
  if (!OPERATORS.has(op)) return { op: 'in', values: [] };
  if (op !== 'matches') return { op, values };
  return { op, values: values.flatMap((value) => (typeof value === 'string' ? (readPattern(value) ?? []) : [])) };
}

export function imported(written: Readonly<Record<string, Json>>, attribute?: string): Condition {
  const values = ['launchdarkly', written] as const;
  const problem = importedProblem(values);
  if (problem !== undefined) return cannotCarry(problem);
  const [first = 'key'] = attribute === undefined ? (written.path as readonly string[]) : [attribute];
  return { attribute: first.toWellFormed().slice(0, MAX_ATTRIBUTE_LENGTH), operator: 'imported', values };
}

const MAX_ATTRIBUTE_LENGTH = 256;

/** Without a context kind, a name is taken literally; with one, a leading slash makes it a path. */
export function placeOf(attribute: unknown, contextKind: unknown, where: string): { kind: string; path: string[] } {
  const name = textOf(attribute, `the attribute of ${where}`);
  if (name === '') return cannotCarry(`the attribute of ${where} is empty`);
  // Some SDKs take it for users, others find no context of such a kind.
  if (contextKind === '') return cannotCarry(`the context kind of ${where} is empty`);
  if (contextKind === undefined || contextKind === null) return { kind: 'user', path: [name] };
  if (typeof contextKind !== 'string') return cannotCarry(`the context kind of ${where} is not text`);
  if (/^\/?_meta(\/|$)/.test(name)) return cannotCarry(`${name} is not a reference to an attribute`);
  if (!name.startsWith('/')) return { kind: contextKind, path: [name] };
  const path = name.slice(1).split('/');
  if (path.some((part) => part === '' || /~(?![01])/.test(part))) {
    return cannotCarry(`${name} is not a reference to an attribute`);
  }
  return { kind: contextKind, path: path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')) };
}

export function listed(kind: unknown, keys: unknown): Condition {
  if (!Array.isArray(keys)) return cannotCarry('a target has no list of keys');
  const values = textsOf(keys, 'the keys of a target');
  if (values.length === 0) return NEVER;
  const of = kind ? textOf(kind, 'the context kind of a target') : 'user';
  return imported({ op: 'in', kind: of, path: ['key'], values });
}

export function segmentOf(key: string, around: Surroundings, visited: readonly string[]): Condition {
  if (around.segments === undefined) return cannotCarry(`the segment ${key} is not in the file`);
  const segment = Object.hasOwn(around.segments, key) ? around.segments[key] : undefined;
  if (!isLive(segment)) return NEVER;
  if (visited.includes(key)) return cannotCarry(`the segment ${key} refers to itself`);
  if (segment.unbounded) return cannotCarry(`the list of the big segment ${key} is not in the file`);
  if (visited.length >= MAX_SEGMENT_DEPTH) {
    return cannotCarry(`its segments refer to one another more than ${MAX_SEGMENT_DEPTH} deep`);
  }
  const inside = lists(segment.included, segment.includedContexts);
  const outside = lists(segment.excluded, segment.excludedContexts);
  const rules = sourcesOf(segment.rules, 'the rules of a segment').map((rule) =>
    segmentRule(rule, segment, key, around, [...visited, key]),
  );
  const byRule = outside.length === 0 ? rules : [{ all: [{ not: anyOf(outside) }, anyOf(rules)] }];
  const parts = [...inside, ...(rules.length === 0 ? [] : byRule)];
  const [only] = parts;
  // An object of its own, which no other segment is known by.
  const found =
    parts.length === 1 && only !== undefined && around.origins.has(only) ? { any: parts } : { ...anyOf(parts) };
  around.origins.set(found, key);
  return found;
}

function lists(users: unknown, contexts: unknown): Condition[] {
  return [
    listed('user', nonEmpty(users)),
    ...sourcesOf(contexts, 'the contexts of a segment').map(({ contextKind, values }) =>
      contextKind === ''
        ? cannotCarry('the context kind of a segment is empty')
        : listed(contextKind, nonEmpty(values)),
    ),
  ].filter((condition) => condition !== NEVER);
}

/** An empty key is listed in vain: segments pass it over. */
function nonEmpty(keys: unknown): readonly string[] {
  return textsOf(keys, 'the keys of a segment').filter((key) => key !== '');
}

/** What a flag or a segment is hashed with, beside what a context is hashed by. */
export function seedOf(key: string, salt: unknown): string {
  return `${key}.${salt ? textOf(salt, 'its salt') : ''}`;
}

function segmentRule(
  rule: Source,
  segment: Source,
  key: string,
  around: Surroundings,
  visited: readonly string[],
): Condition {
  const when = clausesOf(rule.clauses, around, visited);
  if (rule.weight === undefined || rule.weight === null) return when;
  const below = numberOf(rule.weight, 'the weight of a segment rule') / 100_000;
  const { kind, path } = placeOf(rule.bucketBy || 'key', rule.rolloutContextKind, 'a segment rule');
  return allOf([when, imported({ op: 'bucket', kind, path, seed: seedOf(key, segment.salt), below })]);
}
