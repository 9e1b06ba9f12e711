import type { CallOutput } from '@spillway/contract';

type Previews = CallOutput<'previewFlag'>['environments'];
type PreviewIn = Previews[string];
type SegmentPreviews = CallOutput<'previewSegment'>['environments'];
type Compared = Pick<PreviewIn, 'changed' | 'share' | 'transitions'>;

/** Transitions shown of each flag; all are in the JSON form. */
const MOST = 5;

/** What a change of a flag would do and whom its rules are about, environment by environment. */
export function previewText(previews: Previews): string {
  return Object.entries(previews)
    .map(([environment, preview]) => [...previewLines(environment, preview), ...ruleLines(preview)].join('\n'))
    .join('\n\n');
}

function ruleLines({ sample, rules }: PreviewIn): readonly string[] {
  if (sample.contexts === 0) return [];
  return rules.map(({ id, matches, decides }) => `  rule ${id} matches ${matches}, decides for ${decides}`);
}

export function previewLines(environment: string, preview: PreviewIn): readonly string[] {
  const { sample, dependents, dependents_left_out } = preview;
  if (sample.contexts === 0) return [`${environment}: ${sample.hint ?? 'there are no contexts to try it on'}`];
  return [
    `${environment}: ${changedOf(preview, sample)}`,
    ...transitionLines(preview),
    ...Object.entries(dependents).map(([key, { changed }]) => `  ${key} requires it: ${changed} change with it`),
    ...(dependents_left_out === 0 ? [] : [`  ${dependents_left_out} more flags that require it were not looked at`]),
  ];
}

export function segmentPreviewText(previews: SegmentPreviews): string {
  return Object.entries(previews)
    .map(([environment, { sample, members, flags, flags_left_out }]) => {
      if (sample.contexts === 0) return `${environment}: ${sample.hint ?? 'there are no contexts to try it on'}`;
      const { before, after, entered, left } = members;
      const lines = [`${environment}: ${before} members would be ${after} (${entered} come, ${left} go)`];
      for (const [key, preview] of Object.entries(flags)) {
        lines.push(`  ${key}: ${changedOf(preview, sample)}`, ...transitionLines(preview).map((line) => `  ${line}`));
      }
      if (flags_left_out > 0) lines.push(`  ${flags_left_out} more flags that use it were not looked at`);
      return lines.join('\n');
    })
    .join('\n\n');
}

function changedOf({ changed, share }: Compared, { contexts, from, newest_at }: PreviewIn['sample']): string {
  const whom = from === 'recent' ? 'recent contexts' : 'contexts';
  const last = newest_at === null ? '' : `; last seen ${newest_at}`;
  return `${changed} of ${contexts} ${whom} change (${percent(share.estimate)}; ${percent(share.low)} to ${percent(share.high)} with 95 % confidence${last})`;
}

function transitionLines({ transitions }: Pick<Compared, 'transitions'>): readonly string[] {
  const lines = transitions
    .slice(0, MOST)
    .map(({ from, to, count }) => `  ${nameOf(from)} → ${nameOf(to)}  ${String(count)}`);
  return transitions.length > MOST ? [...lines, `  … and ${transitions.length - MOST} more`] : lines;
}

function nameOf({ variant, value }: PreviewIn['transitions'][number]['from']): string {
  return variant ?? JSON.stringify(value);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
