import { test } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { assertRecorded } from './recorded.ts';

const NAME = '@openfeature/flagd-core';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;

const [list, age, text, none] = ['list', 'age', 'text', 'none'].map((name) => ({ var: name }));
const element = { var: '' };
const accumulated = [{ var: 'accumulator' }, { var: 'current' }];

/** What `fractional` is given. */
const SPLITS: readonly (readonly unknown[])[] = [
  ...[
    [
      ['ab', 1],
      ['x', 1],
    ],
    [['ab'], ['x']],
    [
      ['ab', 50],
      ['x', 50],
      ['te', 0],
    ],
    [
      ['ab', 0],
      ['x', 7],
    ],
    [
      ['ab', -5],
      ['x', 7],
    ],
  ],
  ...[
    [
      ['ab', 1, 2],
      ['x', 1],
    ],
    [
      ['ab', 1.5],
      ['x', 1],
    ],
    [
      ['ab', '1'],
      ['x', 1],
    ],
    [
      ['ab', null],
      ['x', 1],
    ],
    [[], ['x', 1]],
  ],
  ...[
    ['ab', ['x', 1]],
    ['seed', ['ab', 1], ['x', 1]],
    [7, ['ab', 1]],
    [
      ['ab', 2 ** 31],
      ['x', 1],
    ],
    [['ab', 2 ** 31 - 1]],
  ],
  ...[[text, ['ab', 1], ['x', 1]], [{ cat: ['a', age] }, ['ab', 3], ['x', 1]], [], [['ab', 1]], [none, ['ab', 1]]],
  ...[
    [
      [true, 1],
      ['x', 1],
    ],
    [
      [null, 1],
      ['x', 1],
    ],
    [
      [3, 1],
      [3, 1],
    ],
    [
      ['ab', age],
      ['x', 2],
    ],
    [
      [list, 1],
      ['x', 1],
    ],
  ],
];

/** What comes to a value, which is then compared in one way and another. */
const VALUES: readonly unknown[] = [
  ...[
    list,
    age,
    text,
    none,
    { var: 'zero' },
    { var: ['none', 3] },
    { var: ['text', 'x'] },
    { var: ['zero.deeper', 3] },
  ],
  ...[{ var: 'list.0' }, { var: 'list.length' }, { var: 'text.length' }, { var: 'text.0' }, { var: 'text.00' }],
  ...[{ var: 'deep.a.b' }, { var: 'deep.a.b.c' }, { var: 'deep.a.b.c.d' }, { var: 'deep.x\\.y' }, { var: 'list.1' }],
  ...[{ var: ['deep.a.none', age] }, { var: { var: 'text' } }, { var: [{ var: 'text' }, 3] }, { var: 'deep.none.x' }],
  ...['+', '-', '*', '/', '%'].flatMap((name) => [
    { [name]: [age, 3] },
    { [name]: [age, 5, 2] },
    { [name]: [{ var: 'zero' }, age] },
    { [name]: list },
    { [name]: [list] },
    { [name]: [age] },
    { [name]: age },
    { [name]: [7, 4] },
    { [name]: { if: [age, [9, 3, 2], [6]] } },
  ]),
  ...['max', 'min'].flatMap((name) => [{ [name]: [age, 3] }, { [name]: list }, { [name]: [3, 2, 4] }, { [name]: [] }]),
  ...[
    { cat: ['a', 'b'] },
    { cat: [text, age] },
    { cat: list },
    { cat: text },
    { cat: ['a', none] },
    { cat: [list, 'x'] },
  ],
  ...[0, 1, -2, 9].flatMap((from) => [
    { substr: [text, from] },
    { substr: [text, from, 2] },
    { substr: [text, from, -1] },
  ]),
  ...[{ substr: [text, age, 1] }, { merge: [list, [3]] }, { merge: [1, 'ab', list] }, { merge: list }],
  ...[{ map: [list, { '+': [element, 1] }] }, { filter: [list, { '>': [element, 1] }] }, { map: [text, element] }],
  ...[
    { reduce: [list, { '+': accumulated }, 0] },
    { reduce: [list, { '-': accumulated }, 3] },
    { reduce: [list, { '-': accumulated }] },
  ],
  ...[
    { reduce: [list, { cat: accumulated }, 'a'] },
    { reduce: [none, { '*': accumulated }, 3] },
    { reduce: [list, { max: accumulated }, 1] },
  ],
  ...[
    { missing: ['age', 'none'] },
    { missing: 'none' },
    { missing: ['deep.a.b', 'text.9'] },
    { missing_some: [1, ['age', 'none']] },
  ],
  ...[
    { missing_some: [2, ['age', 'text', 'none']] },
    { missing: [] },
    { if: [age, 3, 'ab'] },
    { if: [none, 1, age, 3, 'ab'] },
  ],
  ...[
    { if: [none, 1, text, 3] },
    { '?:': [list, 3, 'ab'] },
    { and: [age, list, 3] },
    { or: [none, text, 3] },
    { and: [age] },
  ],
  ...SPLITS.map((fractional) => ({ fractional })),
  ...[{ var: '' }, { var: [] }, { var: null }, { var: 0 }].map((whole) => ({ if: [whole, 3, 'ab'] })),
  ...[{ or: [{ var: 'zero' }, none] }, { '!': [age] }, { '!!': [list] }, { '!': list }, { '!!': text }, { '!!': [[]] }],
];

