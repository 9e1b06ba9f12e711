import { type Condition, importedProblem, type Json, parseInstant, unitPatternProblem } from '@spillway/evaluator';
import { allOf, anyOf, cannotCarry } from '../report.ts';
import { isSource, listOf, numberOf, type Source, sourcesOf, textOf, textsOf } from '../source.ts';

export type Segments = Readonly<Record<string, unknown>>;
const NEVER: Condition = { any: [] };
const MAX_SEGMENT_DEPTH = 3;

export function clausesOf(clauses: unknown, segments: Segments, visited: readonly string[] = []): Condition {
  return allOf(sourcesOf(clauses, 'clauses').map((clause) => clauseOf(clause, segments, visited)));
}

function clauseOf(clause: Source, segments: Segments, visited: readonly string[]): Condition {
  const op = textOf(clause.op, 'the op of a clause');
  const isNegated = clause.negate === true;
  if (op === 'segmentMatch') {
    const found = anyOf(
      textsOf(clause.values, 'the segments of a clause').map((key) => segmentOf(key, segments, visited)),
    );
    return isNegated ? { not: found } : found;
  }
  const { kind, path } = placeOf(clause.attribute, clause.contextKind, 'a clause');
  return imported({ ...matchOf(op, clause.values), kind, path, ...(isNegated ? { negate: true } : {}) });
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
  const usable = op === 'matches' ? values.filter((value) => typeof value === 'string' && isPattern(value)) : values;
  checkValues(op, usable);
  return { op, values: usable };
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

export function imported(written: Readonly<Record<string, Json>>): Condition {
  const values = ['launchdarkly', written] as const;
  const problem = importedProblem(values);
  if (problem !== undefined) return cannotCarry(problem);
  const [first = 'key'] = written.path as readonly string[];
  return { attribute: first, operator: 'imported', values };
}

const DATES: ReadonlySet<string> = new Set(['before', 'after']);

function checkValues(op: string, values: readonly Json[]): void {
  for (const value of values) {
    if (op === 'matches' && typeof value === 'string') checkPattern(value);
    if (DATES.has(op) && parseInstant(value) === undefined) {
      cannotCarry(
        `${JSON.stringify(value)} is not an RFC 3339 date with an offset, and engines read others differently`,
      );
    }
  }
}

function checkPattern(pattern: string): void {
  const problem = unitPatternProblem(pattern);
  if (problem !== undefined) cannotCarry(`the pattern ${pattern} cannot be used here: ${problem}`);
}

/** Without a context kind, a name is taken literally; with one, a leading slash makes it a path. */
export function placeOf(attribute: unknown, contextKind: unknown, where: string): { kind: string; path: string[] } {
  const name = textOf(attribute, `the attribute of ${where}`);
  if (name === '') return cannotCarry(`the attribute of ${where} is empty`);
  if (typeof contextKind !== 'string' || contextKind === '') return { kind: 'user', path: [name] };
  if (!name.startsWith('/')) return { kind: contextKind, path: [name] };
  const path = name.slice(1).split('/');
  if (path.some((part) => part === '' || /~(?![01])/.test(part))) {
    return cannotCarry(`${name} is not a reference to an attribute`);
  }
  return { kind: contextKind, path: path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')) };
}

export function listed(kind: unknown, keys: unknown): Condition {
  const values = textsOf(keys, 'the keys of a target');
  if (values.length === 0) return NEVER;
  const of = typeof kind === 'string' && kind !== '' ? kind : 'user';
  return imported({ op: 'in', kind: of, path: ['key'], values });
}

export function segmentOf(key: string, segments: Segments, visited: readonly string[]): Condition {
  const segment = Object.hasOwn(segments, key) ? segments[key] : undefined;
  if (!isSource(segment) || segment.deleted === true) return NEVER;
  if (visited.includes(key)) return cannotCarry(`the segment ${key} refers to itself`);
  if (segment.unbounded === true) return cannotCarry(`the list of the big segment ${key} is not in the file`);
  if (visited.length >= MAX_SEGMENT_DEPTH)
    return cannotCarry(`its segments refer to one another more than ${MAX_SEGMENT_DEPTH} deep`);
  const inside = lists(segment.included, segment.includedContexts);
  const outside = lists(segment.excluded, segment.excludedContexts);
  const rules = sourcesOf(segment.rules, 'the rules of a segment').map((rule) =>
    segmentRule(rule, segment, key, segments, [...visited, key]),
  );
  const byRule = outside.length === 0 ? rules : [{ all: [{ not: anyOf(outside) }, anyOf(rules)] }];
  return anyOf([...inside, ...(rules.length === 0 ? [] : byRule)]);
}

function lists(users: unknown, contexts: unknown): Condition[] {
  return [
    listed('user', nonEmpty(users)),
    ...sourcesOf(contexts, 'the contexts of a segment').map((each) => listed(each.contextKind, nonEmpty(each.values))),
  ].filter((condition) => condition !== NEVER);
}

/** An empty key is listed in vain: segments pass it over. */
function nonEmpty(keys: unknown): readonly string[] {
  return textsOf(keys, 'the keys of a segment').filter((key) => key !== '');
}

function segmentRule(
  rule: Source,
  segment: Source,
  key: string,
  segments: Segments,
  visited: readonly string[],
): Condition {
  const when = clausesOf(rule.clauses, segments, visited);
  if (rule.weight === undefined || rule.weight === null) return when;
  const below = numberOf(rule.weight, 'the weight of a segment rule') / 100_000;
  const { kind, path } = placeOf(rule.bucketBy || 'key', rule.rolloutContextKind, 'a segment rule');
  const salt = typeof segment.salt === 'string' ? segment.salt : '';
  return allOf([when, imported({ op: 'bucket', kind, path, seed: `${key}.${salt}`, below })]);
}
