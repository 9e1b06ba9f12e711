/** Products whose definitions and contexts can be read. */
export const DIALECTS = ['configcat', 'flagd', 'flagsmith', 'growthbook', 'launchdarkly', 'unleash'] as const;

export type Dialect = (typeof DIALECTS)[number];

/** How flagd's `fractional` hashes: it has changed twice, and no file says for which it was written. */
export const FRACTIONAL_HASHES = ['v1', 'v2', 'v3'] as const;

export type FractionalHash = (typeof FRACTIONAL_HASHES)[number];
