import type { Snapshot } from '@spillway/evaluator';

const YEAR_MS = 365 * 24 * 3_600_000;
const FROM = Date.UTC(2025, 6, 1);

/** Adds flags that use what the measured ones do not, and active switches that reach only those. */
export function withEverything(snapshot: Snapshot): Snapshot {
  const [first] = Object.values(snapshot.flags);
  if (first === undefined) return snapshot;
  const base = {
    ...first,
    type: 'boolean',
    variants: [
      { name: 'true', value: true },
      { name: 'false', value: false },
    ],
    off_variant: 'false',
    rules: [],
    enabled: true,
    services: ['elsewhere'],
  } as const;
  const ramp = { variant: 'true', otherwise: 'false', from_ms: FROM, to_ms: FROM + YEAR_MS };
  const extra = [
    { ...base, key: 'more-ramp', fallthrough: { ramp: { ...ramp, from_percentage: 0, to_percentage: 100 } } },
    {
      ...base,
      key: 'more-stages',
      fallthrough: {
        stages: { variant: 'true', otherwise: 'false', steps: [{ from_ms: FROM, percentage: 10 }] },
      },
    },
    {
      ...base,
      key: 'more-prerequisite',
      prerequisites: [{ flag: 'more-ramp', variants: ['true'] }],
      fallthrough: { variant: 'true' },
    },
    {
      ...base,
      key: 'more-targets',
      targets: [{ variant: 'true', keys: ['someone'] }],
      fallthrough: { variant: 'false' },
    },
  ];
  return {
    ...snapshot,
    flags: { ...snapshot.flags, ...Object.fromEntries(extra.map((flag) => [flag.key, flag])) },
    switches: {
      elsewhere: { key: 'elsewhere', version: 1, scope: 'service', affects: ['elsewhere'] },
      stages: { key: 'stages', version: 1, scope: 'feature', affects: ['more-stages'] },
    },
  };
}
