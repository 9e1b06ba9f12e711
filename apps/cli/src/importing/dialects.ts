/** Products whose definitions and contexts can be read. */
export const DIALECTS = ['configcat', 'flagd', 'flagsmith', 'growthbook', 'launchdarkly', 'unleash'] as const;

export type Dialect = (typeof DIALECTS)[number];
