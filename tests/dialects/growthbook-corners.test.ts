import { test } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { assertRecorded } from './recorded.ts';

const NAME = '@growthbook/growthbook';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;

const TEXTS = ['DE', 'de', '', 'null', '18', '2,5', 'x', 'true'];
const OTHERS = [0, 18, -1, 2.5, true, false, null];
const VERSIONS = [
  ...['1.9.0', '1.10.0', 'v1.10.0', '1.10.0-beta.2', '1.10.0-beta.11', '1.10.0-beta', '1.10.0+7', '1.10.0+78', '1.10'],
  ...['2', '', 'x', '0', '1v.2', '1.10.0-x+y', '1.10.0.1', '1.10.0.~', '100000.1.2', '1.10.x', '1-10-0'],
];
const LISTS = [[], ['DE'], ['de', 18], [['DE']], [null], ['beta', 'BETA'], ['x', 2, ''], [0]];
const OBJECTS = [{}, { plan: 'pro' }, { n: 2 }, { a: { b: 'DE' } }, { length: 1 }];
const ITEMS = [[{ n: 1 }, { n: 2 }], [{ a: { b: 'DE' } }], [null, { n: 2 }], [{}]];

const VALUES: readonly unknown[] = [...TEXTS, ...OTHERS, ...VERSIONS, 7, 10, ...LISTS, ...OBJECTS, ...ITEMS];
const each = <T>(operators: readonly string[], operands: readonly T[]) =>
  operators.flatMap((operator) => operands.map((operand) => ({ [operator]: operand })));

/** What the attribute `a` has to be. */
const EXPECTED: readonly unknown[] = [
  ...TEXTS,
  ...OTHERS,
  ...each(['$eq', '$ne', '$lt', '$lte', '$gt', '$gte'], ['DE', '18', 18, 0, null, true]),
  ...each(
    ['$veq', '$vne', '$vlt', '$vlte', '$vgt', '$vgte'],
    ['1.9.0', 'v1.10.0', '1.10.0-beta.2', '2', '0', '1.10.0.1'],
  ),
  ...each(['$in', '$nin', '$ini', '$nini'], [['DE'], ['de', 18], [], [null, ''], ['true', true]]),
  ...each(['$size'], [0, 1, 2, { $gt: 1 }]),
  ...each(['$all', '$alli'], [['DE'], ['beta', 'x'], ['BETA'], [], ['', 2]]),
  ...each(
    ['$elemMatch'],
    [{ $eq: 'DE' }, { $gt: 1 }, { n: { $gt: 1 } }, { n: 2 }, { 'a.b': 'DE' }, { $or: [{ n: 1 }] }, {}],
  ),
  ...each(['$regex', '$regexi'], ['^d', 'E$', '^$', '[0-9]', 'null']),
  ...each(['$type'], ['string', 'number', 'boolean', 'array', 'object', 'null', 'undefined']),
  ...each(['$exists'], [true, false]),
  ...each(['$not'], [{ $eq: 'DE' }, 'DE', { $not: { $gt: 1 } }]),
  ...[
    { $gt: 1, $lt: 18 },
    { $gte: 18, $ne: 18 },
    { $exists: true, $not: { $in: ['DE'] } },
  ],
];

const CONDITIONS: readonly object[] = [
  ...EXPECTED.map((expected) => ({ a: expected })),
  ...[{ 'a.plan': 'pro' }, { 'a.a.b': 'DE' }, { 'a.length': 1 }, { 'a.0': 'DE' }, { 'a.plan': { $exists: false } }],
  ...[{ $and: [{ a: 'DE' }, { b: 1 }] }, { $or: [{ a: 'DE' }, { b: 1 }] }, { $nor: [{ a: 'DE' }, { b: 1 }] }],
  ...[{ $not: { a: 'DE', b: 1 } }, { $or: [] }, { $and: [] }, { $nor: [] }, {}, { a: 'DE', b: 1 }, { b: null }],
  ...[{ $or: [{ $and: [{ a: 'x' }, { $not: { b: 1 } }] }, { a: 18 }] }, { $not: {} }],
];

const CONTEXTS: readonly object[] = [
  ...VALUES.map((a, index) => ({ id: `user-${index}`, a, ...(index % 3 === 0 ? { b: 1 } : {}) })),
  ...[{}, { b: 1 }, { id: 'u', b: null }],
];

interface Client {
  initSync(options: object): unknown;
  evalFeature(key: string, user: object): { value: unknown };
}

test('S6: the corners of conditions of GrowthBook are the same here, and as they are written down', {
  skip,
}, async (t) => {
  t.mock.method(console, 'error', () => undefined);
  const rules = CONDITIONS.map((condition) => ({ condition, force: true }));
  const features = Object.fromEntries(rules.map((rule, at) => [`f${at}`, { defaultValue: false, rules: [rule] }]));
  const { GrowthBookClient } = peer<{ GrowthBookClient: new (options: object) => Client }>(NAME);
  const client = new GrowthBookClient({});
  client.initSync({ payload: { features } });
  await assertRecorded('growthbook', {
    file: { features },
    contexts: CONTEXTS,
    answer: (flag, attributes) => client.evalFeature(flag, { attributes }).value,
  });
});
