import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { openedConfigCat, SKIP_CONFIGCAT } from './configcat-sdk.ts';
import { assertRecorded } from './recorded.ts';

const SALT = 'sälz';
const TEXTS = ['a@x.com', 'DE', 'ü', '😀 x', '18', '["beta","x"]', 'x_y', '', '\u00c3'];
const VERSIONS = [
  '1.2.0',
  '1.2.0-rc.1',
  ' 1.2.0-rc.11 ',
  'v1.2.0',
  '1.2',
  'x',
  '2.0.0+b',
  '1.02.0',
  '  ',
  '10.0.0',
  `${' '.repeat(300)}1.2.0`,
];
const NUMBERS = [
  '18',
  '18,5',
  ' 18 ',
  '0x12',
  'NaN',
  ' NaN ',
  '0',
  '00',
  '007',
  '0.5',
  '0e1',
  '-1',
  'Infinity',
  ' ',
  '180 ',
  ' 0x1f',
  ' 00x',
];
const LISTS = [['beta'], ['x', 'ü'], [], ['a', 1], '[1]', '["beta"', '[]', { 0: 'beta' }];
const OTHERS: readonly unknown[] = [
  18,
  18.5,
  0,
  -1,
  1e21,
  1_767_225_600,
  true,
  null,
  { a: 1 },
  { toString: 1 },
  ['x', ['y']],
];

const ENDS = ['a@', 'x.com', '😀', '1', 'ü', '\u00c3', 'x_', ''];
const ATTRIBUTES = ['Identifier', 'Email', 'Country', 'value'];

const hash = (bytes: Buffer, within: string) =>
  createHash('sha256')
    .update(Buffer.concat([bytes, Buffer.from(SALT + within)]))
    .digest('hex');
const hashed = (text: string, within: string) => hash(Buffer.from(text), within);
const sliced = (text: string, within: string) => `${Buffer.from(text).length}_${hashed(text, within)}`;

type Condition = (within: string) => object;

/** By the numbers that ConfigCat has for its comparators: each with what it may compare with. */
const COMPARISONS: readonly Condition[] = [
  ...[0, 1, 2, 3, 28, 29, 30, 31, 32, 33].flatMap((c) =>
    [['a@x.com'], ['DE', 'ü'], ['x'], ['']].map(
      (texts): Condition =>
        () =>
          c === 28 || c === 29 ? { c, s: texts[0] } : { c, l: texts },
    ),
  ),
  ...[4, 5].flatMap((c) =>
    [['1.2.0'], ['2.0.0', ''], ['x', '1.2.0'], []].map(
      (l): Condition =>
        () => ({ c, l }),
    ),
  ),
  ...[6, 7, 8, 9].flatMap((c) =>
    ['1.2.0', '1.2.0-rc.2', 'x', ' 2.0.0 '].map(
      (s): Condition =>
        () => ({ c, s }),
    ),
  ),
  ...[10, 11, 12, 13, 14, 15, 18, 19].flatMap((c) =>
    [18, 18.5, 0].map(
      (d): Condition =>
        () => ({ c, d }),
    ),
  ),
  ...[16, 17, 26, 27].flatMap((c) =>
    [['a@x.com', '18'], ['beta'], ['ü'], ['']].map(
      (texts): Condition =>
        (within) => ({
          c,
          l: texts.map((text) => hashed(text, within)),
        }),
    ),
  ),
  ...[20, 21].flatMap((c) =>
    ['DE', '18'].map(
      (text): Condition =>
        (within) => ({ c, s: hashed(text, within) }),
    ),
  ),
  ...[22, 23, 24, 25].flatMap((c) =>
    ENDS.map(
      (end): Condition =>
        (within) => ({ c, l: ['no', end].map((text) => sliced(text, within)) }),
    ),
  ),
  ...[34, 35].flatMap((c) =>
    [['beta'], ['ü', '1'], ['']].map(
      (l): Condition =>
        () => ({ c, l }),
    ),
  ),
];

const CONTEXTS: readonly object[] = [
  ...[...TEXTS, ...VERSIONS, ...NUMBERS, ...LISTS, ...OTHERS].map((value) => ({ identifier: 'u', custom: { value } })),
  ...['a@x.com', 'DE', '', 'ü'].map((text) => ({ identifier: text, email: text, country: text })),
  ...[{}, { identifier: 'u', custom: {} }, { email: 'DE' }, { country: 'a@x.com', email: 'ü' }],
];

test('S6: the corners of comparisons of ConfigCat are the same here, and as they are written down', {
  skip: SKIP_CONFIGCAT,
}, async (t) => {
  const conditions = ATTRIBUTES.flatMap((a, at) =>
    COMPARISONS.filter((_, index) => a === 'value' || index % ATTRIBUTES.length === at).map(
      (compared): Condition =>
        (within) => ({ a, ...compared(within) }),
    ),
  );
  const p = [
    { p: 33, v: { b: true } },
    { p: 67, v: { b: false } },
  ];
  const f = Object.fromEntries([
    ...conditions.map((condition, at) => {
      const r = [{ c: [{ u: condition(`f${at}`) }], s: { v: { b: true } } }];
      return [`f${at}`, { t: 0, v: { b: false }, r }] as const;
    }),
    ...ATTRIBUTES.map((a, at) => [`share${at}`, { t: 0, a, v: { b: false }, p }] as const),
  ]);
  const config = { p: { u: 'https://cdn-global.configcat.com', r: 0, s: SALT }, f };
  const sdk = await openedConfigCat(config, t);
  await assertRecorded('configcat', {
    file: config,
    contexts: CONTEXTS,
    answer: (flag, user) => sdk.getValue(flag, null, Object.keys(user).length === 0 ? undefined : user),
  });
});
