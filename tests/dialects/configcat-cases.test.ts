import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readerOf } from '../../apps/cli/src/importing/contexts.ts';
import { importText } from '../../apps/cli/src/importing/import.ts';
import { imported } from './importing.ts';

describe('S6: ConfigCat', () => {
  test('plain values that SDKs are run with locally are flags that everybody gets the same of', async () => {
    const { report, ask } = await imported('configcat', {
      flags: { enabled: true, Text: 'a', number: 1.5, odd: null, list: [1] },
    });
    assert.deepEqual([ask('enabled', {}), ask('text', {}), ask('number', {})], [true, 'a', 1.5]);
    assert.deepEqual(
      report.refused.map(({ flag }) => flag),
      ['odd', 'list'],
    );
  });

  test('a question without a user has no share, and an empty identifier is one like any', async () => {
    const p = Array.from({ length: 5 }, (_, index) => ({ p: 20, v: { i: index } }));
    const { ask } = await imported('configcat', { p: { s: 'salt' }, f: { share: { t: 2, v: { i: -1 }, p } } });
    assert.equal(ask('share', {}), -1);
    assert.notEqual(ask('share', { identifier: '' }), -1);
    assert.notEqual(ask('share', { email: 'a@x.com' }), -1);
  });

  test('users are read with their attributes side by side, too', () => {
    const read = readerOf('configcat');
    const user = { identifier: 'u', email: 'e', country: 'c', custom: { plan: 'x' } };
    assert.deepEqual(read({ targetingKey: 'u', email: 'e', country: 'c', plan: 'x' }), user);
    assert.deepEqual(read({ Identifier: 'u', Email: 'e', Country: 'c', plan: 'x' }), user);
    assert.deepEqual(read({ Email: 'e' }), { email: 'e', custom: {} });
    for (const same of [user, {}, { email: 'e' }, { identifier: 'u', targetingKey: 'v' }]) {
      assert.equal(read(same), same);
    }
  });

  test('more rules than a flag may have are joined where they serve the same in turn', async () => {
    const rule = (index: number) => ({
      c: [{ u: { a: 'Email', c: 0, l: [`${index}`] } }],
      s: { v: { i: Math.floor(index / 100) } },
    });
    const r = Array.from({ length: 300 }, (_, index) => rule(index));
    const { report, ask } = await imported('configcat', { f: { many: { t: 2, v: { i: -1 }, r } } });
    assert.deepEqual(report.refused, []);
    const answers = ['0', '99', '100', '299', '300'].map((email) => ask('many', { identifier: 'u', email }));
    assert.deepEqual(answers, [0, 0, 1, 2, -1]);
  });

  test('what single rules require is asked of that setting, and follows it', async () => {
    const email = (text: string) => ({ u: { a: 'Email', c: 28, s: text } });
    const needs = (c: number, v: object) => ({ p: { f: 'base', c, v } });
    const { report, flags, ask } = await imported('configcat', {
      f: {
        base: { t: 1, v: { s: 'none' }, r: [{ c: [email('a')], s: { v: { s: 'some' } } }] },
        top: {
          t: 2,
          v: { i: 0 },
          r: [
            { c: [email('b')], s: { v: { i: 1 } } },
            { c: [needs(1, { s: 'none' }), { u: { a: 'Identifier', c: 28, s: 'u' } }], s: { v: { i: 2 } } },
            { c: [needs(0, { s: 'never' })], s: { v: { i: 3 } } },
          ],
        },
        circle: {
          t: 0,
          v: { b: true },
          r: [
            { c: [email('a')], s: { v: { b: true } } },
            { c: [{ p: { f: 'round', c: 0, v: { b: true } } }], s: { v: { b: false } } },
          ],
        },
        round: {
          t: 0,
          v: { b: true },
          r: [
            { c: [email('a')], s: { v: { b: true } } },
            { c: [{ p: { f: 'circle', c: 0, v: { b: true } } }], s: { v: { b: false } } },
          ],
        },
      },
    });
    assert.deepEqual(
      report.refused.map(({ flag, reason }) => [flag, reason]),
      ['circle', 'round'].map((flag) => [flag, 'its prerequisites lead back to it']),
    );
    assert.ok(report.carried.every(({ notes }) => notes.length === 0));
    const when = flags.top?.rules[1]?.when;
    assert.deepEqual(when && 'all' in when && when.all[0], { flag: 'base', variants: ['some'] });
    const answers = ['a', 'b', 'c'].map((text) => ask('top', { identifier: 'u', email: text }));
    assert.deepEqual(answers, [2, 1, 0]);
    assert.equal(ask('top', { identifier: 'v', email: 'a' }), 0);
  });

  test('what was written for version 5 is told by name', async () => {
    const { report } = await imported('configcat', { f: { old: { t: 0, v: true, p: [], r: [] } } });
    assert.match(report.refused[0]?.reason ?? '', /version 5/);
    assert.match(String(importText('configcat', '{"settings": {}}')), /config JSON/);
  });
});
