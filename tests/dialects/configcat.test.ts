import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openedConfigCat, SKIP_CONFIGCAT } from './configcat-sdk.ts';
import { createRandom, imported, type Random } from './importing.ts';
import { USERS } from './users.ts';

const SEED = Number(process.env.DIALECT_SEED ?? 20_260_403);
const FLAGS = 160;
const SALT = 'sälz';
const SEGMENTS = ['staff', 'Üb', 'none', 'mixed'];

const ATTRIBUTES = ['Identifier', 'Email', 'Country', 'age', 'version', 'groups', 'since', 'missing', 'toString'];
const TEXTS = [
  'a@x.com',
  'b@y.org',
  'DE',
  'de',
  '18',
  'user-1',
  'ü',
  '😀 x',
  'true',
  '["beta","x"]',
  '2.5',
  '[object Object]',
  '',
];
const VERSIONS = ['1.0.0', '1.2.0-rc.1', ' 1.2.0-rc.11 ', 'v1.2.0', '1.2', 'x', '', '2.0.0+b', '1.02.0', '  '];
const NUMBERS = [0, 18, 18.5, -1, 1_767_225_600, 2.5];
const LISTS = ['beta', 'x', 'ü', '18', ''];

const hash = (bytes: Buffer, within: string) =>
  createHash('sha256')
    .update(Buffer.concat([bytes, Buffer.from(SALT + within)]))
    .digest('hex');

function slice(text: string, within: string): string {
  const bytes = Buffer.from(text);
  return `${bytes.length}_${hash(bytes, within)}`;
}

function userCondition(random: Random, within: string): object {
  const a = random.pick(ATTRIBUTES);
  if (random.chance(0.005))
    return random.pick([
      { a, c: 99 },
      { a, c: 0 },
      { a, c: 28, s: null },
      { a, c: 22, l: ['x_'] },
    ]);
  const c = random.pick(Array.from({ length: 36 }, (_, index) => index));
  const texts = () => random.some(TEXTS, 3);
  if ([0, 1, 2, 3, 30, 31, 32, 33].includes(c)) return { a, c, l: random.chance(0.95) ? texts() : [] };
  if (c === 4 || c === 5) return { a, c, l: random.some(VERSIONS, 3) };
  if (c >= 6 && c <= 9) return { a, c, s: random.pick(VERSIONS) };
  if ((c >= 10 && c <= 15) || c === 18 || c === 19) return { a, c, d: random.pick(NUMBERS) };
  if (c === 16 || c === 17) return { a, c, l: texts().map((text) => hash(Buffer.from(text), within)) };
  if (c === 20 || c === 21) return { a, c, s: hash(Buffer.from(random.pick(TEXTS)), within) };
  if (c >= 22 && c <= 25) {
    const parts = random.some(['a@', 'x.com', 'D', '😀', 'user-', '1', 'ü', '\u00c3', ''], 3);
    return { a, c, l: parts.map((part) => slice(part, within)) };
  }
  if (c === 26 || c === 27) return { a, c, l: random.some(LISTS, 3).map((text) => hash(Buffer.from(text), within)) };
  if (c === 28 || c === 29) return { a, c, s: random.pick(TEXTS) };
  return { a, c, l: random.some(LISTS, 3) };
}

const TYPES = [
  { t: 0, field: 'b', values: [true, false] },
  { t: 1, field: 's', values: ['a', 'b', 'ü', ''] },
  { t: 2, field: 'i', values: [0, 1, -7] },
  { t: 3, field: 'd', values: [0.5, 1, 3.25] },
] as const;
const typeOfFlag = (index: number) => TYPES[(index * 7) % 4] ?? TYPES[0];
const keyOf = (index: number) => (index % 9 === 0 ? `Flag_${index}` : `flag_${index}`);

function served(random: Random, index: number): { v: object; i?: string } {
  const { field, values } = typeOfFlag(index);
  return { v: { [field]: random.pick<unknown>(values) }, ...random.pick([{}, { i: 'abc123' }]) };
}

function condition(random: Random, index: number): object {
  if (random.chance(0.2)) return { s: { s: random.whole(SEGMENTS.length), c: random.whole(2) } };
  if (index > 0 && random.chance(0.15)) return { p: prerequisite(random, index) };
  return { u: userCondition(random, keyOf(index)) };
}

function prerequisite(random: Random, index: number): object {
  const required = random.whole(index);
  if (random.chance(0.03)) {
    return random.pick([
      { f: keyOf(index), c: 0, v: { b: true } },
      { f: keyOf(index + 1), c: 0, v: { i: 1 } },
      { f: 'gone', c: 0, v: { b: true } },
      { f: keyOf(required), c: 7, v: served(random, required).v },
      { f: keyOf(required), c: 0, v: { b: true, s: 'a', i: 1, d: 1 } },
    ]);
  }
  return { f: keyOf(required), c: random.whole(2), v: served(random, required).v };
}

