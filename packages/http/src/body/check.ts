import { checkAgainst, type Found } from '@spillway/contract';
import type { FieldProblem } from '@spillway/core';
import type { z } from 'zod';
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
  const checked = checkAgainst(schema, value, MAX_FIELD_PROBLEMS);
  if (checked.ok) return checked.value;
  throw refuseFields(problemsOf(checked.found, part));
}

/** Broken rules with their places as this part of the request names them. */
export function problemsOf(found: readonly Found[], part: Part): readonly FieldProblem[] {
  return found.map(({ path, message }) => ({ field: name(path, part), message }));
}

export function refuseFields(fields: readonly FieldProblem[]): RequestRefused {
  return new RequestRefused('invalid', sentence(fields), { fields });
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
