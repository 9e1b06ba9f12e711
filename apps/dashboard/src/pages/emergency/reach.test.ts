import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activityWords, type CoveredFlag, connectionWords, covers, flagWords } from './reach.ts';

const state = (enabled: boolean) => ({ enabled }) as CoveredFlag['environments'][string];
const flag = (key: string, isOn: boolean, services: string[] = []): CoveredFlag => ({
  key,
  services,
  environments: { production: state(isOn), staging: state(false) },
});
const everywhere = { scope: 'global' as const, affects: [], environments: [] };
const over = (scope: 'feature' | 'service' | 'user_segment', ...affects: string[]) => ({
  scope,
  affects,
  environments: [],
});

test('K2: a switch covers what it names, all flags of its services, and every flag for everyone or a segment', () => {
  assert.equal(covers(over('feature', 'a'), flag('a', true)), true);
  assert.equal(covers(over('feature', 'a'), flag('b', true)), false);
  assert.equal(covers(over('service', 'shop'), flag('a', true, ['shop', 'web'])), true);
  assert.equal(covers(over('service', 'shop'), flag('a', true)), false);
  assert.equal(covers(everywhere, flag('a', true)), true);
  assert.equal(covers(over('user_segment', 'beta'), flag('a', true)), true);
});

test('K2: how many flags are on is told for where the switch acts', () => {
  const flags = [flag('a', true), flag('b', false), flag('c', true), flag('d', true), flag('e', true)];
  assert.equal(flagWords(everywhere, flags), '5 flags, 4 of them on: a, c, d and 1 more');
  assert.equal(flagWords(everywhere, flags.slice(0, 1)), '1 flag, on: a');
  const staging = { ...everywhere, environments: ['staging'] };
  assert.match(flagWords(staging, flags), /^5 flags, off where the switch acts/);
  assert.match(flagWords(everywhere, []), /^No flag/);
});

test('K2: who is connected is counted in the environments of the switch', () => {
  const connections = { production: { applications: 1, pages: 12 }, staging: { applications: 3, pages: 0 } };
  assert.match(connectionWords(everywhere, connections), /4 streams of applications, 12 streams of pages$/);
  assert.match(
    connectionWords({ ...everywhere, environments: ['production'] }, connections),
    /1 stream of applications, 12 streams of pages$/,
  );
  assert.match(connectionWords({ ...everywhere, environments: ['development'] }, connections), /^No SDK is connected/);
});

test('K2: answers of the last day are summed, those before it are not', () => {
  const part_ms = 6 * 3_600_000;
  const from = '2026-12-01T00:00:00.000Z';
  const parts = [100, 100, 100, 100, 1, 20, 300, 4_000];
  const now = Date.parse(from) + 7.5 * part_ms;
  const activity = { from, part_ms, flags: { a: { last_evaluated_at: null, parts } } };
  assert.equal(activityWords(activity, now), 'Asked for 4,321 times in the last day');
  const once = { a: { last_evaluated_at: null, parts: [0, 0, 0, 0, 1] } };
  assert.equal(activityWords({ ...activity, flags: once }, now), 'Asked for once in the last day');
  assert.equal(activityWords({ ...activity, flags: {} }, now), 'Not asked for in the last day');
});