/** What holds or not by itself. */
const HOLDING: readonly unknown[] = [
  ...['zero', 'zero.deeper', 'deep.a', 'deep.a.b', 'deep.a.b.c', 'deep.none.x', 'deep.a.b.c.d', 'text.length'].flatMap(
    (path) => [
      { '===': [{ var: path }, 0] },
      { '===': [{ var: path }, null] },
      { '===': [{ var: path }, ''] },
      { '===': [{ var: path }, 3] },
    ],
  ),
  ...[0, 1, -1].map((length) => ({ '===': [{ substr: [text, 0, length] }, ''] })),
  ...[['age', 'none'], ['age', 'text'], ['deep.a.b', 'none'], ['text.0'], [7]].flatMap((paths) => [
    { '!': { missing: paths } },
    { in: ['none', { missing: paths }] },
    { '!': { missing_some: [1, paths] } },
    { '!': [{ missing_some: [2, paths] }] },
  ]),
  ...[list, text, none, age, [list], { merge: [list, none] }].flatMap((value) => [
    { '==': [value, none] },
    { '!=': [value, null] },
    { '===': [none, value] },
    { '==': [value, ''] },
    { '==': [value, '1,2'] },
    { '==': ['b,c', value] },
  ]),
  ...['<', '<=', '>', '>=', '==', '!=', '===', '!=='].flatMap((name) => [
    { [name]: [age, 18] },
    { [name]: [text, 'text'] },
    { [name]: [age, text] },
    { [name]: [none, 0] },
    { [name]: [list, '1,2'] },
    { [name]: [{ var: 'zero' }, false] },
    { [name]: ['5', age] },
    { [name]: [1, age, 65] },
    { [name]: [age, age, 18] },
    { [name]: [age, '18', text] },
  ]),
  ...['some', 'all', 'none'].flatMap((name) => [
    { [name]: [list, { '>': [element, 1] }] },
    { [name]: [text, { '==': [element, 't'] }] },
    { [name]: [none, element] },
    { [name]: [list, { in: [element, ['b', 2]] }] },
    { [name]: [age, element] },
  ]),
  ...['=', '!=', '<', '<=', '>', '>=', '^', '~', '?'].flatMap((order) => [
    { sem_ver: [{ var: 'version' }, order, '1.2.3'] },
    { sem_ver: ['v1.2', order, { var: 'version' }] },
  ]),
  ...[{ sem_ver: [{ var: 'version' }, '='] }, { sem_ver: [{ var: 'version' }, '=', '1.2.3', 'x'] }],
  ...['starts_with', 'ends_with'].flatMap((name) => [
    { [name]: [text, 'te'] },
    { [name]: [text, 'xt'] },
    { [name]: ['text', text] },
    { [name]: [age, '1'] },
    { [name]: [text, 't', 'x'] },
  ]),
  ...[
    { in: ['b', list] },
    { in: [text, 'a text'] },
    { in: [2, list] },
    { in: ['8', age] },
    { in: [none, [null]] },
    { in: ['e', text] },
  ],
  ...[{ '>=': [{ var: '$flagd.timestamp' }, 0] }, { in: ['f', { var: '$flagd.flagKey' }] }, { var: 'flags.$flagd' }],
];

