import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Condition, compile, evaluate, evaluateByClock, prepareAll, type Snapshot } from '../index.ts';
import { flag, NOW, segment, share, snapshot } from '../testing/definitions.ts';

const DAY_MS = 86_400_000;
const SOMEONE = { targetingKey: 'u1', plan: 'pro' };
const afterNoon = { op: 'DATE_AFTER', field: 'currentTime', value: NOW };
const dated: Condition = { attribute: 'currentTime', operator: 'imported', values: ['unleash', afterNoon] };
const pro: Condition = { attribute: 'plan', operator: 'equals', values: ['pro'] };
const on = (when: Condition) => ({
  rules: [{ id: 'r', when, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
});
const ramp = {
  ...{ variant: 'on', otherwise: 'off', from_percentage: 0, to_percentage: 100 },
  ...{ from_ms: NOW, to_ms: NOW + 1 },
};
const stages = { variant: 'on', otherwise: 'off', steps: [{ from_ms: NOW + 1, percentage: 100 }] };
const pick = (key: string, when: Condition) => segment(key, { when });

/** Every way in which a moment can reach an answer: off at noon, on a day later. */
const TIMED: Readonly<Record<string, Snapshot>> = {
  'a ramp': snapshot([flag({ fallthrough: { ramp } })]),
  stages: snapshot([flag({ fallthrough: { stages } })]),
  'the ramp of a rule': snapshot([flag({ rules: [{ id: 'r', when: pro, serve: { ramp } }], fallthrough: share(0) })]),
  "another product's condition": snapshot([flag(on(dated))]),
  'that condition within others': snapshot([flag(on({ all: [pro, { any: [{ not: { not: dated } }] }] }))]),
  'that condition in a segment': snapshot([flag(on({ segment: 's' }))], [pick('s', dated)]),
  'a segment of a segment': snapshot([flag(on({ segment: 't' }))], [pick('s', dated), pick('t', { segment: 's' })]),
  'the parent of a segment': snapshot(
    [flag(on({ segment: 't' }))],
    [pick('s', dated), segment('t', { when: { all: [] }, parents: ['s'] })],
  ),
  'the exclusion of a segment': snapshot(
    [flag(on({ segment: 't' }))],
    [pick('s', { not: dated }), segment('t', { when: { all: [] }, exclusions: ['s'] })],
  ),
  'the score of a segment': snapshot(
    [flag(on({ segment: 's' }))],
    [segment('s', { score: { rules: [{ when: dated, weight: 1 }], threshold: 1 } })],
  ),
  'a prerequisite': snapshot([
    flag({ prerequisites: [{ flag: 'base', variants: ['on'] }] }),
    flag({ key: 'base', ...on(dated) }),
  ]),
  'a kill switch over a segment': snapshot([flag()], [pick('s', { not: dated })], {
    switches: { k: { key: 'k', version: 1, scope: 'user_segment', affects: ['s'] } },
  }),
};

for (const [name, source] of Object.entries(TIMED)) {
  test(`F4: who is asked through ${name} is asked at the moment that the clock tells`, () => {
    const configuration = compile(source);
    let at = NOW;
    let looks = 0;
    const clock = () => {
      looks += 1;
      return at;
    };
    const ask = () => evaluateByClock(configuration, 'checkout', SOMEONE, clock, null).value;
    assert.equal(ask(), false);
    at = NOW + DAY_MS;
    assert.equal(ask(), true);
    assert.equal(looks, 2);
    assert.equal(evaluate(configuration, 'checkout', SOMEONE, NOW, null).value, false);
    assert.equal(evaluate(configuration, 'checkout', SOMEONE, NOW + DAY_MS, null).value, true);
  });
}

test('a flag that no moment changes is answered without a look at the clock', () => {
  const timeless: Readonly<Record<string, Snapshot>> = {
    'on for all': snapshot([flag()]),
    'a split': snapshot([flag({ fallthrough: share(50) })]),
    targets: snapshot([flag({ targets: [{ variant: 'off', keys: ['u1'] }] })]),
    'a segment that is not known': snapshot([flag(on({ segment: 'nowhere' }))]),
    'the score of a segment': snapshot(
      [flag(on({ segment: 's' }))],
      [segment('s', { score: { rules: [{ when: pro, weight: 1 }], threshold: 1 } })],
    ),
    rules: snapshot([flag(on({ all: [pro, { not: { segment: 's' } }] }))], [pick('s', { any: [pro] })]),
  };
  for (const [name, source] of Object.entries(timeless)) {
    const look = () => assert.fail(`${name} looks`);
    const answer = evaluateByClock(prepareAll(compile(source)), 'checkout', SOMEONE, look, null);
    assert.notEqual(answer.reason, 'ERROR', name);
  }
});

test('a flag that nobody has is not found whatever the time', () => {
  const look = () => assert.fail('it looks');
  assert.equal(evaluateByClock(compile(snapshot([])), 'gone', SOMEONE, look, 'fallback').errorCode, 'FLAG_NOT_FOUND');
});

test('a flag that looks at the time is told it whichever flag was asked before', () => {
  const timed = flag({ key: 'timed', fallthrough: { ramp } });
  const configuration = prepareAll(compile(snapshot([flag({ key: 'plain', fallthrough: share(50) }), timed])));
  const asked: string[] = [];
  const value = (key: string) => {
    const clock = () => {
      asked.push(key);
      return NOW + DAY_MS;
    };
    return evaluateByClock(configuration, key, SOMEONE, clock, null).value;
  };
  for (const key of ['plain', 'timed', 'plain', 'timed', 'timed', 'gone']) value(key);
  assert.deepEqual(asked, ['timed', 'timed', 'timed']);
  assert.equal(value('timed'), true);
});
