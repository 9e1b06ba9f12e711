import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importText } from '../../apps/cli/src/importing/import.ts';
import { murmur3Of } from '../../packages/evaluator/src/bucketing/algorithms/murmur3.ts';
import { cborOf } from '../../packages/evaluator/src/dialects/json-logic/cbor.ts';
import { type Imported, imported, importedText } from './importing.ts';

const letterOf = (bytes: readonly number[]) => 'aabc'[Math.floor((murmur3Of(bytes, 0) / 2 ** 32) * 4)];

const variants = { on: true, off: false };
const flag = (targeting: unknown, more: object = {}) => ({
  state: 'ENABLED',
  variants,
  defaultVariant: 'off',
  targeting,
  ...more,
});
const of = (flags: object, more: object = {}) => imported('flagd', { flags, ...more });
const reason = ({ report }: Imported, key: string) => report.refused.find((each) => each.flag === key)?.reason ?? '';

describe('S6: flagd', () => {
  test("what gives nobody a value is refused, because callers' own defaults are served", async () => {
    const result = await of({
      unheard: flag({}, { state: 'RESTING' }),
      'null-default': { state: 'ENABLED', variants, defaultVariant: null },
      lost: { state: 'ENABLED', variants, targeting: { if: [{ var: 'a' }, 'nope', null] } },
      'no-such-default': flag({}, { defaultVariant: 'nope' }),
    });
    assert.match(reason(result, 'unheard'), /neither ENABLED nor DISABLED/);
    assert.match(reason(result, 'null-default'), /neither its targeting nor a default variant/);
    assert.match(reason(result, 'lost'), /neither its targeting nor a default variant/);
    assert.match(reason(result, 'no-such-default'), /none of its variants/);
  });

  test('a flag that is disabled leaves everybody to their own default, and keeps its rules for later', async () => {
    const targeting = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] };
    const { report, flags, ask } = await of({
      resting: flag(targeting, { state: 'DISABLED' }),
      plain: { state: 'DISABLED', variants, defaultVariant: 'on' },
      odd: flag({ unheard: [1] }, { state: 'DISABLED' }),
      undecided: { state: 'DISABLED', variants },
    });
    assert.deepEqual(report.refused, []);
    for (const key of ['resting', 'plain', 'odd', 'undecided']) {
      for (const context of [{}, { plan: 'pro', targetingKey: 'u' }]) assert.throws(() => ask(key, context), key);
    }
    assert.ok(report.carried.every(({ notes }) => notes.some((note) => note.startsWith('it is disabled: callers'))));
    assert.match(report.carried.find(({ flag: key }) => key === 'odd')?.notes.join() ?? '', /targeting is not carried/);
    assert.deepEqual([flags.resting?.rules.length, flags.plain?.rules.length, flags.odd?.rules.length], [2, 1, 1]);
    assert.deepEqual(flags.resting?.fallthrough, { variant: 'off' });
  });

  test('who gets no variant is left to the own default of callers, and all others have theirs', async () => {
    const { ask, report } = await of({
      'no-default': { state: 'ENABLED', variants, targeting: { if: [{ var: 'a' }, 'on'] } },
      unknown: flag({ if: [{ var: 'a' }, 'nope', 'on'] }),
      settled: { state: 'ENABLED', variants, defaultVariant: null, targeting: { if: [{ var: 'a' }, 'on', 'off'] } },
      first: flag({ if: [{ var: 'a' }, 'nope', { var: 'b' }, 'off', 'on'] }),
    });
    assert.equal(ask('no-default', { a: 1 }), true);
    assert.throws(() => ask('no-default', {}));
    assert.throws(() => ask('unknown', { a: 1 }));
    assert.equal(ask('unknown', {}), true);
    assert.deepEqual([ask('settled', { a: 1 }), ask('settled', {})], [true, false]);
    assert.throws(() => ask('first', { a: 1, b: 1 }));
    assert.deepEqual([ask('first', { b: 1 }), ask('first', {})], [false, true]);
    const [noDefault, unknown] = report.carried;
    assert.match(noDefault?.notes.join() ?? '', /no default variant/);
    assert.match(unknown?.notes.join() ?? '', /"nope", which is no variant/);
  });

  test('YAML is read like JSON, anchors included, and what is neither is told', async () => {
    const yaml = `
      $evaluators:
        staff: { ends_with: [{ var: email }, "@x.com"] }
      flags:
        f: &f
          state: ENABLED
          variants: { "on": true, "off": false }
          defaultVariant: "off"
          targeting: { if: [{ $ref: staff }, "on", null] }
        g: { <<: *f, defaultVariant: "on" }
    `;
    const { ask } = await importedText('flagd', yaml);
    assert.deepEqual([ask('f', { email: 'a@x.com' }), ask('f', {}), ask('g', {})], [true, false, true]);
    assert.match(String(importText('flagd', 'flags: [')), /neither JSON nor YAML/);
    assert.match(String(importText('flagd', 'flags: *gone')), /neither JSON nor YAML/);
  });

  test('a key that cannot be one here becomes one, and the report tells it', async () => {
    const { report, ask } = await of({ 'Größe L': flag({ if: [{ var: 'a' }, 'on'] }), Upper: flag({}) });
    const [first, second] = report.carried;
    assert.match(first?.key ?? '', /^gr-e-l-[0-9a-f]{8}$/);
    assert.equal(second?.key, 'upper');
    assert.deepEqual([ask(first?.key ?? '', { a: 1 }), ask(first?.key ?? '', {})], [true, false]);
  });

  test('each generation of `fractional` chooses as flagd did then', async () => {
    const letters = { a: 'a', b: 'b', c: 'c' };
    const make = (targeting: unknown) => ({ state: 'ENABLED', variants: letters, defaultVariant: 'a', targeting });
    const flags = {
      f: make({ fractional: [{ var: 'by' }, ['a', 50], ['b', 25], ['c', 25]] }),
      g: make({
        fractional: [
          ['a', 1],
          ['b', 2],
          ['c', 3],
        ],
      }),
    };
    const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
    const { ask } = await imported('flagd', { flags }, { hash: 'v1' });
    // What @openfeature/flagd-core 1.1.0 answers.
    assert.equal(users.map((by) => ask('f', { by })).join(''), 'aaaaaabcaabccaaababaaabbabaaaacacaabaaac');
    const keyed = users.map((targetingKey) => ask('g', { targetingKey }));
    assert.equal(keyed.join(''), 'cccccbbccaaccbbbcbcccbccbbbccbccbcababcb');
    const typed = await imported('flagd', { flags }, { hash: 'v3' });
    for (const by of [1, -2, 0.5, true, { b: [null, 'ü'], a: 2 ** 40 }, '']) {
      assert.equal(typed.ask('f', { by, targetingKey: 'none' }), letterOf(cborOf(by)), JSON.stringify(by));
    }
    for (const targetingKey of users.slice(0, 9)) {
      const hash = murmur3Of(cborOf(['g', targetingKey]), 0);
      assert.equal(typed.ask('g', { targetingKey }), 'abbccc'[Math.floor((hash / 2 ** 32) * 6)]);
    }
    assert.equal(typed.ask('f', { targetingKey: 'u' }), 'a', 'nothing to hash is the default variant');
  });

  test('an operation that flagd does not know is refused by name, wherever it stands', async () => {
    const result = await of({
      unknown: flag({ if: [false, { unheard_of: [1] }, 'on'] }),
      ref: flag({ if: [{ $ref: 'gone' }, 'on'] }),
    });
    assert.match(reason(result, 'unknown'), /unheard_of/);
    assert.match(reason(result, 'ref'), /\$ref/);
  });

  test('shared evaluators may refer to those that come after them', async () => {
    const $evaluators = {
      staff: { or: [{ $ref: 'boss' }, { ends_with: [{ var: 'email' }, '@x.com'] }] },
      boss: { var: 'boss' },
    };
    const { ask } = await of({ f: flag({ if: [{ $ref: 'staff' }, 'on'] }) }, { $evaluators });
    assert.deepEqual([ask('f', { email: 'a@x.com' }), ask('f', { boss: true }), ask('f', {})], [true, true, false]);
  });

  test('the time of the question stands in `$flagd.timestamp`, in seconds', async () => {
    const { ask } = await of({ f: flag({ if: [{ '>': [{ var: '$flagd.timestamp' }, 1_000] }, 'on'] }) });
    assert.deepEqual([ask('f', {}, 1_000_999), ask('f', {}, 1_001_000)], [false, true]);
  });

  test('a comparison that fails leaves callers to their own default, as an error', async () => {
    const { ask } = await of({ f: flag({ if: [{ '<': [{ var: 'age' }, 18] }, 'on'] }) });
    assert.deepEqual([ask('f', { age: '17' }), ask('f', {})], [true, true]);
    assert.throws(() => ask('f', { age: 'young' }));
  });

  test('variants that are named otherwise here are named in notes, and metadata is left out', async () => {
    const { report, ask } = await of({
      f: { state: 'ENABLED', variants: { 'Größe L': 'l', klein: 's' }, defaultVariant: 'Größe L', metadata: { a: 1 } },
    });
    assert.equal(ask('f', {}), 'l');
    assert.deepEqual(report.carried, [
      { flag: 'f', key: 'f', notes: ['its metadata is not carried', 'its variant Größe L is called gr-e-l'] },
    ]);
  });

  test('flags are read from a list as well, but not those that share a key', async () => {
    const { report, ask } = await imported('flagd', {
      flags: [
        { key: 'a', ...flag({ if: [{ var: 'x' }, 'on'] }) },
        { key: 'b', ...flag({}) },
        { key: 'b', ...flag({}) },
      ],
    });
    assert.deepEqual([ask('a', { x: 1 }), ask('a', {})], [true, false]);
    assert.deepEqual(
      report.refused.map((each) => each.flag),
      ['b'],
    );
    assert.match(report.refused[0]?.reason ?? '', /several flags of the file have its key/);
    assert.match(String(importText('flagd', '{"flags": [{"state": "ENABLED"}]}')), /the key of a flag is not text/);
  });

  test('a file of another shape is told what was expected', () => {
    assert.match(String(importText('flagd', '[]')), /definitions of flagd/);
  });
});
