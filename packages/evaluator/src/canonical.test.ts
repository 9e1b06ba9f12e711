import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalise, isSameJson, MAX_CANONICAL_DEPTH } from './canonical.ts';
import type { Json } from './json.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const runs = { seed, numRuns: 500 };

const text = fc.string({ unit: 'grapheme' });
const value = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text, tie('json'), { maxKeys: 5 }),
  ),
})).json;

/** The same value with every object's keys in the opposite order of insertion. */
function turned(json: Json): Json {
  if (Array.isArray(json)) return json.map(turned);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

test('the example of RFC 8785 §3.2.2 gives the text of §3.2.3', () => {
  const example: Json = {
    // The number has more digits than fit, as in the RFC.
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u002f',
    literals: [null, true, false],
  };
  assert.equal(
    canonicalise(example),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('keys are ordered by UTF-16 code units, as in the sorting example of RFC 8785 §3.2.3', () => {
  const example = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  const order = [...canonicalise(example).matchAll(/:"([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(order, [
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ]);
});

test('numbers have the texts of RFC 8785 appendix B', () => {
  const samples: readonly (readonly [bits: bigint, text: string])[] = [
    [0x0000000000000000n, '0'],
    [0x8000000000000000n, '0'],
    [0x0000000000000001n, '5e-324'],
    [0x8000000000000001n, '-5e-324'],
    [0x7fefffffffffffffn, '1.7976931348623157e+308'],
    [0x4340000000000000n, '9007199254740992'],
    [0x4430000000000000n, '295147905179352830000'],
    [0x44b52d02c7e14af5n, '9.999999999999997e+22'],
    [0x44b52d02c7e14af6n, '1e+23'],
    [0x444b1ae4d6e2ef50n, '1e+21'],
    [0x3eb0c6f7a0b5ed8dn, '0.000001'],
    [0x3eb0c6f7a0b5ed8cn, '9.999999999999997e-7'],
    [0x41b3de4355555555n, '333333333.3333333'],
  ];
  for (const [bits, expected] of samples) {
    const number = new Float64Array(new BigUint64Array([bits]).buffer)[0];
    assert.ok(number !== undefined);
    assert.equal(canonicalise(number), expected);
  }
});

test(`the order in which keys were set does not show (seed ${seed})`, () => {
  fc.assert(
    fc.property(value, (json) => {
      assert.equal(canonicalise(turned(json)), canonicalise(json));
    }),
    runs,
  );
});

test(`the text reads back as the same value, and is then its own canonical form (seed ${seed})`, () => {
  fc.assert(
    fc.property(value, (json) => {
      const once = canonicalise(json);
      // Through JSON on both sides: -0 is 0 in JSON, and dictionaries may have no prototype.
      assert.deepEqual(JSON.parse(once), JSON.parse(JSON.stringify(json)));
      assert.equal(canonicalise(JSON.parse(once)), once);
    }),
    runs,
  );
});

test(`keys of any text come out in code unit order without spaces (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 12 }), (keys) => {
      // Built as text, because an object puts keys such as "7" first by itself.
      const sorted = keys.toSorted((one, other) => compareUnits(one, other));
      const expected = `{${sorted.map((key) => `${JSON.stringify(key)}:1`).join(',')}}`;
      assert.equal(canonicalise(Object.fromEntries(keys.map((key) => [key, 1]))), expected);
    }),
    runs,
  );
});

/** Written out unit by unit, so that it shares nothing with the code under test. */
function compareUnits(one: string, other: string): number {
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const difference = one.charCodeAt(at) - other.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

test('a key named __proto__ is a key like any other', () => {
  const json: Json = JSON.parse('{"b":1,"__proto__":{"a":2}}');
  assert.equal(canonicalise(json), '{"__proto__":{"a":2},"b":1}');
});

test('an object without a prototype is plain data', () => {
  assert.equal(canonicalise({ b: Object.assign(Object.create(null), { a: 1 }) }), '{"b":{"a":1}}');
});

test('what has no canonical form is refused by place', () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{ a: [1, Number.NaN] }, /\/a\/1 is not a finite number/],
    [{ a: Number.POSITIVE_INFINITY }, /\/a is not a finite number/],
    [{ a: 'x\ud800' }, /\/a holds half of a surrogate pair/],
    [{ a: { '\udc00': 1 } }, /: \/a\/\udc00 holds half of a surrogate pair\.$/],
    [{ a: undefined }, /\/a is undefined/],
    [Object.assign(new Array(3), [1]), /\/1 is undefined/],
    [10n, /the value is bigint/],
    [{ at: new Date(0) }, /\/at is not plain data/],
    [new Map(), /the value is not plain data/],
  ];
  for (const [bad, message] of cases) {
    assert.throws(() => canonicalise(bad as Json), { name: 'TypeError', message });
  }
});

test('nesting has a limit instead of the end of the call stack', () => {
  const nested = (depth: number): Json => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  assert.equal(canonicalise(nested(MAX_CANONICAL_DEPTH)).length, 2 * MAX_CANONICAL_DEPTH);
  assert.throws(() => canonicalise(nested(10_000)), /nests deeper than/);
  const around = (depth: number): Json => JSON.parse(`${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`);
  assert.equal(canonicalise(around(MAX_CANONICAL_DEPTH)).length, 6 * MAX_CANONICAL_DEPTH + 1);
  assert.throws(() => canonicalise(around(MAX_CANONICAL_DEPTH + 1)), /nests deeper than 200/);
});

test('what a value throws when it is read is thrown as it is', () => {
  const mine = new RangeError('mine');
  const value = {
    a: [
      {
        get b(): Json {
          throw mine;
        },
      },
    ],
  };
  assert.throws(
    () => canonicalise(value),
    (thrown) => thrown === mine,
  );
});

test('two values are the same whatever order their members came in; what is left out is only like itself', () => {
  assert.equal(isSameJson({ a: 1, b: [2] }, { b: [2], a: 1 }), true);
  assert.equal(isSameJson([1, 2], [2, 1]), false);
  assert.equal(isSameJson({ a: 1 }, { a: '1' }), false);
  assert.equal(isSameJson(undefined, undefined), true);
  for (const value of [null, {}, 'undefined']) {
    assert.equal(isSameJson(undefined, value), false);
    assert.equal(isSameJson(value, undefined), false);
  }
});
