import type { Json } from '@spillway/evaluator';
import { describeValue } from '../../conditions/describe-condition.ts';
import type { FlagServe } from '../../documents.ts';

export function describeServe(serve: FlagServe): string {
  if ('variant' in serve) return serve.variant;
  if ('split' in serve) {
    return serve.split.map((part) => `${formatPercentage(part.percentage)} ${part.variant}`).join(' · ');
  }
  if ('value' in serve) return `the value ${describeValue(serve.value)}`;
  if ('stages' in serve) {
    const { variant, otherwise, steps } = serve.stages;
    return `${variant ?? 'shares'} in ${steps.length} stages from ${steps[0]?.from ?? 'now'}, before that ${otherwise}`;
  }
  const { variant, from_percentage, to_percentage, from, to } = serve.ramp;
  const shares = `${formatPercentage(from_percentage)} to ${formatPercentage(to_percentage)}`;
  return `${shares} ${variant}, from ${from} to ${to}`;
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
