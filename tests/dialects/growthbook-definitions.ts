import type { Random } from './importing.ts';

export const FLAGS = 160;

const ATTRIBUTES = [
  'country',
  'age',
  'version',
  'tags',
  'premium',
  'company.plan',
  'none',
  'items',
  'id',
  'tags.0',
  'tags.length',
];
const SCALARS = [
  'DE',
  'de',
  '',
  'null',
  '18',
  0,
  1,
  18,
  -1,
  2.5,
  true,
  false,
  null,
  '1.10.0',
  'v1.9.0-rc.1',
  'a@x.com',
  '😀',
  '1,2',
];
const PATTERNS = ['^d', 'E$', '\\.com', '[0-9]+', '^.$', 'n.ll', '(', '', 'a\\@x', '^\\w+$', '/x', 'É'];
const IDS = ['list', 'numbers', 'v2', 'beta', 'loop', 'gone', 'odd', 'nested'];
export const savedGroups = {
  list: ['DE', 'AT', '18'],
  numbers: [18, 0],
  v2: { type: 'list', attributeKey: 'country', values: ['DE', 'a@x.com'] },
  beta: { type: 'condition', condition: { tags: { $elemMatch: { $eq: 'beta' } } } },
  nested: { type: 'condition', condition: { $or: [{ $savedGroup: { id: 'v2' } }, { $savedGroup: { id: 'loop' } }] } },
  loop: { type: 'condition', condition: { $not: { $savedGroup: { id: 'loop' } } } },
  odd: { type: 'later', values: ['DE'] },
};

function condition(random: Random, depth = 0): object {
  const parts = Array.from({ length: random.whole(3) }, () => part(random, depth));
  return Object.fromEntries(parts);
}

function part(random: Random, depth: number): [string, unknown] {
  if (depth < 3 && random.chance(0.35)) {
    const name = random.pick(['$and', '$or', '$nor', '$not', '$savedGroup']);
    if (name === '$not') return [name, condition(random, depth + 1)];
    if (name === '$savedGroup')
      return [name, { id: random.pick(IDS), ...random.pick([{}, {}, { attributeKey: 'tags' }, { attributeKey: 3 }]) }];
    return [name, Array.from({ length: random.whole(3) }, () => condition(random, depth + 1))];
  }
  return [random.pick(ATTRIBUTES), value(random, depth)];
}

function value(random: Random, depth: number): unknown {
  if (random.chance(0.3)) return random.pick(SCALARS);
  if (random.chance(0.08))
    return random.pick([[], ['DE'], {}, { plan: 'pro' }, { b: 1, a: [2] }, [1, 2], { $eq: 'DE', x: 1 }]);
  return Object.fromEntries(Array.from({ length: 1 + random.whole(2) }, () => operator(random, depth)));
}

function operator(random: Random, depth: number): [string, unknown] {
  const some = () => random.some(SCALARS, 4);
  const inner = () => (depth < 4 ? value(random, depth + 1) : 'DE');
  return random.pick<() => [string, unknown]>([
    () => [random.pick(['$eq', '$ne', '$lt', '$lte', '$gt', '$gte']), random.pick([...SCALARS, [18], { a: 1 }])],
    () => [random.pick(['$eq', '$ne', '$lt', '$lte', '$gt', '$gte']), random.pick(SCALARS)],
    () => [
      random.pick(['$veq', '$vne', '$vlt', '$vlte', '$vgt', '$vgte']),
      random.pick(['1.9.0', '1.10.0', 'v1.10.0-beta.2', '2', '1.10', 7, null, '1.10.0+7']),
    ],
    () => [
      random.pick(['$in', '$nin', '$ini', '$nini']),
      random.chance(0.9) ? some() : random.pick<unknown>(['DE', null, [[1]]]),
    ],
    () => [random.pick(['$inGroup', '$notInGroup']), random.pick(IDS)],
    () => ['$not', inner()],
    () => ['$size', random.pick<unknown>([0, 1, '2', { $gt: 1 }, true])],
    () => [
      random.pick(['$all', '$alli']),
      random.chance(0.9) ? random.pick<unknown[]>([['beta'], ['BETA', 'x'], [], [{ $ne: 'x' }], [1]]) : 'x',
    ],
    () => [
      '$elemMatch',
      random.pick<object>([
        { $eq: 'beta' },
        { $gt: 1 },
        { n: { $gt: 1 } },
        { 'a.b': true },
        {},
        { $or: [{ n: 1 }] },
        { $in: [0, ''] },
      ]),
    ],
    () => [random.pick(['$regex', '$regexi']), random.chance(0.95) ? random.pick(PATTERNS) : 5],
    () => ['$type', random.pick(['string', 'number', 'boolean', 'array', 'object', 'null', 'undefined', 'x'])],
    () => ['$exists', random.pick<unknown>([true, false, 0, 'x'])],
    () => [random.pick(['$unheardOf', '$never', '$json']), 'x'],
  ])();
}

