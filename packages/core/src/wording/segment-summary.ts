import type { Json } from '@spillway/evaluator';
import { isSameJson } from '@spillway/evaluator/canonical';
import type { Segment, SegmentMembers } from '../segments/segment.ts';
import { formatAttribute } from './attributes.ts';
import { describeCondition } from './conditions.ts';
import { counted } from './counted.ts';
import { phraseOf } from './phrases.ts';

/** What a person reads of each part of a segment; nothing where there is none. */
const PARTS: readonly (readonly [name: string, textOf: (segment: Segment) => string])[] = [
  ['type', ({ type }) => type],
  ['name', ({ name }) => name],
  ['description', ({ description }) => description],
  ['owner', ({ owner }) => owner],
  ['tags', ({ tags }) => tags.join(', ')],
  ['who belongs:', ({ when }) => describeCondition(when)],
  ['score', ({ score }) => (score === undefined ? '' : JSON.stringify(score))],
  ['list by', ({ members }) => (members === undefined ? '' : attributeOf(members))],
  ['parents', ({ parents = [] }) => parents.join(', ')],
  ['exclusions', ({ exclusions = [] }) => exclusions.join(', ')],
  ['priority', ({ priority }) => (priority === undefined ? '' : String(priority))],
];

/** What a change did, in a line: `owner shop → web, list 3 → 5 members`. A side is undefined where the segment was not there. */
export function segmentSummary(before: Segment | undefined, after: Segment | undefined): string {
  if (after === undefined) return 'deleted';
  if (before === undefined) return `created, ${after.type}${listed(after)}`;
  const phrases = PARTS.flatMap(([name, textOf]) => {
    const [was, is] = [textOf(before), textOf(after)];
    return was === is ? [] : [phraseOf({ name, before: was, after: is })];
  });
  const all = [...phrases, ...keeperPhrases(before, after), ...listPhrases(before.members, after.members)];
  return all.length === 0 ? 'nothing that is shown changed' : all.join(', ');
}

function attributeOf({ by = 'targetingKey', path = [] }: SegmentMembers): string {
  return formatAttribute({ attribute: by, path });
}

function listed({ members }: Segment): string {
  return members === undefined ? '' : ` of ${counted(members.count, 'member')}`;
}

function keeperPhrases(before: Segment, { managed_by }: Segment): readonly string[] {
  return before.managed_by === managed_by ? [] : [`managed by ${managed_by ?? 'nobody'}`];
}

function listPhrases(before: SegmentMembers | undefined, after: SegmentMembers | undefined): readonly string[] {
  if (before === undefined)
    return after === undefined || after.count === 0 ? [] : [`list of ${counted(after.count, 'member')}`];
  if (after === undefined) return before.count === 0 ? [] : [`list of ${counted(before.count, 'member')} given up`];
  if (before.count !== after.count) return [`list ${before.count} → ${counted(after.count, 'member')}`];
  return isSameJson(chunksOf(before), chunksOf(after))
    ? []
    : [`list of ${counted(after.count, 'member')}, others than before`];
}

function chunksOf({ chunks }: SegmentMembers): Json {
  return chunks.map(({ digest }) => digest);
}
