import type { CallOutput } from '@spillway/contract';
import { counted } from '@spillway/core/wording/counted';
import { CALLED_AS } from './called-as.ts';
import { changesText } from './changes-text.ts';
import { bar, table } from './terminal.ts';
import type { Found } from './versions-view.ts';

type Segment = CallOutput<'getSegment'>;
type Estimate = CallOutput<'estimateSegment'>;
type Overlap = CallOutput<'segmentOverlap'>;

export function segmentRow({ key, type, members, description }: Segment): string[] {
  return [key, type, members === undefined ? '-' : String(members.count), description];
}

export function describeSegment(one: Segment & { readonly used_by: CallOutput<'segmentDependents'> }): string {
  const { flags, segments, switches } = one.used_by;
  const uses = [...flags.map((key) => `flag ${key}`), ...segments.map((key) => `segment ${key}`)];
  const lines = [
    `${one.key} (${one.type}, version ${one.version})`,
    ...(one.description === '' ? [] : [one.description]),
    `when: ${JSON.stringify(one.when)}`,
    ...(one.members === undefined ? [] : [`members: ${one.members.count} by ${one.members.by ?? 'targetingKey'}`]),
    ...(one.score === undefined ? [] : [`score: ${JSON.stringify(one.score)}`]),
    ...(one.parents === undefined ? [] : [`parents: ${one.parents.join(', ')}`]),
    ...(one.exclusions === undefined ? [] : [`exclusions: ${one.exclusions.join(', ')}`]),
    `used by: ${[...uses, ...switches.map((key) => `kill switch ${key}`)].join(', ') || 'nothing'}`,
  ];
  return lines.join('\n');
}

export function describeRestored({ key, type, version, members }: Segment): string {
  return `${key} (${type}, version ${version})${members === undefined ? '' : `\nmembers: ${members.count}`}`;
}

/** Where the parts of a list are kept says nothing to people, only that others are listed. */
export function segmentChangesText(changes: Found['changes']): readonly string[] {
  const told = changes.filter(({ path }) => !path.startsWith('/members/chunks'));
  return [
    ...changesText(told),
    ...(told.length === changes.length ? [] : ['    /members: not the same ones are listed']),
  ];
}

export function describeImport(key: string, { count, added, removed }: CallOutput<'importMembers'>): string {
  return `${key} lists ${counted(count, 'member')} (${added} added, ${removed} removed)`;
}

export function estimateText({ profiles, sampled, exact, members, low, high, share }: Estimate): string {
  const percentage = `${(share * 100).toFixed(1)} %`;
  if (profiles === 0)
    return `There are no profiles to tell by. Upload some with \`${CALLED_AS} profiles upload FILE\`.`;
  if (exact) return `${members} of ${profiles} profiles (${percentage})`;
  return `about ${members} of ${profiles} profiles (${percentage}); between ${low} and ${high} with 95 % confidence, by ${sampled} of them`;
}

export function overlapText({ segments, pairs, combinations, none, profiles, sampled }: Overlap): string {
  const exactly = combinations.map(({ segments: keys, count, percentage }) => [
    keys.length === 1 ? `${keys[0]} alone` : keys.join(' + '),
    String(count),
    `${percentage} %`,
    bar(percentage),
  ]);
  const each = (values: readonly (number | null)[]) => values.map((value) => (value === null ? '-' : `${value} %`));
  return [
    table(
      ['SEGMENT', 'PROFILES', '%', ''],
      segments.map((one) => [one.segment, String(one.count), `${one.percentage} %`, bar(one.percentage)]),
    ),
    '',
    table(
      ['IN COMMON', 'PROFILES', '% OF EACH'],
      pairs.map((one) => [one.segments.join(' and '), String(one.count), each(one.percentage_of_each).join(', ')]),
    ),
    '',
    table(['EXACTLY', 'PROFILES', '%', ''], [...exactly, ['none of them', String(none), '', '']]),
    '',
    `by ${sampled} of ${profiles} profiles`,
  ].join('\n');
}

export function historyTable({ items }: CallOutput<'segmentMembership'>): string {
  const rows = items.map((one) => [
    one.at,
    String(one.members),
    `+${one.entered}`,
    `-${one.left}`,
    `${one.sampled} of ${one.profiles}`,
  ]);
  return table(['AT', 'MEMBERS', 'ENTERED', 'LEFT', 'PROFILES LOOKED AT'], rows);
}
