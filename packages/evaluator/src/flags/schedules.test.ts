import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Configuration, compile, evaluate, explain, type ServeDefinition } from '../index.ts';
import { flag, NOW, share, snapshot } from '../testing/definitions.ts';

const served = (fallthrough: ServeDefinition) => compile(snapshot([flag({ fallthrough })]));

const ramp = (from: number, to: number) =>
  served({
    ramp: {
      variant: 'on',
      otherwise: 'off',
      from_ms: NOW,
      to_ms: NOW + 1_000_000,
      from_percentage: from,
      to_percentage: to,
    },
  });

const USERS = Array.from({ length: 2_000 }, (_, index) => ({ targetingKey: `user-${index}` }));

/** Who is on, in the order of `USERS`. */
function crowd(configuration: Configuration, now: number): boolean[] {
  return USERS.map((user) => evaluate(configuration, 'checkout', user, now, null).value === true);
}

function isWithin(some: readonly boolean[], all: readonly boolean[]): boolean {
  return some.every((is, index) => !is || all[index] === true);
}

test('F5: while a ramp rises nobody leaves; while it falls nobody comes, and who came last goes first', () => {
  const moments = Array.from({ length: 30 }, (_, index) => NOW - 100_000 + index * 45_000);
  const rising = moments.map((now) => crowd(ramp(5, 80), now));
  const falling = moments.map((now) => crowd(ramp(80, 5), now));
  for (let index = 1; index < moments.length; index += 1) {
    assert.ok(isWithin(rising[index - 1] ?? [], rising[index] ?? []), `rising, step ${index}`);
    assert.ok(isWithin(falling[index] ?? [], falling[index - 1] ?? []), `falling, step ${index}`);
  }
  // The same share is the same people, whichever way it was reached, and whether by a ramp or by hand.
  const half = crowd(served(share(42.5)), NOW);
  assert.deepEqual(crowd(ramp(5, 80), NOW + 500_000), half);
  assert.deepEqual(crowd(ramp(80, 5), NOW + 500_000), half);
});

test('F5: a ramp stopped and gone on with moves nobody', () => {
  const at = NOW + 313_131;
  const trace = explain(ramp(0, 100), 'checkout', { targetingKey: 'u' }, at, null).trace;
  assert.ok(trace.schedule?.is === 'ramp');
  const reached = trace.schedule.share / 1_000;
  const stopped = crowd(served(share(reached)), at + 1_000);
  assert.deepEqual(stopped, crowd(ramp(0, 100), at));
  assert.ok(isWithin(stopped, crowd(ramp(reached, 100), NOW + 1)));
});

test('F5: stages begin at their times, everyone gets the other variant before, and the last one stays', () => {
  const steps = [
    { from_ms: NOW, percentage: 10 },
    { from_ms: NOW + 1_000, percentage: 50 },
    { from_ms: NOW + 2_000, split: [{ variant: 'on', percentage: 100 }] },
  ];
  const staged = served({ stages: { variant: 'on', otherwise: 'off', steps } });
  const count = (now: number) => crowd(staged, now).filter((on) => on).length;
  assert.equal(count(NOW - 1), 0);
  assert.deepEqual(crowd(staged, NOW), crowd(served(share(10)), NOW));
  assert.deepEqual(crowd(staged, NOW + 999), crowd(served(share(10)), NOW));
  assert.deepEqual(crowd(staged, NOW + 1_000), crowd(served(share(50)), NOW));
  assert.equal(count(NOW + 2_000), USERS.length);
  assert.equal(count(NOW + 1e12), USERS.length);
  const nobody = evaluate(staged, 'checkout', {}, NOW - 1, null);
  assert.deepEqual([nobody.variant, nobody.reason], ['off', 'SPLIT']);
  assert.equal(evaluate(staged, 'checkout', {}, NOW, null).errorCode, 'TARGETING_KEY_MISSING');
});

