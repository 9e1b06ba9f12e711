import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EvaluationContext, Json } from '../index.ts';
import { holds, type Written } from '../testing/imported.ts';

describe('flagd', () => {
  const chosen = (logic: Json, context: EvaluationContext, changes: Written = {}) => {
    const names = [null, 'a', 'b'];
    const found = names.filter((variant) => {
      const written = { op: 'answers', flag: 'f', logic, variant, variants: ['a', 'b'], ...changes };
      return holds('flagd', written, context);
    });
    assert.equal(found.length, 1);
    return found[0];
  };
  const half = [
    ['a', 50],
    ['b', 50],
  ];
  const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);

  test('of a split, each generation chooses by hashes of its own', () => {
    const by = (hash: string) =>
      users.map((targetingKey) => chosen({ fractional: half }, { targetingKey }, { hash })).join('');
    const found = new Set(['v1', 'v2', 'v3'].map(by));
    assert.equal(found.size, 3);
    for (const each of found) assert.match(each, /a.*b.*a/);
    assert.equal(by('v2'), users.map((targetingKey) => chosen({ fractional: half }, { targetingKey })).join(''));
  });

  test('a split of a single part is none in the first generation', () => {
    const alone = { fractional: [['a', 100]] };
    const context = { targetingKey: 'u' };
    assert.deepEqual(
      ['v1', 'v2', 'v3'].map((hash) => chosen(alone, context, { hash })),
      [null, 'a', 'a'],
    );
    assert.equal(
      chosen(
        {
          fractional: [
            ['a', 100],
            ['b', 0],
          ],
        },
        context,
        { hash: 'v1' },
      ),
      'a',
    );
  });

  test('a part that is none leaves everybody to the default variant', () => {
    for (const part of [
      'x',
      [],
      ['b', 1, 2],
      ['b', 1.5],
      ['b', '1'],
      ['b', null],

      [['b'], 1],
      7,
      null,
    ]) {
      for (const hash of ['v1', 'v2', 'v3']) {
        assert.equal(
          chosen({ fractional: [['a', 1], part] }, { targetingKey: 'u' }, { hash }),
          null,
          JSON.stringify(part),
        );
      }
    }
    assert.equal(chosen({ fractional: [['a', 2 ** 31]] }, { targetingKey: 'u' }), null);
    assert.equal(chosen({ fractional: [['a', 2 ** 31 - 1]] }, { targetingKey: 'u' }), 'a');
    for (const hash of ['v1', 'v2', 'v3']) {
      assert.equal(chosen({ fractional: [] }, { targetingKey: 'u' }, { hash }), null, hash);
    }
    assert.equal(chosen({ fractional: [[null, 1]] }, { targetingKey: 'u' }), null);
    assert.equal(
      chosen(
        {
          fractional: [
            ['a', -1],
            ['b', 1],
          ],
        },
        { targetingKey: 'u' },
      ),
      'b',
    );
    assert.equal(
      chosen(
        {
          fractional: [
            ['a', 0],
            ['b', 0],
          ],
        },
        { targetingKey: 'u' },
      ),
      null,
    );
  });

  test('who has no key has no part, and a key that is no text is one for the second generation only', () => {
    for (const hash of ['v1', 'v2', 'v3']) {
      for (const context of [{}, { targetingKey: '' }])
        assert.equal(chosen({ fractional: half }, context, { hash }), null);
    }
    const numbered = { targetingKey: 7 } as unknown as EvaluationContext;
    assert.notEqual(chosen({ fractional: half }, numbered), null);
    assert.equal(chosen({ fractional: half }, numbered, { hash: 'v3' }), null);
  });

  test('the third generation takes what comes first for what is hashed, whatever it is, unless it is nothing', () => {
    const first = (value: Json) => ({ fractional: [value, ...half] });
    const by = (value: Json) => chosen(first({ var: 'x' }), { x: value }, { hash: 'v3' });
    const values = [true, false, 0, 1.5, -7, 'text', '', { a: 1 }, { b: [1, 'x'] }];
    assert.ok(values.every((value) => by(value) !== null));
    assert.ok(new Set(values.map(by)).size > 1);
    assert.equal(chosen(first({ var: 'x' }), { targetingKey: 'u' }, { hash: 'v3' }), null);
    assert.equal(by(null), null);
  });

  test('what answers no variant is an error, and so is nothing where the flag has no default', () => {
    assert.throws(() => chosen({ var: 'x' }, { x: 'c' }), /^RangeError: the flag has no variant c$/);
    assert.equal(chosen({ var: 'x' }, { x: 'a' }, { nothing: 'fails' }), 'a');
    assert.throws(
      () => chosen({ var: 'x' }, {}, { nothing: 'fails' }),
      /^RangeError: the flag has no default variant$/,
    );
    assert.equal(chosen({ var: 'x' }, {}), null);
  });

  test("flagd's operations fail inside an iteration, where its context is out of sight", () => {
    for (const as of ['compiled', 'interpreted']) {
      const logic = { some: [{ var: 'list' }, { ends_with: [{ var: '' }, 'a'] }] };
      const written = { op: 'holds', flag: 'f', as, logic };
      assert.throws(() => holds('flagd', written, { list: ['a'] }), /^TypeError: it is asked inside an iteration$/);
      assert.equal(holds('flagd', written, { list: [] }), false);
    }
  });

  test('what fails says why, compiled and interpreted', () => {
    const failing: readonly (readonly [Json, EvaluationContext, RegExp])[] = [
      [{ cat: { var: 'x' } }, {}, /^TypeError: nothing has no text$/],
      [{ '<': [{ var: 'x' }, 'a'] }, { x: 5 }, /^TypeError: not a number$/],
      [{ '<': [{ var: 'x' }, 5] }, { x: 'a' }, /^TypeError: not a number$/],
      [{ '<': [{ var: 'x' }, 5] }, { x: [1] }, /^TypeError: a list or object is not a number$/],
      [{ '-': { var: 'x' } }, { x: { a: 1 } }, /^TypeError: (?:not a number|a list or object is not a number)$/],
    ];
    for (const as of ['compiled', 'interpreted']) {
      for (const [logic, context, words] of failing) {
        const written = { op: 'holds', flag: 'f', as, logic };
        assert.throws(() => holds('flagd', written, context), words, `${as} ${JSON.stringify(logic)}`);
      }
    }
    const one = { op: 'holds', flag: 'f', logic: { '%': { var: 'x' } } };
    assert.throws(() => holds('flagd', one, { x: [1] }), /^TypeError: there are too few numbers$/);
    const sum = { op: 'holds', flag: 'f', logic: { '+': [{ var: 'x' }, 1] } };
    assert.throws(() => holds('flagd', sum, { x: Number.NaN }), /^TypeError: not a number$/);
  });

  test('an expression can ask when it is, in whole seconds, and of which flag it is', () => {
    const is = (path: string, value: Json, now: number) =>
      holds('flagd', { op: 'holds', flag: 'f', logic: { '===': [{ var: path }, value] } }, {}, now);
    assert.deepEqual([is('$flagd.timestamp', 1, 1_999), is('$flagd.timestamp', 2, 2_000)], [true, true]);
    assert.equal(is('$flagd.flagKey', 'f', 0), true);
  });

  test('nothing but a division minds a 0 that is written out, and it only behind its first number', () => {
    const held = (logic: Json) => holds('flagd', { op: 'holds', flag: 'f', logic }, { x: 2 });
    assert.deepEqual(
      ['+', '-', '*', '%'].map((name) => held({ '===': [{ [name]: [0, { var: 'x' }] }, 0] })),
      [false, false, true, true],
    );
    assert.equal(held({ '===': [{ '+': [{ var: 'x' }, 0] }, 2] }), true);
    assert.equal(held({ '===': [{ '-': [{ var: 'x' }, 0] }, 2] }), true);
    assert.equal(held({ '===': [{ '/': [0, { var: 'x' }] }, 0] }), true);
    assert.equal(held({ '===': [{ '/': [{ var: 'x' }] }, 0.5] }), true);
    assert.equal(held({ '===': [{ '+': [{ var: 'x' }, { '-': [3, 1] }] }, 4] }), true);
  });

  test('texts may be put together up to a length', () => {
    const long = 'x'.repeat(32_768);
    const written = (...parts: readonly Json[]) => ({ op: 'holds', flag: 'f', logic: { cat: parts } });
    assert.equal(holds('flagd', written({ var: 'x' }, { var: 'x' }), { x: long }), true);
    assert.throws(
      () => holds('flagd', written({ var: 'x' }, { var: 'x' }, '.'), { x: long }),
      /^TypeError: a text is too long$/,
    );
  });
});

