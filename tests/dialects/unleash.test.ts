import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { createRandom, imported, type Random } from './importing.ts';
import { type Client, opened } from './unleash-sdk.ts';
import { USERS } from './users.ts';

const NAME = 'unleash-client';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;
const SEED = Number(process.env.DIALECT_SEED ?? 20_260_402);
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  userId: ['user-1', 'user-2', 'üser-3', '', ' user-1'],
  sessionId: ['s-1', 's-2', '日本'],
  remoteAddress: ['10.0.0.1', '192.168.1.7', '10.0.0.1/24', '2001:db8::1', '::ffff:10.0.0.1', 'nowhere', '010.0.0.1'],
  environment: ['default', 'production'],
  appName: ['shop', 'bench'],
  email: ['a@x.com', 'B@Y.org', 'ü@ß.de', ' a@x.com ', '', 'İ@x.com'],
  age: [0, 18, 30, -1, 2.5, '18', ' 18 ', '', '0x12', 'x', true],
  version: ['1.0.0', '1.2', '2.0.0-rc.1', '2.0.0-rc.2', '2.0.0-rc.11', '2.0.0', 'v2.0.0', ' v2.0.0', '1.0.0+b', 'x', 2],
  plan: ['gold', 'Gold', null, 7, ['a', 'b'], { a: 1 }],
};
const FIELDS = Object.keys(VALUES);
const NETWORKS = [
  ...['10.0.0.0/8', '10.0.0.1', '192.168.0.0/16', '0.0.0.0/0', '10.0.0.0/24', '10.0.0.0/33', '2001:db8::/32', '::/0'],
  ...['::ffff:10.0.0.0/104', '2001:DB8:0:0:0:0:0:1', 'fe80::1%eth0', 'x', ' 10.0.0.0/8 '],
];
const DATES = [
  ...['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.500+01:00', '2026-06-01', '2026', '2026-03', '2026-03-01T00:00Z'],
  ...[1_767_225_600_000, 'x', '', null, 0, true, '2026-01-01T24:00:00Z', '2026-02-30', '+002026-01-01T00:00:00Z'],
];
const PATTERNS = [
  '^a',
  '@.*\\.com$',
  '^\\s*$',
  '[^a-z]',
  '\\Aa|org\\z',
  '(?P<x>a)@',
  '[\\w.]+@y',
  '\\bx\\b',
  'a{2,}',
  '[]a]',
  '(?i)A@X',
  '(?i:b)@y',
  '[[:upper:]]',
  '[\\S]+@',
  '(?=a)',
  'a**',
  '(a',
  '\\Qa@x.\\E',
];
const many = <T>(random: Random, most: number, make: (random: Random) => T) =>
  Array.from({ length: random.whole(most + 1) }, () => make(random));

function constraint(random: Random): unknown {
  const contextName = random.pick(FIELDS);
  const common = {
    contextName,
    ...random.pick([{}, { inverted: true }, { inverted: false }]),
    ...random.pick([{}, { caseInsensitive: true }]),
  };
  const texts = () => random.some([...(VALUES[contextName] ?? []).map(String), 'A@X', 'a@', '.com', ' '], 3);
  const kind = random.whole(20);
  if (kind < 5)
    return { ...common, operator: random.pick(['IN', 'NOT_IN']), values: random.chance(0.1) ? [] : texts() };
  if (kind < 9) {
    return { ...common, operator: random.pick(['STR_STARTS_WITH', 'STR_ENDS_WITH', 'STR_CONTAINS']), values: texts() };
  }
  if (kind < 12) {
    const operator = random.pick(['NUM_EQ', 'NUM_GT', 'NUM_GTE', 'NUM_LT', 'NUM_LTE']);
    return {
      ...common,
      contextName: 'age',
      operator,
      values: [],
      value: random.pick(['18', '2.5', 'x', '', '-1', 18, null, ' 18 ', '0x12', '1e1', '١٨', undefined, true]),
    };
  }
  if (kind < 14) {
    return { ...common, operator: random.pick(['DATE_AFTER', 'DATE_BEFORE']), values: [], value: random.pick(DATES) };
  }
  if (kind < 16) {
    const operator = random.pick(['SEMVER_EQ', 'SEMVER_GT', 'SEMVER_GTE', 'SEMVER_LT', 'SEMVER_LTE']);
    const value = random.pick(['2.0.0', '2.0.0-rc.2', 'v1.0.0', '1', '1.0.0+a', '1.0', '01.0.0', ' 1.0.0 ', null, 2]);
    return { ...common, contextName: random.pick(['version', 'email']), operator, values: [], value };
  }
  if (kind < 18)
    return { ...common, operator: 'IN_CIDR', contextName: 'remoteAddress', values: random.some(NETWORKS, 3) };
  if (kind < 19) return { ...common, operator: 'REGEX', values: [], value: random.pick(PATTERNS) };
  return random.chance(0.2) ? null : { ...common, operator: 'UNHEARD_OF', values: texts() };
}

