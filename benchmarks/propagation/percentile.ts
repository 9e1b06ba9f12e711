/** The nearest-rank percentile of an ascending list, rounded to a hundredth. */
export function percentile(sorted: ArrayLike<number>, q: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
  return Math.round(value * 100) / 100;
}