describe('flagd, reducing', () => {
  const part = (...of: readonly string[]) => of.map((name) => ({ var: name }));
  const reduced = (logic: Json, list: readonly Json[], start?: Json) => {
    const reduce = [{ var: 'list' }, logic, ...(start === undefined ? [] : [start])];
    return holds('flagd', { op: 'holds', flag: 'f', logic: { reduce } }, { list });
  };

  test('may carry lists and objects of plain values from one element to the next, but nothing deeper', () => {
    const last = { var: 'current' };
    for (const plain of [[1, 'x', null], [null], { a: 1, b: null }, 'text', 7, [true]]) {
      assert.equal(reduced(last, [0, plain], 0), true, JSON.stringify(plain));
      assert.equal(reduced(last, [plain, plain]), true, JSON.stringify(plain));
    }
    assert.equal(reduced(last, [0, null], 0), false);
    for (const deep of [[[]], { a: {} }, [1, [2]], { a: 1, b: [2] }]) {
      assert.throws(() => reduced(last, [0, deep], 0), /^TypeError: it grows too deep$/, JSON.stringify(deep));
    }
    assert.throws(() => reduced({ merge: [[part('accumulator', 'current')]] }, [1, 2], 0), /it grows too deep/);
    assert.equal(reduced({ merge: part('accumulator', 'current') }, [1, 2], 0), true);
  });

  test('nothing comes to what it begins with, and has to begin with something', () => {
    assert.equal(reduced({ var: 'current' }, [], 1), true);
    assert.throws(() => reduced({ var: 'current' }, []), /^TypeError: there is nothing to begin with$/);
    const over = (list: Json) =>
      holds('flagd', { op: 'holds', flag: 'f', logic: { map: [{ var: 'x' }, 1] } }, { x: list });
    assert.throws(() => over('text'), /^TypeError: there is no list to go through$/);
    assert.equal(over(null), false);
  });
});
