import { type Json, type Operator, parseInstant, parseVersion, patternProblem } from '@spillway/evaluator';
import { MAX_PATTERN_LENGTH } from './limits.ts';

/** How many values an operator takes, and what is wrong with one of them. */
export interface Operand {
  readonly count: 'none' | 'one' | 'two' | 'many';
  readonly problem: (value: Json) => string | undefined;
}

export const MAX_VALUE_LENGTH = 4_096;

function scalar(value: Json): string | undefined {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return finite(value);
  return typeof value === 'boolean' ? undefined : 'must be text, a number or true/false';
}

function text(value: Json): string | undefined {
  if (typeof value !== 'string') return 'must be text';
  if (value.length > MAX_VALUE_LENGTH) return `must be at most ${MAX_VALUE_LENGTH} characters long`;
  return value.isWellFormed() ? undefined : 'must be well-formed Unicode';
}

function finite(value: Json): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
}

function version(value: Json): string | undefined {
  const ok = typeof value === 'string' && value.length <= MAX_VALUE_LENGTH && parseVersion(value) !== undefined;
  return ok ? undefined : 'must be a semantic version such as "1.4.0"';
}

function instant(value: Json): string | undefined {
  if (parseInstant(value) !== undefined) return undefined;
  return 'must be an instant such as "2026-01-31T12:00:00Z", or milliseconds since 1970';
}

function pattern(value: Json): string | undefined {
  if (typeof value !== 'string') return 'must be a regular expression as text';
  if (value.length > MAX_PATTERN_LENGTH) return `must be at most ${MAX_PATTERN_LENGTH} characters long`;
  const problem = patternProblem(value);
  return problem === undefined ? undefined : `must be a regular expression that can be used: ${problem}`;
}

const one = (problem: Operand['problem']): Operand => ({ count: 'one', problem });
const many = (problem: Operand['problem']): Operand => ({ count: 'many', problem });

export const OPERANDS: Readonly<Record<Operator, Operand>> = {
  equals: one(scalar),
  not_equals: one(scalar),
  contains: one(scalar),
  not_contains: one(scalar),
  in: many(scalar),
  not_in: many(scalar),
  greater_than: one(finite),
  greater_or_equal: one(finite),
  less_than: one(finite),
  less_or_equal: one(finite),
  between: { count: 'two', problem: finite },
  starts_with: one(text),
  ends_with: one(text),
  regex: one(pattern),
  semver_equals: one(version),
  semver_greater_than: one(version),
  semver_greater_or_equal: one(version),
  semver_less_than: one(version),
  semver_less_or_equal: one(version),
  before: one(instant),
  after: one(instant),
  exists: { count: 'none', problem: () => undefined },
  imported: { count: 'two', problem: () => undefined },
};
