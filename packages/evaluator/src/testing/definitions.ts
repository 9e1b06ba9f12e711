import type { FlagDefinition, SegmentDefinition, Snapshot } from '../index.ts';

export const NOW = 1_800_000_000_000;

/** A boolean flag that is on for everyone, but for the changes. */
export function flag(changes: Partial<FlagDefinition> = {}): FlagDefinition {
  const key = changes.key ?? 'checkout';
  return {
    key,
    version: 1,
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    services: [],
    enabled: true,
    off_variant: 'off',
    targets: [],
    rules: [],
    fallthrough: { variant: 'on' },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: key },
    ...changes,
  };
}

export function segment(key: string, changes: Partial<SegmentDefinition> = {}): SegmentDefinition {
  return { key, version: 1, when: { any: [] }, ...changes };
}

export function snapshot(
  flags: readonly FlagDefinition[],
  segments: readonly SegmentDefinition[] = [],
  changes: Partial<Snapshot> = {},
): Snapshot {
  return {
    format: 'spillway.snapshot/1',
    project: 'default',
    environment: 'production',
    number: 1,
    flags: Object.fromEntries(flags.map((each) => [each.key, each])),
    segments: Object.fromEntries(segments.map((each) => [each.key, each])),
    switches: {},
    ...changes,
  };
}

/** `percentage` of users get `on`. */
export function share(percentage: number) {
  return {
    split: [
      { variant: 'on', percentage },
      { variant: 'off', percentage: 100 - percentage },
    ],
  };
}