function variants(random: Random): object[] {
  const stickiness = random.pick([
    undefined,
    'default',
    'userId',
    'plan',
    'email',
    random.chance(0.1) ? 'random' : 'age',
  ]);
  return Array.from({ length: 1 + random.whole(3) }, (_, index) => ({
    name: random.pick(['blue', 'Green', 'größe', `v${index}`, 'disabled', 'enabled']),
    weight: random.pick([0, 1, 333, 500, 1000]),
    weightType: random.pick(['fix', 'variable']),
    ...(stickiness === undefined ? {} : { stickiness }),
    ...random.pick<object>([
      {},
      { payload: { type: 'string', value: `text ${index}` } },
      { payload: { type: 'csv', value: 'a,b' } },
      { payload: { type: 'json', value: random.pick(['{"a":[1,null]}', '[]', '{"half"']) } },
      { payload: { type: 'number', value: random.pick(['1', '2.50', '', '12345678901234567890']) } },
    ]),
    ...(random.chance(0.2)
      ? {
          overrides: [
            { contextName: random.pick(FIELDS), values: random.some(['user-1', 'gold', 'a@x.com', '18'], 2) },
          ],
        }
      : {}),
  }));
}

function strategy(random: Random): object {
  const percentage = random.pick([
    '0',
    '1',
    '33',
    '50',
    '99',
    '100',
    50,
    12.5,
    'x',
    undefined,
    ' 50 ',
    '50%',
    -1,
    '150',
  ]);
  const groupId = random.pick(['group', '', undefined, 'grüppe', 7]);
  const [name, parameters] = random.pick<readonly [string, object]>([
    ['default', {}],
    ['userWithId', { userIds: random.pick(['user-1,user-2', 'user-1 , üser-3,', '', ' user-1']) }],
    ['gradualRolloutUserId', { percentage, groupId }],
    ['gradualRolloutSessionId', { percentage, groupId }],
    ['gradualRolloutRandom', { percentage: random.pick(['0', '100', random.chance(0.1) ? '50' : '0']) }],
    ['remoteAddress', { IPs: random.some(NETWORKS, 3).join(random.pick([',', ' , '])) }],
    ['applicationHostname', { hostNames: random.chance(0.1) ? 'a,b' : '' }],
    [
      'flexibleRollout',
      { rollout: percentage, groupId, stickiness: random.pick(['userId', 'sessionId', 'plan', 'email']) },
    ],
    ['flexibleRollout', { rollout: percentage, groupId, stickiness: random.pick(['default', undefined, '']) }],
    ['flexibleRollout', { rollout: random.chance(0.9) ? '100' : '50', groupId, stickiness: 'random' }],
    [random.chance(0.1) ? 'homegrown' : 'default', {}],
  ]);
  return {
    name,
    parameters,
    ...(random.chance(0.1) ? {} : { constraints: many(random, 2, constraint) }),
    ...random.pick([{}, {}, { segments: random.some([1, 2, 3, 'gone'], 2) }]),
    ...random.pick([{}, {}, { variants: variants(random) }, { variants: [] }]),
  };
}

const nameOf = (index: number) => (index % 7 === 0 ? `Feature-${index}` : `feature-${index}`);

function feature(random: Random, index: number): object {
  const dependency = () => ({
    feature: nameOf(random.whole(index + 3)),
    ...random.pick([
      {},
      { enabled: true },
      { enabled: false },
      { variants: ['blue', 'v0', 'disabled'] },
      { variants: [] },
    ]),
  });
  return {
    name: nameOf(index),
    type: 'release',
    description: 'about it',
    enabled: random.chance(0.9),
    impressionData: random.chance(0.2),
    strategies: many(random, 3, strategy),
    ...random.pick([{}, {}, { variants: [] }, { variants: variants(random) }, { variants: variants(random) }]),
    ...(random.chance(0.25) ? { dependencies: [dependency(), ...(random.chance(0.2) ? [dependency()] : [])] } : {}),
  };
}

