import { describeCondition } from '@spillway/core/wording';
import { saysNobody } from './definition.ts';
import type { Segment } from './queries.ts';

export const TYPE_WORDS: Readonly<Record<Segment['type'], string>> = {
  rule_based: 'Rules',
  composite: 'Combination',
  list: 'List',
};

/** Who belongs, in one English line. */
export function whoBelongs(segment: Segment): string {
  const { when, members, score, parents = [], exclusions = [] } = segment;
  const ways: string[] = [];
  if (members !== undefined) ways.push(`${members.count.toLocaleString('en')} listed`);
  if (!saysNobody(when)) ways.push(describeCondition(when));
  if (score !== undefined) ways.push(`a score of ${score.threshold} or more`);
  const among = parents.length === 0 ? '' : `within ${parents.join(' and ')}: `;
  const without = exclusions.length === 0 ? '' : `, never ${exclusions.join(' or ')}`;
  return `${among}${ways.length === 0 ? 'nobody yet' : ways.join('; or ')}${without}`;
}
