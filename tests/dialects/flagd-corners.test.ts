import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { imported } from './importing.ts';

const NAME = '@openfeature/flagd-core';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;

const list = { var: 'list' };
const age = { var: 'age' };
const without = (condition: unknown) => ({ if: [condition, 'true'] });
const withElse = (condition: unknown) => ({ if: [condition, 'true', 'false'] });
const sum = { reduce: [list, { '+': [{ var: 'accumulator' }, { var: 'current' }] }, 0] };

/** Where flagd's engine does what one would not think, and where compiling and interpreting differ. */
const CORNERS: readonly unknown[] = [
  { '==': [{ cat: ['a', { var: 'none' }] }, 'anull'] },
  { '==': [{ cat: ['a', { var: 'none' }] }, 'a'] },
  { '!': [list] },
  { '!': list },
  { '!!': [list] },
  { '==': [{ var: ['nothing', 'x'] }, 'x'] },
  { '==': [{ var: 'zero.deeper' }, 0] },
  { '==': [list, { var: 'list.0' }] },
  { '<': [{ var: 'text' }, age] },
  { '<': [age, { var: 'text' }] },
  { '<': [18, age, 65] },
  { '<': [{ '-': list }, 5] },
  { in: [{ '-': list }, { var: 'none' }] },
  { '==': [{ '+': list }, 3] },
  { '==': [{ '+': [list] }, 3] },
  { '==': [{ '/': [age, '0'] }, 1] },
  { '==': [{ '/': [1, age] }, 1] },
  { in: [{ var: 'none' }, 'a null'] },
  { '==': [{ var: [list, 'x'] }, 'x'] },
  { '==': [{ var: [{ var: 'text' }, 'x'] }, 'x'] },
  { in: ['b', age] },
  { all: [{ var: 'none' }, { var: '' }] },
  { all: [list, { '>': [{ var: '' }, 0] }] },
  { some: [{ var: 'text' }, { '==': [{ var: '' }, 'x'] }] },
  { none: [list, { '>': [{ var: '' }, 5] }] },
  { some: [list, { starts_with: [{ var: '' }, 'a'] }] },
  { '==': [sum, 3] },
  { in: ['list', { missing: ['list', 'zero', 'none'] }] },
  { '!': { missing_some: [2, ['age', 'none', 'text']] } },
  { '==': [{ substr: [{ var: 'text' }, -2] }, 'xt'] },
  { '==': [{ substr: [{ var: 'text' }, 0, -2] }, 'te'] },
  { '>': [{ max: [age, 3] }, 3] },
  { sem_ver: [{ var: 'version' }, '=', '1'] },
  { sem_ver: [{ var: 'version' }, '~', '1.2'] },
  { starts_with: [age, '1'] },
  { and: [age, list] },
  { or: [{ var: 'none' }, { var: 'zero' }] },
  { var: 'flags.$flagd' },
  { '==': [{ var: '$flagd.flagKey' }, 'corner-0'] },
  { some: [list, { '==': [{ var: '$flagd' }, 'own'] }] },
  { '==': [{ '+': [age, null] }, 18] },
  { '==': [{ cat: list }, 'a'] },
  { '==': [{ cat: ['a', { missing: [] }] }, 'a'] },
  { some: [list, { '==': [{ cat: { var: '' } }, 'a'] }] },
  { some: [list, { '==': [null, { var: '' }] }] },
  { some: [list, { '==': [null, { var: null }] }] },
  { some: [list, { '==': [{ var: 0 }, null] }] },
  { some: [list, { '==': [{ var: '' }, null] }] },
  { some: [list, { '===': [{ var: '' }, null] }] },
  { some: [list, { '==': [{ var: [{ var: '' }] }, null] }] },
  { some: [list, { '==': [null, { var: [{ var: '' }] }] }] },
  { some: [list, { '!=': [{ cat: { var: [{ var: '' }] } }, 'a'] }] },
  { '==': [{ var: ['nothing', 'x', 'y'] }, 'x'] },
  { '==': [{ var: null }, 'x'] },
  { '==': [{ var: [list] }, 'c'] },
  { '==': [{ if: [{ '!': [list] }, 'a'] }, 'a'] },
  { '!': [{}] },
  { '!': {} },
  { '==': [{ var: 'back\\' }, 'x'] },
  { '==': [{ var: 'dot\\.ted' }, 'x'] },
  { '==': [{ var: '.' }, 'x'] },
  { '==': [{ var: 'text.10' }, 'k'] },
  { '==': [{ substr: [{ var: 'text' }, -20] }, 'text'] },
  { '==': [{ substr: [{ var: 'text' }, 20] }, ''] },
  { sem_ver: [{ var: 'version' }, '=', '1.2.3'] },
  { sem_ver: [{ var: 'version' }, '=', '1.20.0'] },
  { '==': [{ reduce: [list, { max: [{ var: 'accumulator' }, { var: 'current' }] }, age] }, 18] },
  { '==': [{ reduce: [list, { max: [{ var: 'accumulator' }, { var: 'current' }] }] }, 2] },
  { '==': [{ reduce: [[1, 2], { max: [{ var: 'accumulator' }, { var: 'current' }] }] }, 2] },
];

