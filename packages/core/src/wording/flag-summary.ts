import type { Flag } from '../flags/flag.ts';
import { enumerate } from '../problems.ts';
import { environmentDeeds } from './environment-changes.ts';
import { statesOf } from './flag-changes.ts';
import { detailChanges, detailsOf } from './flag-details.ts';
import { phraseOf } from './phrases.ts';

const MAX_PHRASES = 12;

/**
 * What a change did, in a line: `production: turned on, rule 2 added, rollout of on 10 % → 25 %; owner shop → web`. A side
 * is undefined where the flag was not there.
 */
export function flagSummary(before: Flag | undefined, after: Flag | undefined): string {
  if (after === undefined) return 'deleted';
  if (before === undefined) return createdText(after);
  const groups = [
    {
      place: '',
      phrases: [...endingPhrases(before, after), ...detailChanges(detailsOf(before), detailsOf(after)).map(phraseOf)],
    },
    ...statesOf(before, after).map(({ environment, was, is }) => ({
      place: `${environment}: `,
      phrases: environmentDeeds(was, is).map(phraseOf),
    })),
  ].filter(({ phrases }) => phrases.length > 0);
  return groups.length === 0 ? 'nothing that is shown changed' : limited(groups);
}

interface Group {
  readonly place: string;
  readonly phrases: readonly string[];
}

function limited(groups: readonly Group[]): string {
  let room = MAX_PHRASES;
  const said: string[] = [];
  for (const { place, phrases } of groups) {
    const shown = phrases.slice(0, room);
    room -= shown.length;
    if (shown.length > 0) said.push(`${place}${shown.join(', ')}`);
  }
  const all = groups.reduce((sum, { phrases }) => sum + phrases.length, 0);
  return all > MAX_PHRASES ? `${said.join('; ')}; and ${all - MAX_PHRASES} more` : said.join('; ');
}

function createdText({ lifecycle, environments }: Flag): string {
  const on = Object.keys(environments).filter((name) => environments[name]?.enabled);
  const state = on.length === 0 ? 'off everywhere' : `on in ${enumerate(on)}`;
  return `created, ${lifecycle === 'archived' ? 'archived' : state}`;
}

function endingPhrases(before: Flag, after: Flag): readonly string[] {
  const owner = after.managed_by;
  return [
    ...(before.lifecycle === after.lifecycle ? [] : [after.lifecycle === 'archived' ? 'archived' : 'brought back']),
    ...(before.managed_by === owner ? [] : [owner === undefined ? 'managed by nobody' : `managed by ${owner}`]),
  ];
}
