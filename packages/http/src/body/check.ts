import type { FieldProblem } from '@spillway/core';
import { z } from 'zod';
import { RequestRefused } from '../problem.ts';
import { WHOLE_BODY } from './read.ts';
import { escapePointer } from './scan.ts';

/** More than this helps nobody and would make an answer as large as the question. */
export const MAX_FIELD_PROBLEMS = 20;

/**
 * How a part of the request is named in `errors[].field`: a JSON Pointer into the body, `?name` for a query parameter,
 * `{name}` for a path parameter, `body` for the body as a whole, otherwise a header.
 */
export type Part = 'body' | 'query' | 'path';

/** The parsed value, or `RequestRefused` with every field that breaks a rule. */
export function check<S extends z.ZodType>(schema: S, value: unknown, part: Part): z.output<S> {
  // What `safeParse` does, but for the words: it would write them for every problem, and there may be 20,000.
  const settings = { error: describe, async: false } as const;
  const parsed = schema._zod.run({ value, issues: [] }, settings);
  if (parsed instanceof Promise) throw new TypeError('a schema of the contract is asynchronous');
  if (parsed.issues.length === 0) return parsed.value as z.output<S>;
  const fields = parsed.issues
    .slice(0, MAX_FIELD_PROBLEMS)
    .flatMap((issue) => fieldProblems(z.core.util.finalizeIssue(issue, settings, z.core.config()), []))
    .slice(0, MAX_FIELD_PROBLEMS)
    .map(({ path, message }) => ({ field: name(path, part), message }));
  throw new RequestRefused('invalid', sentence(fields), { fields });
}

interface Found {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function fieldProblems(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): readonly Found[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MAX_FIELD_PROBLEMS).map((key) => ({
      path: [...path, key],
      message: 'is not a field here; check its spelling or leave it out',
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return nearest(
      issue.errors.map((branch) => branch.flatMap((inner) => fieldProblems(inner, []))),
      path,
    );
  }
  return [{ path, message: issue.message }];
}

/**
 * Of several allowed forms, what is wrong with the one the sender most likely meant: the one with the fewest problems
 * at its own level, for there the forms differ.
 */
function nearest(branches: readonly (readonly Found[])[], above: readonly PropertyKey[]): readonly Found[] {
  const ranked = branches
    .map((found) => ({ found, own: found.filter(({ path }) => path.length <= 1).length }))
    .sort((a, b) => a.own - b.own || a.found.length - b.found.length);
  return (ranked[0]?.found ?? []).map(({ path, message }) => ({ path: [...above, ...path], message }));
}

function name(path: readonly PropertyKey[], part: Part): string {
  if (part === 'body') return path.map((step) => `/${escapePointer(String(step))}`).join('') || WHOLE_BODY;
  const first = String(path[0] ?? '');
  return part === 'query' ? `?${first}` : `{${first}}`;
}

function sentence(fields: readonly FieldProblem[]): string {
  const [first] = fields;
  if (first === undefined) return 'The request breaks a rule.';
  const subject = first.field === WHOLE_BODY ? 'The body' : `\`${first.field}\``;
  const more = fields.length === 1 ? '' : ` (and ${fields.length - 1} more, see errors)`;
  return `${subject} ${first.message}${more}.`;
}

const ARTICLE: Readonly<Record<string, string>> = { array: 'a list', object: 'an object', int: 'a whole number' };

/** Says in plain words what a field must be; undefined leaves zod's own words. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${ARTICLE[issue.expected] ?? `a ${issue.expected}`}, not ${kindOf(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((one) => JSON.stringify(one)).join(', ')}`;
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_key':
      return `is not a valid name here: it ${issue.issues[0]?.message ?? 'breaks a rule'}`;
    default:
      return undefined;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') return `must have ${relation} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `must have ${relation} ${limit} entries`;
  return `must be ${relation} ${limit}`;
}

function kindOf(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'number' && !Number.isFinite(input)) return 'a number too large to represent';
  return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
}