function context(random: Random, index: number): Record<string, unknown> {
  const asked: Record<string, unknown> = {
    userId: random.chance(0.1) ? random.pick(VALUES.userId ?? []) : `user-${index}`,
  };
  const properties: Record<string, unknown> = {};
  for (const name of FIELDS) {
    if (name === 'userId') continue;
    const isOwn = ['sessionId', 'remoteAddress', 'environment', 'appName'].includes(name) || random.chance(0.1);
    if (random.chance(0.8)) (isOwn ? asked : properties)[name] = random.pick(VALUES[name] ?? []);
  }
  asked.appName ??= 'bench';
  if (random.chance(0.9)) asked.properties = properties;
  if (random.chance(0.5))
    asked.currentTime = random.pick([
      '2025-12-31T23:59:59Z',
      '2026-03-01T00:00:00Z',
      1_800_000_000_000,
      '2026',
      'x',
      0,
      '',
    ]);
  if (random.chance(0.1)) asked.userId = index;
  return asked;
}

/** What an application sees of a feature: on or off, or its variant's payload, read as its type says. */
function answerOf(client: Client, { name, variants = [], strategies = [] }: Feature, asked: object): unknown {
  const has = variants.length > 0 || strategies.some((each) => (each.variants ?? []).length > 0);
  if (!has) return client.isEnabled(name, asked);
  const variant = client.getVariant(name, asked);
  if (variant.payload === undefined) return variant.name;
  const { type, value } = variant.payload;
  if (type === 'number' && value !== '' && value.length < 16) return Number(value);
  return type === 'json' && !value.includes('half') ? JSON.parse(value) : value;
}

/** Whether chance had a part in an answer: who has nothing to be bucketed by is drawn anew each time. */
function drawing<T>(answer: () => T): { readonly value: T; readonly isDrawn: boolean } {
  const { random } = Math;
  let isDrawn = false;
  Math.random = () => {
    isDrawn = true;
    return random();
  };
  try {
    const value = answer();
    return { value, isDrawn };
  } finally {
    Math.random = random;
  }
}

interface Feature {
  readonly name: string;
  readonly variants?: readonly object[];
  readonly strategies?: readonly { readonly variants?: readonly object[] }[];
}

test('S6: imported from Unleash, every user has the value that its own SDK gives', { skip }, async (t) => {
  const random = createRandom(SEED);
  const features = Array.from({ length: 200 }, (_, index) => feature(random, index));
  const segments = [1, 2, 3].map((id) => ({ id, name: `s${id}`, constraints: many(random, 2, constraint) }));
  const { report, ask } = await imported('unleash', { version: 2, features, segments });
  const client = await opened(t, { version: 2, features, segments });
  assert.ok(report.carried.length > 130, JSON.stringify(report.refused.slice(0, 20)));
  const byName = new Map((features as Feature[]).map((each) => [each.name, each]));
  let compared = 0;
  for (let index = 0; index < USERS; index += 1) {
    const asked = context(random, index);
    const now = Date.now();
    for (const at of [index, index + 37, index + 71]) {
      const { flag: key } = report.carried[at % report.carried.length] ?? assert.fail();
      const source = byName.get(key) ?? assert.fail();
      const { value: expected, isDrawn } = drawing(() => answerOf(client, source, asked));
      if (isDrawn) continue;
      compared += 1;
      assert.deepEqual(
        ask(key.toLowerCase(), asked, now),
        expected,
        `seed ${SEED}: ${key} for ${JSON.stringify(asked)} ${JSON.stringify(source)}`,
      );
    }
  }
  assert.ok(compared > USERS * 2.5, `${compared} answers were compared`);
});

test('S6: the vectors of the bucketing `unleash` are what its SDK computes', { skip }, async () => {
  const { normalizedStrategyValue, normalizedVariantValue } = peer<{
    normalizedStrategyValue(id: string, group: string): number;
    normalizedVariantValue(id: string, group: string, total: number): number;
  }>(`${NAME}/lib/strategy/util.js`);
  const { rollouts, variants } = JSON.parse(
    await readFile(new URL('../../conformance/bucketing-unleash.json', import.meta.url), 'utf8'),
  );
  for (const { group, id, point } of rollouts)
    assert.equal(normalizedStrategyValue(id, group), point, `${group}:${id}`);
  for (const { group, id, total, point } of variants) {
    assert.equal(normalizedVariantValue(id, group, total), point, `${group}:${id} of ${total}`);
  }
});
