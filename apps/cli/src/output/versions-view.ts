import type { CallOutput } from '@spillway/contract';
import { table } from './terminal.ts';

export type Listed = CallOutput<'flagHistory' | 'segmentHistory'>;
export type Found = CallOutput<'compareFlagVersions' | 'compareSegmentVersions'>;

/** A row for each change and below it what it did, a place a line: one cell of it all would be wider than any terminal. */
export function historyText(items: Listed['items']): string {
  const cells = items.map(({ version, at_ms, actor, reason }) => [
    version === 0 ? '-' : String(version),
    new Date(at_ms).toISOString(),
    actor,
    reason,
  ]);
  const [header, ...rows] = table(['VERSION', 'WHEN', 'WHO', 'WHY'], cells).split('\n');
  const below = items.map(({ summary = '' }) =>
    summary === '' ? [] : summary.split('; ').map((part) => `    ${part}`),
  );
  return [header, ...rows.flatMap((row, index) => [row.trimEnd(), ...(below[index] ?? [])])].join('\n');
}

export function comparisonText(
  key: string,
  { from, to, changes }: Found,
  differences: (changes: Found['changes']) => readonly string[],
): string {
  if (changes.length === 0) return `${key} is the same at versions ${from} and ${to}`;
  return [`${key}, version ${from} → ${to}`, ...differences(changes)].join('\n');
}