/** What its compiled form makes of these is not what they say: they are refused, as are mistakes anywhere in a flag. */
const REFUSED: readonly (readonly [unknown, RegExp])[] = [
  [{ in: ['a', { and: [list, list] }] }, /and inside in/],
  [{ '==': [{ cat: ['a', { or: [list, 'b'] }] }, 'ab'] }, /or inside cat/],
  [{ var: ['a', { missing: ['b', 'c'] }] }, /missing inside var/],
  [{ if: [{ '<': ['abc', 1] }] }, /not a number/],
  [{ '==': [{ '/': [age, ''] }, 1] }, /divides by 0/],
  [{ '==': [{ '+': [age, [1]] }, 1] }, /not a number/],
  [{ '==': [{ '+': [age, [age]] }, 1] }, /not a number/],
  [{ '==': [{ '+': [age, { cat: ['a', 'b'] }] }, 1] }, /not a number/],
  [{ in: ['a', { missing: '../a' }] }, /not a part of flagd/],
  [{ if: [{ in: ['a', { missing: '../a' }] }, 'true'] }, /not a part of flagd/],
  [{ in: ['a', { missing: true }] }, /names of attributes/],
  [{ '==': [age] }, /two or three/],
  [{ all: [list] }, /a list and an expression/],
  [{ some: [list, age, age] }, /a list and an expression/],
  [{ reduce: [list, age, 0, age] }, /a list and an expression/],
  [{ '==': [{ var: [[], 'x'] }, 'x'] }, /name of an attribute/],
  [{ in: [age, { var: {} }] }, /name of an attribute/],
  [{ throw: 'x' }, /throw/],
];

const CONTEXTS: readonly object[] = [
  { age: 18, list: [1, 2], text: 'text', zero: 0, nothing: null, version: '1.2.3' },
  { age: '30', list: ['b', 'c'], text: '', zero: '', version: 'v1' },
  { age: 'young', list: [], text: 'x', version: 1.2 },
  { age: null, list: [0], text: '7', version: 'V1.0.0-rc.1' },
  { age: true, list: 'bc', text: 5, version: null },
  { age: 0, list: { a: 1 }, text: null },
  { list: ['18'], age: ['18'], text: [] },
  { list: {}, age: {}, text: {}, version: '1.v2.3', 'back\\': 'x' },
  { list: [undefined, 'a'], text: 'abcdefghijk', version: '1.20', '': 'x', 'dot.ted': 'x' },
  { list: [{ $flagd: 'own' }], text: undefined, version: '1.2' },
  {},
];

const variants = { true: 1, false: 2, '0': 3 };
const flagOf = (targeting: unknown) => ({ state: 'ENABLED', variants, defaultVariant: 'false', targeting });

