import { percentile } from './percentile.ts';

/** In milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = Float64Array.from(samples).sort();
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: percentile(sorted, 1) };
}

export function row(name: string, { p50, p99, max }: Spread): string {
  return name.padEnd(38) + [p50, p99, max].map((value) => value.toFixed(2).padStart(9)).join('');
}
