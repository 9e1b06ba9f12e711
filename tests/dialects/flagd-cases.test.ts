import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importText } from '../../apps/cli/src/importing/import.ts';
import { type Imported, imported } from './importing.ts';

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
  test("what leads to callers' own defaults is refused", async () => {
    const result = await of({
      disabled: flag({}, { state: 'DISABLED' }),
      'no-default': { state: 'ENABLED', variants, targeting: { if: [{ var: 'a' }, 'on'] } },
      'null-default': { state: 'ENABLED', variants, defaultVariant: null },
      unknown: flag({ if: [{ var: 'a' }, 'nope', 'on'] }),
      'no-such-default': flag({}, { defaultVariant: 'nope' }),
      settled: { state: 'ENABLED', variants, defaultVariant: null, targeting: { if: [{ var: 'a' }, 'on', 'off'] } },
    });
    assert.match(reason(result, 'disabled'), /disabled/);
    assert.match(reason(result, 'no-default'), /no default variant/);
    assert.match(reason(result, 'null-default'), /no default variant/);
    assert.match(reason(result, 'unknown'), /"nope"/);
    assert.match(reason(result, 'no-such-default'), /none of its variants/);
    assert.deepEqual([result.ask('settled', { a: 1 }), result.ask('settled', {})], [true, false]);
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
      { flag: 'f', notes: ['its metadata is not carried', 'its variant Größe L is called gr-e-l'] },
    ]);
  });

  test('a file of another shape is told what was expected', () => {
    assert.match(String(importText('flagd', '[]')), /definitions of flagd/);
  });
});