function options(random: Random, index: number): object[] {
  const shares = random.pick([
    [50, 50],
    [100],
    [0, 33, 67],
    [1, 99],
    [10, 20, 80],
    [100, 50],
    random.chance(0.02) ? [10, 20] : [100],
  ]);
  return shares.map((p) => ({ p, ...served(random, index) }));
}

function setting(random: Random, index: number): object {
  const always = index > 0 && random.chance(0.15) ? [{ p: prerequisite(random, index) }] : [];
  const rules = Array.from({ length: random.whole(4) }, () => ({
    c: [...always, ...Array.from({ length: random.whole(3) }, () => condition(random, index))],
    ...(random.chance(0.6) ? { s: served(random, index) } : { p: options(random, index) }),
  }));
  return {
    t: typeOfFlag(index).t,
    ...random.pick([{}, {}, { a: 'Country' }, { a: 'age' }, { a: 'groups' }, { a: 'missing' }]),
    ...(rules.length > 0 ? { r: rules } : {}),
    ...(random.chance(0.3) ? { p: options(random, index) } : {}),
    ...served(random, index),
  };
}

function configOf(random: Random): { p: object; s: object[]; f: Record<string, object> } {
  const segments = SEGMENTS.map((n, index) => ({
    n,
    r: Array.from({ length: index === 2 ? 0 : index + 1 }, () => userCondition(random, n)),
  }));
  const f = Object.fromEntries(Array.from({ length: FLAGS }, (_, index) => [keyOf(index), setting(random, index)]));
  return { p: { u: 'https://cdn-global.configcat.com', r: 0, s: SALT }, s: segments, f };
}

function user(random: Random, index: number): Record<string, unknown> {
  if (random.chance(0.02)) return {};
  const custom: Record<string, unknown> = {};
  const set = (name: string, values: readonly unknown[]) => {
    if (random.chance(0.8)) custom[name] = random.pick(values);
  };
  set('age', [18, '18', '18,5', ' 18 ', '0x12', 'NaN', '', null, true, 0, '0 ', 1e21, 'Infinity']);
  set('version', [...VERSIONS, 5]);
  set('groups', [['beta'], ['x', 'ü'], [], '["beta","x"]', '[1]', ['a', 1], { a: 1 }, 'beta', { toString: 1 }]);
  set('since', [1_767_225_600, '1767225600.5', '2026-01-01', null]);
  return {
    identifier: random.chance(0.95) ? `user-${index}` : random.pick(['', 'ü', '😀']),
    ...random.pick([{}, { email: 'a@x.com' }, { email: 'b@y.org' }, { email: '' }]),
    ...random.pick([{}, { country: 'DE' }, { country: '😀 x' }, { country: null }]),
    ...(random.chance(0.95) ? { custom } : {}),
  };
}

test('S6: imported from ConfigCat, every user has the value that its own SDK gives', {
  skip: SKIP_CONFIGCAT,
}, async (t) => {
  const random = createRandom(SEED);
  const config = configOf(random);
  const { report, ask } = await imported('configcat', config);
  const sdk = await openedConfigCat(config, t);
  assert.ok(report.carried.length > FLAGS * 0.7, JSON.stringify(report.refused.slice(0, 20)));
  for (let index = 0; index < USERS; index += 1) {
    const asked = user(random, index);
    for (const at of [index, index + 37, index + 71]) {
      const { flag: key } = report.carried[at % report.carried.length] ?? assert.fail();
      assert.deepEqual(
        ask(key.toLowerCase(), asked),
        sdk.getValue(key, null, Object.keys(asked).length === 0 ? undefined : asked),
        `seed ${SEED}: ${key} for ${JSON.stringify(asked)} ${JSON.stringify(config.f[key])} ${JSON.stringify(config.s)}`,
      );
    }
  }
});

test('S6: the vectors of the bucketing `configcat` are what its SDK computes', { skip: SKIP_CONFIGCAT }, async (t) => {
  const file = new URL('../../conformance/bucketing-configcat.json', import.meta.url);
  const { buckets }: { buckets: { setting: string; key: string; point: number }[] } = JSON.parse(
    await readFile(file, 'utf8'),
  );
  const p = Array.from({ length: 100 }, (_, percent) => ({ p: 1, v: { i: percent } }));
  const f = Object.fromEntries(buckets.map(({ setting }) => [setting, { t: 2, v: { i: -1 }, p }]));
  const sdk = await openedConfigCat({ p: { s: SALT }, f }, t);
  for (const { setting, key, point } of buckets) {
    assert.equal(sdk.getValue(setting, null, { identifier: key }), point, `${key} for ${setting}`);
  }
});
