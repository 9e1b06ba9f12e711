/** A percentage as people say it: finer where it is small, never 0 % or 100 % when it is not. */
export function percentWords(percent: number): string {
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9) return '> 99.9 %';
  return `${percent < 10 || percent > 99 ? percent.toFixed(1) : Math.round(percent)} %`;
}
