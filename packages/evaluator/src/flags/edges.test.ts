import assert from 'node:assert/strict';
import { test } from 'node:test';
import { belongsTo, compile, encodeMembers, evaluate, explain, type FlagDefinition } from '../index.ts';
import { flag, NOW, segment, snapshot } from '../testing/definitions.ts';

test('F5: a ramp is at its ends exactly at their instants, and a millisecond within them it is on its way', () => {
  const length = 100_000;
  const between = (from_percentage: number, to_percentage: number) => {
    const ends = { from_ms: NOW, to_ms: NOW + length, from_percentage, to_percentage };
    const configuration = compile(
      snapshot([flag({ fallthrough: { ramp: { variant: 'on', otherwise: 'off', ...ends } } })]),
    );
    return (at: number) => {
      const { schedule } = explain(configuration, 'checkout', { targetingKey: 'u' }, NOW + at, null).trace;
      return schedule?.is === 'ramp' ? schedule.share : undefined;
    };
  };
  const [rising, falling] = [between(5, 80), between(80, 5)];
  assert.deepEqual([-1, 0, 1, length / 2, length - 1, length, length + 1].map(rising), [
    ...[5_000, 5_000, 5_000, 42_500, 79_999, 80_000, 80_000],
  ]);
  const down = [-1, 0, length / 2, length, length + 1].map(falling);
  assert.deepEqual(down, [80_000, 80_000, 42_500, 5_000, 5_000]);
});

test('F4: parts of three decimals that sum to 100 leave nobody out', () => {
  const variants = ['a', 'b', 'c'].map((name) => ({ name, value: name }));
  for (const percentages of [
    [33.333, 33.333, 33.334],
    [0.001, 0.001, 99.998],
    [99.999, 0.001, 0],
    [0.1, 0.2, 99.7],
  ]) {
    const split = percentages.map((percentage, index) => ({ variant: 'abc'[index] ?? '', percentage }));
    const parted = flag({ type: 'string', variants, off_variant: 'a', fallthrough: { split } });
    const configuration = compile(snapshot([parted]));
    const counts = { a: 0, b: 0, c: 0 };
    const users = 20_000;
    for (let user = 0; user < users; user += 1) {
      const { variant, reason } = evaluate(configuration, 'checkout', { targetingKey: `user-${user}` }, NOW, null);
      assert.ok(variant === 'a' || variant === 'b' || variant === 'c', `user-${user}: ${reason}`);
      counts[variant] += 1;
    }
    for (const [index, percentage] of percentages.entries()) {
      const count = Object.values(counts)[index] ?? 0;
      // Five standard deviations, and one user for parts of hardly anybody.
      const spread = 5 * Math.sqrt((users * percentage * (100 - percentage)) / 10_000) + 1;
      assert.ok(
        Math.abs(count - (users * percentage) / 100) <= spread,
        `${percentages.join('/')}: ${JSON.stringify(counts)}`,
      );
    }
  }
});

const requiring = (key: string, ...required: readonly (readonly [flag: string, variant: string])[]): FlagDefinition =>
  flag({ key, prerequisites: required.map(([name, variant]) => ({ flag: name, variants: [variant] })) });

test('F6: both sides of a diamond count, and what they rest on is one answer', () => {
  for (const base of ['on', 'off']) {
    for (const left of ['on', 'off']) {
      const flags = [
        flag({ key: 'base', fallthrough: { variant: base } }),
        { ...requiring('left', ['base', 'on']), fallthrough: { variant: left } },
        requiring('right', ['base', 'on']),
        requiring('top', ['left', 'on'], ['right', 'on']),
      ];
      const { value, flagMetadata } = evaluate(compile(snapshot(flags)), 'top', {}, NOW, null);
      assert.equal(value, base === 'on' && left === 'on');
      assert.equal(flagMetadata.prerequisite, value === true ? undefined : 'left');
    }
  }
});

test('F6: what is off serves its off variant, and meets who requires that one, whichever it is', () => {
  const variants = ['red', 'green', 'blue'].map((name) => ({ name, value: name }));
  for (const { name: off_variant } of variants) {
    const base = flag({
      ...{ key: 'base', type: 'string', variants, enabled: false, off_variant, fallthrough: { variant: 'red' } },
    });
    for (const { name: wanted } of variants) {
      const configuration = compile(snapshot([base, requiring('top', ['base', wanted])]));
      assert.equal(evaluate(configuration, 'base', {}, NOW, null).value, off_variant);
      const { value, reason } = evaluate(configuration, 'top', {}, NOW, null);
      assert.equal(value, wanted === off_variant, `off serves ${off_variant}, ${wanted} is wanted: ${reason}`);
    }
  }
});

test('S1: lists of nobody, of one and of a million hold who is listed', () => {
  const keys = Array.from({ length: 1_000_000 }, (_, index) => `member-${index}`);
  for (const listed of [[], keys.slice(0, 1), keys]) {
    const configuration = compile(snapshot([], [segment('list', { members: encodeMembers(listed) })]));
    const has = (targetingKey: string) => belongsTo(configuration, 'list', { targetingKey }, NOW);
    for (const index of [0, 1, 499_999, 999_999]) {
      assert.equal(has(`member-${index}`), index < listed.length, `${index} of ${listed.length}`);
    }
    for (const stranger of ['member-1000000', 'member-', '', 'Member-0']) assert.equal(has(stranger), false);
  }
});
