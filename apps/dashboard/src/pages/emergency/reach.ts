import type { CallOutput } from '@spillway/contract';
import { client } from '../../api.ts';
import type { Flag, KillSwitch, RolloutDocument } from '../../documents.ts';

const PAGE = 500;
/** Beyond as many flags the number alone has to do. */
const MOST_PAGES = 20;
const DAY_MS = 86_400_000;

export type CoveredFlag = Pick<Flag, 'key' | 'services' | 'environments'>;
type Covering = Pick<KillSwitch, 'scope' | 'affects' | 'environments'>;
type Connections = CallOutput<'listConnections'>['environments'];
type Activity = CallOutput<'flagActivity'>;

/** How far a switch reaches, read before it is fired; what could not be read is left out, for nothing may hold it up. */
export async function readReach(item: Covering, rollouts: readonly RolloutDocument[]): Promise<readonly string[]> {
  const [flags, connections, people] = await Promise.all([flagsOf(item), connectionsNow(), peopleIn(item)]);
  const covered = flags?.filter((flag) => covers(item, flag));
  return [
    covered === undefined ? undefined : flagWords(item, covered),
    people,
    covered === undefined ? undefined : await asked(covered),
    connections === undefined ? undefined : connectionWords(item, connections),
    rolloutWords(item, rollouts),
  ].filter((line) => line !== undefined);
}

export function covers({ scope, affects }: Covering, flag: CoveredFlag): boolean {
  if (scope === 'feature') return affects.includes(flag.key);
  return scope !== 'service' || flag.services.some((service) => affects.includes(service));
}

/** `3 flags, 2 of them on: checkout, search` */
export function flagWords(item: Covering, flags: readonly CoveredFlag[]): string {
  if (flags.length === 0) return 'No flag: nothing changes for anybody';
  const on = flags.filter(({ environments }) =>
    Object.entries(environments).some(([name, { enabled }]) => enabled && isIn(item, name)),
  );
  const count = counted(flags.length, 'flag');
  if (on.length === 0) return `${count}, off where the switch acts: nothing changes for anybody`;
  const named = on.slice(0, 3).map(({ key }) => key);
  const names =
    on.length > named.length ? `${named.join(', ')} and ${on.length - named.length} more` : named.join(', ');
  return on.length === flags.length ? `${count}, on: ${names}` : `${count}, ${on.length} of them on: ${names}`;
}

/** `4 applications and 12 pages are connected here now` */
export function connectionWords(item: Covering, connections: Connections): string {
  const within = Object.entries(connections).filter(([name]) => isIn(item, name));
  const sum = (of: 'applications' | 'pages') => within.reduce((total, [, each]) => total + each[of], 0);
  const [applications, pages] = [sum('applications'), sum('pages')];
  if (applications + pages === 0)
    return 'No SDK is connected to this server now; those that poll follow when they ask next';
  return `Connected now, and told at once: ${counted(applications, 'stream')} of applications, ${counted(pages, 'stream')} of pages`;
}

/** Answers of the last day, with the present part of it; undefined while nobody asked. */
export function activityWords({ from, part_ms, flags }: Activity, now: number): string {
  const parts = Math.ceil(DAY_MS / part_ms);
  const upto = Math.floor((now - Date.parse(from)) / part_ms) + 1;
  const answers = Object.values(flags).flatMap((flag) => flag.parts.slice(Math.max(0, upto - parts), upto));
  const sum = answers.reduce((total, part) => total + part, 0);
  if (sum === 0) return 'Not asked for in the last day';
  return sum === 1 ? 'Asked for once in the last day' : `Asked for ${sum.toLocaleString('en')} times in the last day`;
}

/** A switch over a service, or over everything, holds what is being released there. */
export function rolloutWords(item: Covering, rollouts: readonly RolloutDocument[]): string | undefined {
  if (item.scope !== 'service' && item.scope !== 'global') return undefined;
  const held = rollouts.filter(
    ({ plan }) =>
      isIn(item, plan.environment) &&
      (item.scope === 'global' || plan.stages.some(({ service }) => item.affects.includes(service))),
  );
  return held.length === 0 ? undefined : `Held where they are: rollouts ${held.map(({ key }) => key).join(', ')}`;
}

function isIn({ environments }: Covering, name: string): boolean {
  return environments.length === 0 || environments.includes(name);
}

async function flagsOf(item: Covering): Promise<readonly CoveredFlag[] | undefined> {
  if (item.scope === 'feature') return namedFlags(item.affects);
  const found: CoveredFlag[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { limit: PAGE, lifecycle: 'active' as const, ...(cursor === undefined ? {} : { cursor }) };
    const result = await client.call('listFlags', { query });
    if (!result.ok) return undefined;
    found.push(...result.value.items);
    cursor = result.value.next;
    if (cursor === undefined) return found;
  }
  return undefined;
}

async function namedFlags(keys: readonly string[]): Promise<readonly CoveredFlag[] | undefined> {
  const results = await Promise.all(keys.slice(0, PAGE).map((key) => client.call('getFlag', { params: { key } })));
  const flags = results.flatMap((result) => (result.ok ? [result.value] : []));
  return flags.length === keys.length ? flags : undefined;
}

async function asked(covered: readonly CoveredFlag[]): Promise<string | undefined> {
  if (covered.length === 0 || covered.length > PAGE) return undefined;
  const result = await client.call('flagActivity', { body: { flags: covered.map(({ key }) => key) } });
  return result.ok ? activityWords(result.value, Date.now()) : undefined;
}

async function connectionsNow(): Promise<Connections | undefined> {
  const result = await client.call('listConnections', {});
  return result.ok ? result.value.environments : undefined;
}

async function peopleIn({ scope, affects }: Covering): Promise<string | undefined> {
  if (scope !== 'user_segment') return undefined;
  const sizes = await Promise.all(affects.map((key) => client.call('estimateSegment', { params: { key } })));
  const words = sizes.flatMap((size, place) =>
    size.ok && size.value.profiles > 0
      ? [
          `${affects[place]}: about ${size.value.members.toLocaleString('en')} of ${counted(size.value.profiles, 'profile')}`,
        ]
      : [],
  );
  return words.length === 0 ? undefined : words.join('; ');
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
