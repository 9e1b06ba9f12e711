import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { flagsmith } from '../../apps/cli/src/importing/flagsmith/contexts.ts';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { createRandom, imported, type Random, USERS } from './importing.ts';

const NAME = 'flagsmith-nodejs';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;
const SEED = 20_260_404;
const FEATURES = 120;
const SEGMENTS = 14;

const PROPERTIES = [
  ...['email', 'age', 'version', 'premium', 'tags', 'none', 'a b', '$.identity.identifier', '$.identity.key'],
  ...['$.environment.name', '$.environment.key', "$.identity.traits['a b']", '$.identity.traits.age', '', null],
];
const VALUES = [
  'a@x.com',
  'x',
  '18',
  '18.5',
  'true',
  'False',
  'false',
  '',
  'e1',
  'user-7',
  '1,2',
  'Production',
  18,
  true,
  null,
];
const OPERATORS = [
  ...['EQUAL', 'NOT_EQUAL', 'GREATER_THAN', 'GREATER_THAN_INCLUSIVE', 'LESS_THAN', 'LESS_THAN_INCLUSIVE', 'CONTAINS'],
  ...['NOT_CONTAINS', 'REGEX', 'MODULO', 'IN', 'IS_SET', 'IS_NOT_SET', 'PERCENTAGE_SPLIT', 'LATER'],
];

function condition(random: Random): object {
  const operator = random.pick(OPERATORS);
  const property_ = random.pick(PROPERTIES);
  if (operator === 'REGEX')
    return { operator, property_, value: random.pick(['^a', '\\d+', '\\.com$', '', '(', '18', null, '^.$']) };
  if (operator === 'MODULO')
    return { operator, property_, value: random.pick(['2|0', '3|1.5', '0|0', 'x|1', '2', '', null, '1.5|0']) };
  if (operator === 'IN') {
    return {
      operator,
      property_,
      value: random.pick<unknown>(['a@x.com,18', '["18","x"]', '[18]', '', ['18', 'x'], null, 'user-7,user-8', '1']),
    };
  }
  if (operator === 'PERCENTAGE_SPLIT') {
    const by = random.pick(['', null, '$.identity.identifier', '$.environment.name', '$.identity.traits.age', 'age']);
    return { operator, property_: by, value: random.pick<unknown>(['50', 33.3, 0, '100', 'x', null]) };
  }
  if (random.chance(0.25))
    return {
      operator,
      property_: 'version',
      value: random.pick(['1.2.0:semver', '2.0.0-rc.1:semver', 'x:semver', '18:semver', ':semver']),
    };
  return { operator, property_, value: random.pick(VALUES) };
}

function rule(random: Random, depth = 0): object {
  const many = <T>(most: number, make: () => T) => Array.from({ length: random.whole(most + 1) }, make);
  return {
    type: random.pick(['ALL', 'ALL', 'ANY', 'ANY', 'NONE', random.chance(0.1) ? 'SOME' : 'ALL']),
    conditions: many(depth === 0 ? 1 : 3, () => condition(random)),
    rules: depth > 2 ? [] : many(depth === 0 ? 2 : 1, () => rule(random, depth + 1)),
  };
}