const ranges = (random: Random) =>
  random.pick([
    [
      [0, 0.5],
      [0.5, 1],
    ],
    [
      [0, 0.1],
      [0.3, 0.4],
      [0.05, 0.9],
    ],
    [[0.2, 1]],
    [],
  ]);

function bucketing(random: Random): object {
  return {
    ...random.pick([
      {},
      {},
      { hashVersion: 1 },
      { hashVersion: 2 },
      { hashVersion: 2 },
      { hashVersion: random.pick<unknown>([0, 3, '2', null]) },
    ]),
    ...random.pick([{}, {}, { seed: 'seed' }, { seed: '' }, { seed: 'sä😀' }]),
    ...random.pick([
      {},
      {},
      { hashAttribute: 'country' },
      { hashAttribute: 'age' },
      { hashAttribute: 'tags' },
      { hashAttribute: 'none' },
      { hashAttribute: '' },
    ]),
    ...random.pick([
      {},
      {},
      { fallbackAttribute: 'deviceId', bucketVersion: 1, minBucketVersion: 1 },
      { bucketVersion: 2, minBucketVersion: 1 },
      { fallbackAttribute: 'deviceId' },
      { fallbackAttribute: 'id', disableStickyBucketing: true },
      { disableStickyBucketing: true },
    ]),
    ...(random.chance(0.2)
      ? {
          filters: [
            {
              seed: 'f',
              ranges: ranges(random),
              ...random.pick([{}, { attribute: 'age' }, { hashVersion: 1 }, { hashVersion: 9 }]),
            },
          ],
        }
      : {}),
  };
}

function rule(random: Random, index: number, values: readonly unknown[]): object {
  const common = {
    ...(random.chance(0.5) ? { condition: condition(random) } : {}),
    ...(random.chance(0.8) ? bucketing(random) : {}),
    ...(random.chance(0.25) ? { parentConditions: parents(random, index) } : {}),
    ...random.pick([{}, { id: 'fr_1', name: 'Rule', phase: '1' }]),
  };
  if (random.chance(0.4)) {
    const share = random.pick([
      {},
      { coverage: random.pick([0, 0.5, 1, 0.123, 2, -1]) },
      {
        range: random.pick([
          [0, 0.5],
          [0.25, 2],
          [1, 0],
        ]),
      },
    ]);
    return { ...common, force: random.pick(values), ...share };
  }
  const count = random.pick([0, 1, 2, 2, 3, 5]);
  const variations = Array.from({ length: count }, () => random.pick(values));
  return {
    ...common,
    [random.chance(0.9) ? 'variations' : 'contextualVariations']: variations,
    ...(random.chance(0.2) ? { contextualBanditRef: random.pick(['bandit', 'empty', 'gone']) } : {}),
    ...random.pick([{}, { key: `experiment-${index}` }]),
    ...random.pick([{}, { coverage: random.pick([0, 0.5, 1, 1.5, -0.5]) }]),
    ...random.pick([
      {},
      { weights: [0.3, 0.7] },
      { weights: [0.1, 0.2, 0.7] },
      { weights: [0.9, 0.9] },
      { weights: [0.333, 0.333, 0.333] },
    ]),
    ...random.pick([{}, {}, { ranges: ranges(random) }]),
    ...random.pick([{}, {}, { namespace: ['ns', 0.2, 0.8] }]),
    ...(random.chance(0.3)
      ? { meta: variations.map((_, at) => ({ key: `${at}`, passthrough: random.chance(0.3) })) }
      : {}),
  };
}

function parents(random: Random, index: number): object[] {
  const id = random.chance(0.9) ? `flag-${random.whole(random.chance(0.95) ? Math.max(1, index) : FLAGS)}` : 'gone';
  const expected = random.pick<object>([
    { value: true },
    { value: { $exists: true } },
    { value: { $ne: 'a' } },
    { value: { $gt: 0 } },
    {},
    { 'value.c': null },
  ]);
  const one = { id, condition: expected, ...random.pick([{}, { gate: true }, { gate: true }]) };
  return random.chance(0.1) ? [one, { id: 'flag-0', condition: { value: { $exists: true } } }] : [one];
}

