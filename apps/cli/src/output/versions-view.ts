import type { CallOutput } from '@spillway/contract';

export type Listed = CallOutput<'flagHistory' | 'segmentHistory'>;
export type Found = CallOutput<'compareFlagVersions' | 'compareSegmentVersions'>;

export function historyRows(items: Listed['items']): readonly string[][] {
  return items.map(({ version, at_ms, actor, summary, reason }) => [
    version === 0 ? '-' : String(version),
    new Date(at_ms).toISOString(),
    actor,
    summary,
    reason,
  ]);
}

export function comparisonText(
  key: string,
  { from, to, changes }: Found,
  differences: (changes: Found['changes']) => readonly string[],
): string {
  if (changes.length === 0) return `${key} is the same at versions ${from} and ${to}`;
  return [`${key}, version ${from} → ${to}`, ...differences(changes)].join('\n');
}
