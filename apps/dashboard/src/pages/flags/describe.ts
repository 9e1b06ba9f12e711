import type { Json } from '@spillway/evaluator';

/** What a value looks like in a table: short, one line. */
export function shortValue(value: Json, limit = 48): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