const uuid = (number: number) => `${'0'.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

function state(random: Random, index: number, priority?: number | null): object {
  const isValued = index % 3 !== 0;
  const value = () => (isValued ? random.pick<unknown>(['a', 'b', '', 7, true, null, '{"x":1}']) : null);
  const id = 1_000 + random.whole(90_000);
  const weights = random.pick([[50, 50], [33.3, 33.3, 33.3], [0, 100], [10], [60, 60]]);
  const byId = random.chance(0.7);
  const variants = weights.map((weight, at) => ({
    percentage_allocation: weight,
    multivariate_feature_option: { value: value(), id: at },
    ...(byId ? { id: (at * 7 + id) % 5 } : { id: null }),
    mv_fs_value_uuid: uuid((id * (at + 3)) % 97),
  }));
  return {
    feature: { id: index + 1, name: nameOf(index), type: 'STANDARD' },
    enabled: random.chance(0.6),
    ...random.pick([
      { django_id: id, featurestate_uuid: uuid(id) },
      { django_id: null, featurestate_uuid: uuid(id) },
    ]),
    feature_state_value: value(),
    ...(isValued && random.chance(0.5)
      ? { multivariate_feature_state_values: variants }
      : { multivariate_feature_state_values: [] }),
    ...(priority === undefined ? {} : { feature_segment: { priority } }),
  };
}

const nameOf = (index: number) => (index % 10 === 0 ? `Feature_${index}` : `feature_${index}`);

function environmentOf(random: Random): { feature_states: { feature: { name: string } }[] } & Record<string, unknown> {
  const some = (most: number, make: (index: number) => object) =>
    Array.from({ length: random.whole(most) }, () => make(random.whole(FEATURES)));
  const segments = Array.from({ length: SEGMENTS }, (_, at) => ({
    id: random.pick([at + 1, SEGMENTS * 2 - at]),
    name: `segment ${at}`,
    rules: Array.from({ length: random.chance(0.95) ? 1 + random.whole(2) : 0 }, () => rule(random)),
    feature_states: some(60, (index) => state(random, index, random.pick([undefined, null, 0, 1, 2, 3]))),
  }));
  const identities = ['user-1', 'user-2', 'user,3', 'user-7', 'user-8', '["user-9"]', 'user-10'];
  const shared = some(4, (index) => state(random, index));
  return {
    id: 1,
    api_key: 'env-kéy',
    name: 'Production',
    feature_states: Array.from({ length: FEATURES }, (_, index) => state(random, index)) as {
      feature: { name: string };
    }[],
    project: {
      id: 1,
      name: 'p',
      hide_disabled_flags: random.chance(0.5),
      organisation: { id: 1, name: 'o' },
      segments,
    },
    identity_overrides: identities.map((identifier, at) => ({
      identifier,
      identity_uuid: uuid(at),
      environment_api_key: 'env-kéy',
      created_date: '2026-01-01T00:00:00Z',
      identity_traits: [],
      identity_features: at > 4 ? shared : some(12, (index) => state(random, index)),
    })),
  };
}

function traitsOf(random: Random): Record<string, unknown> {
  const traits: Record<string, unknown> = {};
  const set = (name: string, values: readonly unknown[]) => {
    if (random.chance(0.75)) traits[name] = random.pick(values);
  };
  set('email', ['a@x.com', 'b@y.org', '', 'x', null, { value: 'a@x.com', transient: true }]);
  set('age', [18, 18.5, 0, -3, '18', '20', '', true, 'x']);
  set('version', ['1.2.0', '1.10.0', '2.0.0-rc.1', '2.0.0', 'v1.2.0', '1.2', 18, true, 'x']);
  set('premium', [true, false, 'true', 1]);
  set('tags', ['x', ['18', 'x'], [], 'a,x', { a: 1 }]);
  set('a b', ['x', 18]);
  return traits;
}

interface Stated {
  readonly feature?: { readonly name: string };
  readonly feature_state_value: unknown;
  readonly multivariate_feature_state_values: readonly { readonly multivariate_feature_option: { value: unknown } }[];
}

/** The features that have a value in any state, be it a variant's. */
function valuedIn(document: object): Set<string> {
  const found = new Set<string>();
  JSON.stringify(document, (_, part: Stated | null) => {
    if (part?.feature?.name === undefined) return part;
    const variants = part.multivariate_feature_state_values.map((each) => each.multivariate_feature_option.value);
    if ([part.feature_state_value, ...variants].some((value) => value !== null)) found.add(part.feature.name);
    return part;
  });
  return found;
}

interface Flags {
  getFeatureValue(name: string): unknown;
  isFeatureEnabled(name: string): boolean;
}

interface Client {
  getIdentityFlags(identifier: string, traits: object): Promise<Flags>;
  getEnvironmentFlags(): Promise<Flags>;
}

interface Sdk {
  Flagsmith: new (options: object) => Client;
  LocalFileHandler: new (path: string) => unknown;
}

test('S6: imported from Flagsmith, every user has the value that its own SDK gives', { skip }, async (t) => {
  const random = createRandom(SEED);
  const environment = environmentOf(random);
  const { report, ask } = await imported('flagsmith', environment);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-flagsmith-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'environment.json');
  writeFileSync(path, JSON.stringify(environment));
  const { Flagsmith, LocalFileHandler } = peer<Sdk>(NAME);
  const client = new Flagsmith({ offlineMode: true, offlineHandler: new LocalFileHandler(path) });
  assert.ok(report.carried.length > FEATURES * 0.9, JSON.stringify(report.refused.slice(0, 20)));
  const valued = valuedIn(environment);
  for (let index = 0; index < USERS; index += 1) {
    const identifier = random.chance(0.05) ? random.pick(['user,3', 'user', '3', 'ü', '["user-9"]']) : `user-${index}`;
    const traits = traitsOf(random);
    const isAnybody = random.chance(0.01);
    const flags = await (isAnybody ? client.getEnvironmentFlags() : client.getIdentityFlags(identifier, traits));
    const context = flagsmith((isAnybody ? {} : { identifier, traits }) as Parameters<typeof flagsmith>[0]);
    assert.ok(typeof context === 'object');
    for (const at of [index, index + 37, index + 71]) {
      const { flag: name, notes } = report.carried[at % report.carried.length] ?? assert.fail();
      const key = name.toLowerCase();
      const message: string = `${name} for ${JSON.stringify(context)}`;
      const expected = valued.has(name) ? flags.getFeatureValue(name) : flags.isFeatureEnabled(name);
      assert.deepEqual(ask(key, context), expected, message);
      if (notes.some((note) => note.includes('.enabled'))) {
        assert.equal(ask(`${key}.enabled`, context), flags.isFeatureEnabled(name), message);
      }
    }
  }
});

test('S6: the vectors of the bucketing `flagsmith` are what its SDK computes', { skip }, async () => {
  const hashing = join(PEERS_FOLDER, 'node_modules', NAME, 'build/cjs/flagsmith-engine/utils/hashing/index.js');
  const { getHashedPercentageForObjIds } = peer<{ getHashedPercentageForObjIds(ids: string[]): number }>(hashing);
  const file = new URL('../../conformance/bucketing-flagsmith.json', import.meta.url);
  const { percentages } = JSON.parse(await readFile(file, 'utf8'));
  for (const { key, identity, percentage } of percentages) {
    assert.equal(getHashedPercentageForObjIds([key, identity]), percentage, `${key},${identity}`);
  }
});
