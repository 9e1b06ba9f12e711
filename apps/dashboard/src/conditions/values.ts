import { losesDigits, lostDigits, numbersThatLoseDigits } from '@spillway/core';
import type { FlagType, Json, Operator } from '@spillway/evaluator';
import { OPERATORS, type Operand } from './operators.ts';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** A variant's value as typed, by the flag's type. */
export function parseVariantValue(type: FlagType, text: string): Parsed<Json> {
  if (type === 'string') return { ok: true, value: text };
  if (type === 'number') {
    const value = Number(text);
    if (losesDigits(text.trim())) return { ok: false, problem: lostDigits(text.trim()) };
    return text.trim() !== '' && Number.isFinite(value)
      ? { ok: true, value }
      : { ok: false, problem: 'must be a number' };
  }
  return parseJson(text);
}

export function parseJson(text: string): Parsed<Json> {
  try {
    const value = JSON.parse(text) as Json;
    const [lost] = numbersThatLoseDigits(text);
    return lost === undefined ? { ok: true, value } : { ok: false, problem: `${lost} ${lostDigits(lost)}` };
  } catch (error) {
    return { ok: false, problem: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Those whose values may be numbers or true/false as well as text. */
const LITERAL: ReadonlySet<Operand> = new Set<Operand>(['scalar', 'scalars']);

/**
 * Values as typed. `42` and `true` are a number and a boolean, `"42"` is text; operators on text take everything as it
 * stands. Several values are separated by commas.
 */
export function parseValues(operator: Operator, text: string): Parsed<readonly Json[]> {
  const { operand } = OPERATORS[operator];
  if (operand === 'nothing') return { ok: true, value: [] };
  if (operand === 'imported') return parseImported(text);
  // Spaces count where text is compared piece by piece.
  if (operand === 'text' || operand === 'pattern') {
    return text === '' ? { ok: false, problem: 'needs a value' } : { ok: true, value: [text] };
  }
  const parts = operand === 'scalars' || operand === 'range' ? separated(text) : [text.trim()];
  if (parts.length === 0 || parts[0] === '') return { ok: false, problem: 'needs a value' };
  if (operand === 'range') return parseRange(parts);
  if (operand === 'number') return parseNumbers(parts);
  if (operand === 'instant') return parseMoment(parts);
  if (!LITERAL.has(operand)) return { ok: true, value: parts };
  const lost = parts.find(losesDigits);
  return lost === undefined
    ? { ok: true, value: parts.map(literal) }
    : { ok: false, problem: `${lost} ${lostDigits(lost)}` };
}

/** The name of a dialect and a test in it, as JSON: it is translated by a machine and seldom touched by hand. */
function parseImported(text: string): Parsed<readonly Json[]> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  return Array.isArray(parsed.value) ? { ok: true, value: parsed.value } : { ok: false, problem: 'needs a list' };
}

/** A number stays one: the API takes milliseconds as well as text. */
function parseMoment(parts: readonly string[]): Parsed<readonly Json[]> {
  const [text = ''] = parts;
  if (instantOf(text) === undefined) return { ok: false, problem: 'needs a date and time' };
  return { ok: true, value: [/^-?\d+$/.test(text) ? Number(text) : text] };
}

function parseRange(parts: readonly string[]): Parsed<readonly Json[]> {
  if (parts.length !== 2) return { ok: false, problem: 'needs two values, as in 10, 20' };
  const range = parseNumbers(parts);
  if (!range.ok) return range;
  const [low = 0, high = 0] = range.value;
  return low <= high ? range : { ok: false, problem: 'needs the lower value first' };
}

function parseNumbers(parts: readonly string[]): Parsed<readonly number[]> {
  const wrong = parts.find((part) => !Number.isFinite(Number(part)));
  if (wrong !== undefined) return { ok: false, problem: `${JSON.stringify(wrong)} is not a number` };
  const lost = parts.find(losesDigits);
  if (lost !== undefined) return { ok: false, problem: `${lost} ${lostDigits(lost)}` };
  return { ok: true, value: parts.map(Number) };
}

/** The moment that an instant's text names: RFC 3339, a date alone, or milliseconds since 1970. */
export function instantOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed)) return Number(trimmed);
  const at = trimmed === '' ? Number.NaN : Date.parse(trimmed);
  return Number.isNaN(at) ? undefined : at;
}

/** The text that `parseValues` reads back as the same values. */
export function formatValues(operator: Operator, values: readonly Json[]): string {
  const { operand } = OPERATORS[operator];
  if (operand === 'imported') return JSON.stringify(values);
  const isLiteral = LITERAL.has(operand);
  return values
    .map((value) => {
      if (typeof value !== 'string') return JSON.stringify(value);
      return isLiteral && !isBare(value) ? JSON.stringify(value) : value;
    })
    .join(', ');
}

/** Text that stands for itself: no quotes, commas or outer spaces, and not a number, `true`, `false` or `null`. */
function isBare(value: string): boolean {
  return value === value.trim() && value !== '' && !/[",\\\n]/.test(value) && typeof literal(value) === 'string';
}

function literal(part: string): Json {
  if (!/^(?:-?\d|"|true$|false$|null$)/.test(part)) return part;
  const parsed = parseJson(part);
  return parsed.ok ? parsed.value : part;
}

/** Splits at commas and line ends outside double quotes. */
function separated(text: string): readonly string[] {
  return (text.match(/(?:"(?:\\.|[^"\\])*"|[^,\n])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}