interface Core {
  setConfigurations(configuration: string): unknown;
  getFlag(key: string): { evaluate(context: object): { value?: unknown } };
}

test("S6: the corners of flagd's engine are the same here, compiled and interpreted", { skip }, async () => {
  const targetings = CORNERS.flatMap((corner) => [withElse(corner), without(corner)]);
  const flags = Object.fromEntries(targetings.map((targeting, index) => [`corner-${index}`, flagOf(targeting)]));
  const { report, ask } = await imported('flagd', { flags });
  const { FlagdCore } = peer<{ FlagdCore: new (storage: undefined, logger: object) => Core }>(NAME);
  const silent = () => undefined;
  const core = new FlagdCore(undefined, { error: silent, warn: silent, info: silent, debug: silent });
  core.setConfigurations(JSON.stringify({ flags }));
  const refused = report.refused.map(({ flag, reason }) => `${JSON.stringify(flags[flag]?.targeting)}: ${reason}`);
  const isTold = (each: string) => /reduce|divides by 0/.test(each);
  assert.ok(refused.every(isTold), refused.join('\n'));
  for (const { flag } of report.carried) {
    for (const context of CONTEXTS) {
      const { value: expected } = core.getFlag(flag).evaluate(context);
      const about = `${JSON.stringify(flags[flag]?.targeting)} for ${JSON.stringify(context)}`;
      if (expected === undefined) assert.throws(() => ask(flag, context), about);
      else assert.deepEqual(ask(flag, context), expected, about);
    }
  }
});

test('S6: what flagd reads otherwise than it is written is refused', async () => {
  const flags = Object.fromEntries(REFUSED.map(([corner], index) => [`corner-${index}`, flagOf(withElse(corner))]));
  const { report } = await imported('flagd', { flags });
  for (const [index, [corner, reason]] of REFUSED.entries()) {
    const found = report.refused.find(({ flag }) => flag === `corner-${index}`)?.reason ?? 'it is carried';
    assert.match(found, reason, JSON.stringify(corner));
  }
});

test('S6: a reduce that flagd puts something else in the place of is refused, and no other', async () => {
  const over = (source: unknown, logic: unknown, start: unknown = 0) =>
    without({ '<': [{ reduce: [source, logic, start] }, 3] });
  const [accumulator, current] = [{ var: 'accumulator' }, { var: 'current' }];
  const most = { max: [accumulator, current] };
  const replaced = {
    sum: over(list, { '+': [current, accumulator] }),
    product: over(list, { '*': [accumulator, current] }),
  };
  const carried = {
    'sum with an else': withElse(sum),
    'sum of three': over(list, { '+': [accumulator, current, 1] }),
    'sum with a number': over(list, { '+': [accumulator, 1] }),
    'sum of one': over(list, { '+': [current, current] }),
    'sum with a test': over(list, { '+': [{ '!!': 'accumulator' }, current] }),
    'sum of others': over(list, { '+': [{ var: 'accumulator.x' }, { var: 'current.x' }] }),
    difference: over(list, { '-': [accumulator, current] }),
    'from an attribute': over(list, most, age),
    'of a list that is written out': over([1, 2], most),
  };
  const startsElsewhere = { written: over([1, 2], most, age) };
  const targetings = { ...replaced, ...startsElsewhere, ...carried };
  const flags = Object.fromEntries(Object.entries(targetings).map(([key, each]) => [key, flagOf(each)]));
  const { report } = await imported('flagd', { flags });
  const reasons = new Map(report.refused.map(({ flag, reason }) => [flag, reason]));
  assert.deepEqual([...reasons.keys()].toSorted(), ['product', 'sum', 'written']);
  for (const key of Object.keys(replaced)) {
    assert.match(reasons.get(key) ?? '', /in a reduce to a sum or product, in an if without an else; add one/);
  }
  assert.match(reasons.get('written') ?? '', /a list that is constant, and a start that is not/);
});
