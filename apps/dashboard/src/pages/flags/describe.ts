import type { Json } from '@spillway/evaluator';
import type { FlagServe } from '../../documents.ts';

export function describeServe(serve: FlagServe): string {
  if ('variant' in serve) return serve.variant;
  return serve.split.map((part) => `${formatPercentage(part.percentage)} ${part.variant}`).join(' · ');
}

/** At most three decimals, as the finest step is 0.001 %. */
export function formatPercentage(percentage: number): string {
  return `${Number(percentage.toFixed(3))} %`;
}

/** What a value looks like in a table: short, one line. */
export function shortValue(value: Json, limit = 48): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
