/** A share from 0 to 1, and between which shares it lies with 95 % confidence. */
export interface ShareEstimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** The two-sided 95 % point of the normal distribution. */
const Z = 1.959964;

/** Wilson's interval: honest for few cases and for shares near 0 and 1, where the plain one is not. */
export function share95(hits: number, of: number): ShareEstimate {
  if (of === 0) return { estimate: 0, low: 0, high: 1 };
  const estimate = hits / of;
  const square = Z ** 2;
  const centre = (estimate + square / (2 * of)) / (1 + square / of);
  const reach = (Z / (1 + square / of)) * Math.sqrt((estimate * (1 - estimate)) / of + square / (4 * of ** 2));
  // At the ends rounding would leave a trace of what is exactly none or all.
  return {
    estimate,
    low: hits === 0 ? 0 : Math.max(0, centre - reach),
    high: hits === of ? 1 : Math.min(1, centre + reach),
  };
}
