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

const EXPERIMENT = { key: 'exp', variations: [true, false] };
const META = { meta: [{ key: '0' }, { key: 'one' }] };
const PARENT = { id: 'f0', condition: { value: true } };

/** More than a condition: shares, and what an SDK knows of a user beside attributes. */
const RULES: readonly object[] = [
  EXPERIMENT,
  { ...EXPERIMENT, weights: [0.3, 0.7], coverage: 0.6, hashVersion: 2, seed: 'sä😀' },
  { ...EXPERIMENT, ...META, bucketVersion: 2, minBucketVersion: 1, fallbackAttribute: 'deviceId' },
  { ...EXPERIMENT, ...META, bucketVersion: 3, minBucketVersion: 3, hashAttribute: 'deviceId', condition: { b: 1 } },
  { ...EXPERIMENT, ...META, disableStickyBucketing: true, hashAttribute: 'a' },
  {
    ...EXPERIMENT,
    ranges: [
      [0, 0.4],
      [0.6, 1],
    ],
    namespace: ['ns', 0.1, 0.8],
  },
  ...[0, 0.25, 0.5, 1].map((coverage) => ({ force: true, coverage, seed: 'x' })),
  { force: true, coverage: 0.5, hashAttribute: 'a', fallbackAttribute: 'deviceId', hashVersion: 2 },
  {
    force: true,
    filters: [
      {
        seed: 'f',
        ranges: [
          [0, 0.2],
          [0.5, 0.9],
        ],
      },
    ],
  },
  { force: true, parentConditions: [PARENT] },
  { force: true, condition: { b: 1 }, parentConditions: [{ ...PARENT, gate: true }] },
  { force: true, parentConditions: [{ id: 'f1', condition: { value: false } }, PARENT] },
  ...[['DE'], [], {}, { plan: 'pro' }, [null], ['x', 2, '']].map((a) => ({ force: true, condition: { a } })),
  ...['staff', 'named', 'gone'].flatMap((id) => [
    { force: true, condition: { a: { $inGroup: id } } },
    { force: true, condition: { a: { $notInGroup: id } } },
    { force: true, condition: { $savedGroup: { id } } },
  ]),
  { force: true, condition: { a: { $later: 1 } } },
];

const savedGroups = {
  staff: ['DE', 18, ''],
  named: { type: 'condition', condition: { a: { $regexi: '^D' } } },
};

const keeping = (place: string, ...assigned: readonly (readonly [string, string])[]) => {
  const [attributeName = '', attributeValue = ''] = place.split('||');
  return { [place]: { attributeName, attributeValue, assignments: Object.fromEntries(assigned) } };
};
const DOCS: readonly object[] = [
  {},
  keeping('id||u1', ['exp__2', '0']),
  keeping('id||u1', ['exp__2', 'one']),
  keeping('id||u1', ['exp__2', 'zz'], ['exp__1', '0']),
  keeping('id||u1', ['exp__0', '0']),
  keeping('id||u1', ['exp__0', 'one'], ['exp__2', '0'], ['exp__3', 'one']),
  keeping('id||u1', ['exp__3', '0'], ['other__2', '0']),
  keeping('deviceId||d1', ['exp__2', '0'], ['exp__3', '0']),
  keeping('deviceId||d1', ['exp__2', 'one'], ['exp__1', 'one']),
  keeping('deviceId||d1', ['exp__0', '0']),
  { ...keeping('id||u1', ['exp__2', 'one']), ...keeping('deviceId||d1', ['exp__2', '0'], ['exp__3', '0']) },
  keeping('id||other', ['exp__2', '0']),
];
const ADDRESSES = [
  ...[
    'http://x.com/?exp=0',
    '?exp=1',
    '?exp=1#exp=0',
    '?exp=2',
    '?exp=-1',
    '?exp=x',
    '?a=b&exp=1',
    '?exp',
    '/p#?exp=0',
  ],
  ...['?exp=0&exp=1', '?aexp=0', 'exp=0', '?exp=1x', '?a=1?exp=0', '?x=1#y&exp=0', '?exp=', '?exp=0=1'],
];

/** Users as an SDK takes them. */
const USERS: readonly object[] = [
  ...ADDRESSES.map((url) => ({ url })),
  ...[{ enabled: false }, { enabled: true }, { enabled: null }, { qaMode: true }, { qaMode: false }],
  ...[0, 1, 9, -1, '1', '0'].map((index) => ({ forcedVariations: { exp: index } })),
  ...[
    { url: '?exp=1', forcedVariations: { exp: 0 } },
    { qaMode: true, url: '?exp=0' },
    { forcedVariations: { other: 0 } },
  ],
  ...DOCS.map((stickyBucketAssignmentDocs) => ({ stickyBucketAssignmentDocs })),
  { stickyBucketAssignmentDocs: {}, attributes: { deviceId: 'd2', b: 1 } },
  { stickyBucketAssignmentDocs: keeping('id||u1', ['exp__3', '0']), attributes: { id: 'u1', b: 1 } },
  { stickyBucketAssignmentDocs: keeping('id||u1', ['exp__3', 'one']), attributes: { id: 'u1', deviceId: '' } },
  { stickyBucketAssignmentDocs: {}, attributes: { id: '', deviceId: 'd3' } },
  { attributes: { id: '', deviceId: 'd3' } },
  { stickyBucketAssignmentDocs: {}, attributes: { a: '', deviceId: 'd4' } },
].map((user) => ({ attributes: { id: 'u1', deviceId: 'd1', a: 'DE', b: 1 }, ...user }));

interface Single {
  initSync(options: object): unknown;
  evalFeature(key: string): { readonly value: unknown };
  destroy(): void;
}

interface Client {
  initSync(options: object): unknown;
  evalFeature(key: string, user: object): { value: unknown };
}

test('S6: the corners of conditions of GrowthBook are the same here, and as they are written down', {
  skip,
}, async (t) => {
  t.mock.method(console, 'error', () => undefined);
  const rules = [...CONDITIONS.map((condition) => ({ condition, force: true })), ...RULES];
  const features = Object.fromEntries(rules.map((rule, at) => [`f${at}`, { defaultValue: false, rules: [rule] }]));
  const payload = { features, savedGroups };
  const { GrowthBook, GrowthBookClient } = peer<{
    GrowthBookClient: new (options: object) => Client;
    GrowthBook: new (user: object) => Single;
  }>(NAME);
  const client = new GrowthBookClient({});
  client.initSync({ payload });
  const stickyBucketService = { getAllAssignments: async () => ({}), saveAssignments: async () => undefined };
  const answerOf = (flag: string, user: object) => {
    const keeps = 'stickyBucketAssignmentDocs' in user ? { stickyBucketService } : {};
    // It writes into what it is given.
    const sdk = new GrowthBook({ ...structuredClone(user), ...keeps });
    sdk.initSync({ payload });
    const { value } = sdk.evalFeature(flag);
    sdk.destroy();
    return value;
  };
  await assertRecorded('growthbook', {
    file: payload,
    contexts: [...CONTEXTS, ...USERS],
    answer: (flag, context) =>
      'attributes' in context ? answerOf(flag, context) : client.evalFeature(flag, { attributes: context }).value,
  });
});
