import type { FlagType, Json, Operator } from '@spillway/evaluator';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** A variant's value as typed, by the flag's type. */
export function parseVariantValue(type: FlagType, text: string): Parsed<Json> {
  if (type === 'string') return { ok: true, value: text };
  if (type === 'number') {
    const value = Number(text);
    return text.trim() !== '' && Number.isFinite(value)
      ? { ok: true, value }
      : { ok: false, problem: 'must be a number' };
  }
  return parseJson(text);
}

export function parseJson(text: string): Parsed<Json> {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch (error) {
    return { ok: false, problem: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const NUMERIC: ReadonlySet<Operator> = new Set<Operator>([
  'greater_than',
  'greater_or_equal',
  'less_than',
  'less_or_equal',
  'between',
]);
const LITERAL: ReadonlySet<Operator> = new Set<Operator>(['equals', 'not_equals', 'in', 'not_in']);
const MANY: ReadonlySet<Operator> = new Set<Operator>(['in', 'not_in', 'between']);

/** How many values an operator takes. */
export function valueCount(operator: Operator): 'none' | 'one' | 'two' | 'many' {
  if (operator === 'exists') return 'none';
  if (operator === 'between') return 'two';
  return MANY.has(operator) ? 'many' : 'one';
}

/**
 * Values as typed. `42` and `true` are a number and a boolean, `"42"` is text; operators on text take everything as it
 * stands. Several values are separated by commas.
 */
export function parseValues(operator: Operator, text: string): Parsed<readonly Json[]> {
  const count = valueCount(operator);
  if (count === 'none') return { ok: true, value: [] };
  const parts = count === 'one' ? [text.trim()] : separated(text);
  if (parts.length === 0 || parts[0] === '') return { ok: false, problem: 'needs a value' };
  if (count === 'two' && parts.length !== 2) return { ok: false, problem: 'needs two values, as in 10, 20' };
  const values = parts.map((part) => (NUMERIC.has(operator) || LITERAL.has(operator) ? literal(part) : part));
  const wrong = NUMERIC.has(operator) ? values.find((value) => typeof value !== 'number') : undefined;
  if (wrong !== undefined) return { ok: false, problem: `${JSON.stringify(wrong)} is not a number` };
  return { ok: true, value: values };
}

/** The text that `parseValues` reads back as the same values. */
export function formatValues(operator: Operator, values: readonly Json[]): string {
  return values
    .map((value) => {
      if (typeof value !== 'string') return JSON.stringify(value);
      return LITERAL.has(operator) && !isBare(value) ? JSON.stringify(value) : value;
    })
    .join(', ');
}

/** Text that stands for itself: no quotes, commas or outer spaces, and not a number, `true`, `false` or `null`. */
function isBare(value: string): boolean {
  return value === value.trim() && value !== '' && !/[",\\]/.test(value) && typeof literal(value) === 'string';
}

function literal(part: string): Json {
  if (!/^(?:-?\d|"|true$|false$|null$)/.test(part)) return part;
  const parsed = parseJson(part);
  return parsed.ok ? parsed.value : part;
}

/** Splits at commas outside double quotes. */
function separated(text: string): readonly string[] {
  return (text.match(/(?:"(?:\\.|[^"\\])*"|[^,])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}