const CONTEXTS: readonly object[] = [
  {
    targetingKey: 'u1',
    age: 18,
    list: [1, 2],
    text: 'text',
    zero: 0,
    version: '1.2.3',
    deep: { a: { b: 3 }, 'x.y': 3 },
  },
  {
    targetingKey: 'u2',
    age: '30',
    list: ['b', 'c'],
    text: '',
    zero: '',
    version: 'v1',
    deep: { a: { b: { c: { d: 3 } } } },
  },
  { targetingKey: 'user-3', age: 'young', list: [], text: 'x', version: 1.2, deep: { a: { b: 'ab' } } },
  { targetingKey: 4, age: null, list: [0], text: '7', version: 'V1.0.0-rc.1', zero: null, deep: { a: null } },
  { targetingKey: '', age: true, list: 'bc', text: 5, version: null, zero: false },
  { targetingKey: 'user-6', age: 0, list: { a: 1 }, text: null, version: '1.2.3-rc.1', deep: [3] },
  { list: ['18'], age: ['18'], text: [], version: '1.3.0' },
  { age: 3, list: [3], text: 'age', version: '2', zero: { deeper: 3 } },
  { age: -5, list: [[1], [2]], text: 'ab', version: 'x' },
  { age: 2.5, list: [2, null, 3], text: 'texte', version: '1.2' },
  { age: 1e300, list: [9, 3, 2], text: '😀' },
  { targetingKey: 'user-12', age: 'null', text: 'null', list: [[[1]]], version: '10.2' },
  {},
];

interface Core {
  setConfigurations(configuration: string): unknown;
  getFlag(key: string): { evaluate(context: object): { value?: unknown } };
}

test("S6: operations of flagd's engine hold as they do there, and as it is written down", { skip }, async () => {
  const conditions = [
    ...HOLDING,
    ...VALUES.flatMap((value) => [
      { '==': [value, 3] },
      { '<': [value, 4] },
      { in: [value, ['ab', 3, true, 'te', 'x']] },
    ]),
  ];
  const isArithmetic = (value: unknown) => /^\{"[-+*/%]"/.test(JSON.stringify(value));
  const second = VALUES.filter(isArithmetic).flatMap((value) => [
    { '==': [3, value] },
    { '>=': [text, value] },
    { '===': [value, age] },
  ]);
  const targetings = [...conditions, ...second].flatMap((condition) => [
    { if: [condition, 'true', 'false'] },
    { if: [condition, 'true'] },
  ]);
  const variants = { true: true, false: false };
  const flags = Object.fromEntries(
    targetings.map((targeting, at) => [`f${at}`, { state: 'ENABLED', variants, defaultVariant: 'false', targeting }]),
  );
  const { FlagdCore } = peer<{ FlagdCore: new (storage: undefined, logger: object) => Core }>(NAME);
  const silent = () => undefined;
  const core = new FlagdCore(undefined, { error: silent, warn: silent, info: silent, debug: silent });
  core.setConfigurations(JSON.stringify({ flags }));
  await assertRecorded('flagd', {
    file: { flags },
    contexts: CONTEXTS,
    answer: (flag, context) => core.getFlag(flag).evaluate(context).value,
  });
});
