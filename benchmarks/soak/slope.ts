/** How a series moves, by least squares, with the interval that holds the true slope in 95 of 100 cases. */
export interface Slope {
  /** In the series' unit for one unit of time. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

/** Of the normal distribution; the series here have 50 points or more. */
const Z_95 = 1.96;

/**
 * Times and values in pairs. Neighbours in a series of measurements resemble one another, which makes fewer of them than
 * there are: the interval is widened by the residuals' correlation with the ones before.
 */
export function slopeOf(times: readonly number[], values: readonly number[]): Slope {
  const count = times.length;
  const meanTime = meanOf(times);
  const mean = meanOf(values);
  const offsets = times.map((time) => time - meanTime);
  const spread = sumOf(offsets.map((offset) => offset * offset));
  const slope = sumOf(offsets.map((offset, index) => offset * ((values[index] ?? mean) - mean))) / spread;
  const residuals = values.map((value, index) => value - mean - slope * (offsets[index] ?? 0));
  const squares = sumOf(residuals.map((residual) => residual * residual));
  const products = sumOf(residuals.slice(1).map((residual, index) => residual * (residuals[index] ?? 0)));
  const correlation = squares === 0 ? 0 : Math.min(0.95, Math.max(0, products / squares));
  const error = Math.sqrt((squares / (count - 2) / spread) * ((1 + correlation) / (1 - correlation)));
  return { slope, low: slope - Z_95 * error, high: slope + Z_95 * error, mean };
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
