import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlagServe } from '../../../documents.ts';
import { stateIn } from '../flag-state.ts';
import { partsNow } from '../serve-now.ts';
import {
  advanced,
  completed,
  deliveriesOf,
  EVERYONE_ELSE,
  held,
  phaseOf,
  resumed,
  type Schedule,
  stoppedSchedule,
  takenBack,
  withServe,
} from './delivery.ts';

const now = Date.parse('2026-12-02T12:00:00Z');
const HOUR_MS = 3_600_000;
const ramp = {
  ramp: {
    variant: 'on',
    otherwise: 'off',
    from: '2026-12-02T00:00:00Z',
    to: '2026-12-03T00:00:00Z',
    from_percentage: 0,
    to_percentage: 100,
  },
};
const stages = {
  stages: {
    variant: 'on',
    otherwise: 'off',
    steps: [
      { from: '2026-12-02T00:00:00Z', percentage: 5 },
      { from: '2026-12-03T00:00:00Z', percentage: 25 },
      { from: '2026-12-05T00:00:00Z', percentage: 100 },
    ],
  },
};
const split = (on: number) => ({
  split: [
    { variant: 'on', percentage: on },
    { variant: 'off', percentage: 100 - on },
  ],
});

/** Off first, as many flags have it: the order of the variants must not become that of the buckets. */
const flag = {
  key: 'checkout',
  type: 'boolean',
  description: '',
  owner: '',
  tags: [],
  services: [],
  variants: [
    { name: 'off', value: false },
    { name: 'on', value: true },
  ],
  lifecycle: 'active',
  version: 1,
  environments: {},
} as const;
const state = stateIn({ ...flag, variants: [...flag.variants], tags: [], services: [] }, 'production');

test('F5: shares, stages and ramps are found where they are served; one variant for all is none of them', () => {
  const rule = (id: string, serve: FlagServe) => ({
    id,
    when: { attribute: 'a', operator: 'equals' as const, values: [1] },
    serve,
  });
  const found = deliveriesOf({
    ...state,
    rules: [rule('beta', ramp), rule('plain', { variant: 'on' })],
    fallthrough: stages,
  });
  assert.deepEqual(
    found.map(({ id, name }) => [id, name]),
    [
      ['beta', 'beta'],
      [EVERYONE_ELSE, 'Everyone else'],
    ],
  );
  assert.equal(deliveriesOf({ ...state, fallthrough: split(5) })[0]?.name, 'Everyone');
  assert.deepEqual(deliveriesOf(state), []);
});

test('F5: a schedule is planned before its first moment, complete from its last one on', () => {
  const at = (text: string) => Date.parse(text);
  for (const [serve, end] of [
    [ramp, '2026-12-03T00:00:00Z'],
    [stages, '2026-12-05T00:00:00Z'],
  ] as const) {
    assert.equal(phaseOf(serve, at('2026-12-01T23:59:59Z')), 'planned');
    assert.equal(phaseOf(serve, at('2026-12-02T00:00:00Z')), 'under_way');
    assert.equal(phaseOf(serve, at(end) - 1), 'under_way');
    assert.equal(phaseOf(serve, at(end)), 'complete');
  }
  assert.equal(phaseOf(split(5), now), 'by_hand');
});

test('F5: a hold keeps the share and the order of buckets, so that nobody moves', () => {
  assert.deepEqual(held(ramp, now), split(50));
  assert.deepEqual(held(ramp, now + 1_234), { split: partsNow(ramp, now + 1_234) });
  assert.deepEqual(held(stages, now), split(5));
  assert.deepEqual(held(stages, now - 24 * HOUR_MS), split(0));
});

test('F5: the next stage begins now, and those after it keep their distance', () => {
  assert.deepEqual(advanced(stages, now), {
    stages: {
      ...stages.stages,
      steps: [
        { from: '2026-12-02T00:00:00Z', percentage: 5 },
        { from: '2026-12-02T12:00:00Z', percentage: 25 },
        { from: '2026-12-04T12:00:00Z', percentage: 100 },
      ],
    },
  });
  assert.equal(advanced(stages, Date.parse('2026-12-06T00:00:00Z')), undefined);
  assert.equal(advanced(ramp, now), undefined);
});

test('F5: completed is where the schedule ends, taken back what was there before it', () => {
  assert.deepEqual(completed(stages), { variant: 'on' });
  assert.deepEqual(completed({ ramp: { ...ramp.ramp, to_percentage: 40 } }), split(40));
  assert.deepEqual(takenBack(stages), { variant: 'off' });
  assert.deepEqual(takenBack(ramp), { variant: 'off' });
});

const holding = (schedule: Schedule, at_ms: number) => ({
  at_ms,
  version: 2,
  before: { ...flag, environments: { production: withServe(state, EVERYONE_ELSE, schedule) } },
  after: { ...flag, environments: { production: withServe(state, EVERYONE_ELSE, held(schedule, at_ms)) } },
});
const standing = (schedule: Schedule, at_ms: number) => {
  const [found] = deliveriesOf(withServe(state, EVERYONE_ELSE, held(schedule, at_ms)));
  assert.ok(found !== undefined && 'split' in found.serve);
  return { id: found.id, serve: found.serve };
};

test('F5: a held schedule goes on from where it stood, in the time it had left', () => {
  const later = now + 5 * HOUR_MS;
  const one = standing(ramp, now);
  const stopped = stoppedSchedule([holding(ramp, now)], 'production', one);
  assert.ok(stopped !== undefined);
  const again = resumed(stopped, one.serve, later);
  assert.deepEqual(again, {
    ramp: { ...ramp.ramp, from: '2026-12-02T17:00:00Z', to: '2026-12-03T05:00:00Z', from_percentage: 50 },
  });
  assert.deepEqual(partsNow(again, later), one.serve.split);

  const other = standing(stages, now);
  const staged = stoppedSchedule([holding(stages, now)], 'production', other);
  assert.ok(staged !== undefined);
  const goingOn = resumed(staged, other.serve, later);
  assert.deepEqual(partsNow(goingOn, later), other.serve.split);
  assert.ok('stages' in goingOn);
  assert.deepEqual(
    goingOn.stages.steps.map(({ from }) => from),
    ['2026-12-02T00:00:00Z', '2026-12-03T05:00:00Z', '2026-12-05T05:00:00Z'],
  );
});

test('F5: shares that somebody chose otherwise since are not gone on with', () => {
  const one = standing(ramp, now);
  const chosen = {
    ...holding(ramp, now),
    after: { ...flag, environments: { production: { ...state, fallthrough: split(7) } } },
  };
  assert.equal(stoppedSchedule([chosen, holding(ramp, now)], 'production', one), undefined);
  assert.equal(stoppedSchedule([holding(ramp, now)], 'staging', one), undefined);
  assert.equal(stoppedSchedule([], 'production', one), undefined);
  // Five per cent is not where the ramp of stages stood.
  const jumped = { id: EVERYONE_ELSE, serve: split(60) };
  const entry = {
    ...holding(stages, now),
    after: { ...flag, environments: { production: { ...state, fallthrough: split(60) } } },
  };
  assert.equal(stoppedSchedule([entry], 'production', jumped), undefined);
});