test('F5: the share of a ramp never leaves its ends and moves one way only, whatever the moments', () => {
  const moment = fc.double({ min: -1e15, max: 1e15, noNaN: true });
  const percentage = fc.integer({ min: 0, max: 100_000 }).map((shares) => shares / 1_000);
  fc.assert(
    fc.property(
      percentage,
      percentage,
      moment,
      fc.double({ min: 0, max: 1e13, noNaN: true }),
      moment,
      moment,
      (low, high, from, length, one, other) => {
        const times = { from_ms: from, to_ms: from + length, from_percentage: low, to_percentage: high };
        const configuration = served({ ramp: { variant: 'on', otherwise: 'off', ...times } });
        const [first, second] = [one, other]
          .sort((a, b) => a - b)
          .map((now) => {
            const { schedule } = explain(configuration, 'checkout', { targetingKey: 'u' }, now, null).trace;
            return schedule?.is === 'ramp' ? schedule.share : Number.NaN;
          });
        const [start, end] = [Math.round(low * 1_000), Math.round(high * 1_000)];
        assert.ok(first !== undefined && second !== undefined);
        assert.ok(Math.min(start, end) <= first && first <= Math.max(start, end));
        assert.ok(start <= end ? first <= second : first >= second);
      },
    ),
  );
});

test('F5: a schedule that cannot be is an ERROR of its flag', () => {
  const base = { variant: 'on', otherwise: 'off' };
  const ramp = { ...base, from_ms: 1, to_ms: 2, from_percentage: 0, to_percentage: 1 };
  const [early, late] = [
    { from_ms: 1, percentage: 2 },
    { from_ms: 2, percentage: 1 },
  ];
  const wrong: readonly (readonly [ServeDefinition, RegExp])[] = [
    [{ ramp: { ...ramp, from_ms: 3 } }, /ramp ends after/],
    [{ ramp: { ...ramp, to_percentage: 101 } }, /percentage is 0 to 100/],
    [{ ramp: { ...ramp, to_percentage: 0.0001 } }, /three decimals/],
    [{ ramp: { ...ramp, otherwise: 'purple' } }, /purple/],
    [{ stages: { ...base, steps: [late, early] } }, /order of their times/],
    [{ stages: { otherwise: 'off', steps: [late] } }, /says of which variant/],
    [{ stages: { ...base, steps: [{ from_ms: 2, split: [{ variant: 'on', percentage: 1 }] }] } }, /sum to 100/],
    [{ value: 'not a boolean' }, /not a boolean/],
  ];
  for (const [fallthrough, problem] of wrong) {
    const answer = evaluate(served(fallthrough), 'checkout', { targetingKey: 'u' }, NOW, 'fallback');
    assert.equal(answer.errorCode, 'PARSE_ERROR', JSON.stringify(fallthrough));
    assert.match(answer.errorMessage ?? '', problem);
  }
});

test('F3: a served value has no variant', () => {
  const configuration = compile(
    snapshot([flag({ type: 'json', variants: [{ name: 'off', value: null }], fallthrough: { value: { a: [1] } } })]),
  );
  const answer = evaluate(configuration, 'checkout', {}, NOW, null);
  assert.deepEqual([answer.value, 'variant' in answer, answer.reason], [{ a: [1] }, false, 'STATIC']);
  assert.ok(Object.isFrozen(answer.value));
});

test('F5: before the first stage, and in a ramp that is yet to begin, nobody has it, in years before 1970 too', () => {
  const steps = [{ from_ms: NOW, percentage: 100 }];
  const staged = served({ stages: { variant: 'on', otherwise: 'off', steps } });
  for (const now of [-NOW, -1, 0, NOW - 1]) {
    assert.equal(evaluate(staged, 'checkout', { targetingKey: 'u' }, now, null).value, false);
    assert.equal(evaluate(ramp(0, 100), 'checkout', { targetingKey: 'u' }, now, null).value, false);
  }
});