export function feature(random: Random, index: number): object {
  const values = random.pick<readonly unknown[]>([
    [true, false],
    ['a', 'b', 'ü'],
    [1, 0, 2.5],
    [true, 'a', { c: null }, null, [1]],
  ]);
  const rules = Array.from({ length: random.whole(4) }, () => rule(random, index, values));
  const only = random.chance(0.15) ? parents(random, index) : [];
  const gated = random.chance(0.1)
    ? [{ parentConditions: parents(random, index).map((each) => ({ ...each, gate: true })) }]
    : [];
  return {
    ...(random.chance(0.95) ? { defaultValue: random.pick(values) } : {}),
    rules: [...gated, ...rules.map((each) => (only.length > 0 ? { ...each, parentConditions: only } : each))],
  };
}

export function context(random: Random, index: number): Record<string, unknown> {
  const all: Record<string, unknown> = {
    id: random.chance(0.9) ? `user-${index}` : random.pick<unknown>([index, '', 0, null, ['x', 1]]),
  };
  const set = (name: string, share: number, values: readonly unknown[]) => {
    if (random.chance(share)) all[name] = random.pick(values);
  };
  set('country', 0.8, ['DE', 'de', 'AT', 'a@x.com', 'É', 'é', '😀', '', null, 5, ['DE', 'x']]);
  set('age', 0.8, [0, 17, 18, 18.5, -1, '18', '', true, null]);
  set('version', 0.7, ['1.9.0', '1.10.0', 'v1.10.0', '1.10.0-beta.2', '1.10.0-beta.11', '2', 7, '', null, '1.10.0+9']);
  set('tags', 0.7, [['beta'], ['x', 'BETA'], [], ['beta', 1, null], [1, 2], 'beta', [['beta']], { 0: 'beta' }]);
  set('premium', 0.5, [true, false, 'true', 1, null]);
  set('company', 0.5, [{ plan: 'pro' }, { plan: null }, {}, 'DE', null, { plan: { b: 1, a: [2] } }]);
  set('items', 0.5, [[{ n: 1 }, { n: 2 }], [{ a: { b: true } }], [null, 0, ''], [], 'x']);
  return all;
}

export const contextualBandits = {
  bandit: {
    banditVersion: 2,
    contexts: [
      { leafId: 1, condition: { country: 'DE' }, weights: [0.9, 0.1] },
      { leafId: 2, condition: { age: { $gte: 18 } }, weights: [0.1, 0.2, 0.7] },
    ],
  },
  empty: { contexts: [] },
};

/** A user as the SDK takes it, with what it knows beside attributes. */
export function userOf(random: Random, index: number): Readonly<Record<string, unknown>> {
  const attributes = { ...context(random, index), ...random.pick([{}, {}, { deviceId: random.pick(['d1', 5, '']) }]) };
  const key = () => random.pick([`experiment-${random.whole(20)}`, `flag-${random.whole(20)}`]);
  const asked = () => `${key()}=${random.pick(['0', '1', '2', '9', '-1', '1x', 'x', '', '01'])}`;
  const url = () =>
    random.pick([`http://x.com/?${asked()}&${asked()}`, `/p?a=b#${asked()}`, `?${asked()}#x`, `?${key()}`, asked()]);
  return {
    attributes,
    ...(random.chance(0.4) ? { url: url() } : {}),
    ...random.pick([{}, {}, {}, {}, { enabled: random.pick([true, false, null]) }, { qaMode: random.chance(0.5) }]),
    ...(random.chance(0.4) ? { forcedVariations: { [key()]: random.pick<unknown>([0, 1, 2, 9, -1, '1']) } } : {}),
    ...(random.chance(0.5) ? { stickyBucketAssignmentDocs: assignmentsOf(random, attributes, key) } : {}),
  };
}

function assignmentsOf(random: Random, attributes: Readonly<Record<string, unknown>>, key: () => string): object {
  const names = ['id', 'deviceId', 'country', 'age'].filter((name) => attributes[name] && random.chance(0.6));
  const assigned = () => [`${key()}__${random.whole(3)}`, random.pick(['0', '1', '2', 'zz', '7'])] as const;
  const docs = names.map((attributeName) => {
    const attributeValue = String(attributes[attributeName]);
    const assignments = Object.fromEntries(Array.from({ length: 1 + random.whole(9) }, assigned));
    return [`${attributeName}||${attributeValue}`, { attributeName, attributeValue, assignments }];
  });
  return Object.fromEntries(docs);
}
