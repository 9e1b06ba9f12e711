import type { Random } from './importing.ts';

export const FEATURES = 120;
const SEGMENTS = 14;

const PROPERTIES = [
  ...['email', 'age', 'version', 'premium', 'tags', 'none', 'a b', '$.identity.identifier', '$.identity.key'],
  ...['$.environment.name', '$.environment.key', "$.identity.traits['a b']", '$.identity.traits.age', '', null],
  ...[
    "$.environment['name']",
    '$.identity["key"]',
    '$.identity.traits["a b"]',
    '$.identity.traits["tags"]',
    '$.identity.nope',
    '$.features.feature_1.value',
    '$.features.feature_3.enabled',
    '$.features["feature_2"].name',
    '$.features.feature_1.nope',
    '$.segments',
    '$.environment',
    '$.identity',
    '$.nope',
    '$',
  ],
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

export function environmentOf(
  random: Random,
): { feature_states: { feature: { name: string } }[] } & Record<string, unknown> {
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

export function traitsOf(random: Random): Record<string, unknown> {
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
  set('$.nope', ['x', '18']);
  set('$.identity', ['x', true]);
  return traits;
}

/** What an engine is given, without an identity. */
export function evaluationContextOf(random: Random): Readonly<Record<string, unknown>> {
  const state = (index: number) => {
    const value = () => (index % 3 === 0 ? null : random.pick<unknown>(['a', 'b', '', 7, true, null, '{"x":1}', 1.5]));
    const weights = random.pick([[50, 50], [33.3, 33.3, 33.3], [0, 100], [10], [60, 60], []]);
    const order = (at: number) => random.pick([{}, { priority: at }, { priority: 9 - at }, { priority: 1 }]);
    const variants = weights.map((weight, at) => ({ value: value(), weight, ...order(at) }));
    return {
      ...{
        key: random.pick([`${1_000 + index}`, `${index}`, 'x-y-z']),
        name: nameOf(index),
        enabled: random.chance(0.6),
      },
      ...{ value: value(), metadata: { id: index + 1 } },
      ...(random.chance(0.4) ? { variants } : {}),
      ...random.pick([{}, {}, { priority: random.whole(4) }]),
    };
  };
  const indices = Array.from({ length: CONTEXT_FEATURES }, (_, index) => index);
  const segments = Array.from({ length: CONTEXT_SEGMENTS }, (_, index) => {
    const overrides = Array.from({ length: random.whole(8) }, () => state(random.whole(CONTEXT_FEATURES)));
    const rules = Array.from({ length: random.chance(0.95) ? 1 + random.whole(2) : 0 }, () => renamed(rule(random)));
    const segment = { key: random.pick([`${index}`, `seg${index}`]), name: `segment ${index}`, rules };
    return [
      random.pick([`${index}`, `s${index}`, `${40 - index}`]),
      { ...segment, ...(random.chance(0.95) ? { overrides } : {}) },
    ];
  });
  const identities = ['user-1', 'user-3'];
  const own = [
    { property: '$.identity.identifier', operator: 'IN', value: random.pick<unknown>([identities, 'user-1,user-3']) },
  ];
  const overriding = { key: '', name: 'identity_override', rules: [{ type: 'ALL', conditions: own }] };
  return {
    environment: { key: 'env-kéy', name: 'Production' },
    features: Object.fromEntries(
      indices.map((index) => [random.chance(0.9) ? nameOf(index) : `other-${index}`, state(index)]),
    ),
    segments: {
      ...Object.fromEntries(segments),
      identity_override: { ...overriding, overrides: [{ ...state(random.whole(CONTEXT_FEATURES)), priority: -1_000 }] },
    },
  };
}

const CONTEXT_FEATURES = 30;
const CONTEXT_SEGMENTS = 10;

/** Rules as an engine is given them: their properties have another name, and empty lists may be left out. */
function renamed(source: object): object {
  const { type, conditions, rules } = source as Rule;
  return {
    type,
    ...(conditions.length === 0
      ? {}
      : { conditions: conditions.map(({ property_: property, ...rest }) => ({ ...rest, property })) }),
    ...(rules.length === 0 ? {} : { rules: rules.map(renamed) }),
  };
}

interface Rule {
  readonly type: string;
  readonly conditions: readonly { readonly property_: unknown }[];
  readonly rules: readonly object[];
}

/** An identity as an engine is given it. */
export function identityOf(random: Random, index: number): Readonly<Record<string, unknown>> {
  const traits = Object.entries(traitsOf(random)).filter(
    ([, value]) => JSON.stringify(value).includes('transient') === false,
  );
  return {
    identifier: random.chance(0.03) ? '' : `user-${index % 40}`,
    ...random.pick([{}, { key: `env-kéy_user-${index % 40}` }, { key: `k${index}` }]),
    ...(random.chance(0.95) ? { traits: Object.fromEntries(traits) } : {}),
  };
}
