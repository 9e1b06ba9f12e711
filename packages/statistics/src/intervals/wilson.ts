export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The quantile of the standard normal distribution that leaves 2.5 % above it: for a confidence of 95 %. */
export const Z_95 = 1.959963984540054;

/**
 * Wilson's score interval for a proportion of `hits` among `trials` that were drawn at random: Wilson, E. B. (1927),
 * "Probable inference, the law of succession, and statistical inference", JASA 22, 209–212; method 3 of Newcombe (1998),
 * Statistics in Medicine 17, 857–872. It keeps its promise for small samples and for proportions near 0 and 1, and never
 * leaves [0, 1]. Nothing drawn says nothing: both ends are met, so it is the whole of [0, 1].
 */
export function wilsonInterval(hits: number, trials: number, z: number = Z_95): Interval {
  const share = hits / trials;
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * trials)) / trials);
  const centre = share + (z * z) / (2 * trials);
  const scale = 1 + (z * z) / trials;
  return {
    low: hits === 0 ? 0 : Math.max(0, (centre - spread) / scale),
    high: hits === trials ? 1 : Math.min(1, (centre + spread) / scale),
  };
}
