import { join } from 'node:path';
import { test } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { assertRecorded } from './recorded.ts';

const NAME = 'flagsmith-nodejs';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;

const OPERATORS = [
  ...['EQUAL', 'NOT_EQUAL', 'GREATER_THAN', 'GREATER_THAN_INCLUSIVE', 'LESS_THAN', 'LESS_THAN_INCLUSIVE', 'CONTAINS'],
  'NOT_CONTAINS',
];
const COMPARED = ['a@x.com', '18', '18.5', 'true', 'False', 'false', '', 'x', '1,2', '0'];
const VERSIONS = ['1.2.0:semver', '2.0.0-rc.1:semver', 'x:semver', ':semver', '1.2:semver'];

interface Condition {
  readonly operator: string;
  readonly property: string;
  readonly value: unknown;
}

const each = (operators: readonly string[], property: string, values: readonly unknown[]): Condition[] =>
  operators.flatMap((operator) => values.map((value) => ({ operator, property, value })));

const PLACES = [
  ...['$.identity.identifier', '$.identity.key', '$.environment.key', '$.environment.name', '$.identity.traits.trait'],
  ...["$.identity.traits['a b']", '$.identity.traits["trait"]', 'a b', '', '$.identity.nope', '$.environment'],
];

const CONDITIONS: readonly Condition[] = [
  ...each(OPERATORS, 'trait', [...COMPARED, ...VERSIONS]),
  ...each(['REGEX'], 'trait', ['^a', '\\d+', '\\.com$', '18', '^.$', 'e$', '']),
  ...each(['MODULO'], 'trait', ['2|0', '3|1.5', '0|0', 'x|1', '2', '', '1.5|0', '2|0|1']),
  ...each(['IN'], 'trait', ['a@x.com,18', '["18","x"]', '[18]', '', '1', '{"x":1}', '0,', ['18', 'x']]),
  ...each(['IS_SET', 'IS_NOT_SET'], 'trait', ['']),
  ...PLACES.flatMap((place) => [
    ...each(['EQUAL', 'NOT_EQUAL'], place, ['x', 'env', 'Production', 'env_user-1', 'own']),
    ...each(['IS_SET', 'IS_NOT_SET'], place, ['']),
    ...each(['PERCENTAGE_SPLIT'], place, ['50', '33.3', '0', '100', 'x']),
  ]),
  ...each(['PERCENTAGE_SPLIT'], 'trait', ['100']),
  ...each(['LATER'], 'trait', ['x']),
];

const rule = (type: string, conditions: readonly object[], rules: readonly object[] = []) => ({
  type,
  conditions,
  rules,
});
const is = (value: string): Condition => ({ operator: 'EQUAL', property: 'trait', value });
const has = (value: string): Condition => ({ operator: 'CONTAINS', property: 'trait', value });

/** What holds for nobody, and so by itself does not tell whether it was asked at all. */
const NOBODY: readonly Condition[] = [
  ...each(['LATER'], 'trait', ['x']),
  ...each(['PERCENTAGE_SPLIT'], 'trait', ['100']),
  ...each(['GREATER_THAN', 'EQUAL', 'NOT_EQUAL'], 'trait', ['x:semver', '1.2.0:semver']),
];

const RULES: readonly object[] = [
  ...CONDITIONS.map((condition) => rule('ALL', [condition])),
  ...['ALL', 'ANY', 'NONE'].flatMap((type) => [
    rule(type, [has('x'), has('1')]),
    rule(type, [is('18'), is('x'), has('@')]),
    rule(type, []),
    rule(type, [], [rule('ANY', [is('x')]), rule('ALL', [has('@')])]),
    rule(type, [has('x')], [rule('NONE', [is('x')])]),
  ]),
  ...NOBODY.map((condition) => rule('NONE', [condition])),
];

const TRAITS: readonly unknown[] = [
  ...['a@x.com', 'x', '18', '18.5', 'true', 'false', '', 'e1', 'abc', '1', '0', ' '],
  ...['1.2.0', '1.10.0', '2.0.0-rc.1', '2.0.0-rc.2', 'v1.2.0', '1.2', '2.0.0'],
  ...[0, 1, 18, 18.5, -1, 4.5, 2, 3, true, false],
  ...[['x'], [1, 2], { a: 1 }, null],
];
const IDENTITIES: readonly (object | undefined)[] = [
  ...TRAITS.map((trait, at) => ({ identifier: `user-${at}`, key: `env_user-${at}`, traits: { trait } })),
  ...['x', 'own'].map((key) => ({ identifier: 'x', key, traits: { 'a b': 'x' } })),
  ...[
    { identifier: 'user-1', traits: {} },
    { identifier: 'env', key: '', traits: { '$.identity.nope': 'x' } },
  ],
  { identifier: 'u', key: 'k' },
  undefined,
];

const feature = (name: string, more: object) => ({ key: name, name, enabled: false, value: null, ...more });

test('S6: the corners of segments of Flagsmith are the same here, and as they are written down', { skip }, async () => {
  const path = join(PEERS_FOLDER, 'node_modules', NAME, 'build/cjs/flagsmith-engine/index.js');
  const { getEvaluationResult } = peer<{ getEvaluationResult(context: object): { flags: Results } }>(path);
  const environment = { key: 'env', name: 'Production' };
  const names = RULES.map((_, at) => `f${at}`);
  const segments = RULES.map((one, at) => ({
    key: `${at + 1}`,
    name: `s${at}`,
    rules: [one],
    overrides: [feature(`f${at}`, { enabled: true, priority: 1 })],
  }));
  const features = names.map((name) => feature(name, {}));
  const given = {
    environment,
    features: Object.fromEntries(features.map((each) => [each.name, each])),
    segments: Object.fromEntries(segments.map((each) => [each.key, each])),
  };
  const contextOf = (identity: object | undefined) => ({ ...given, ...(identity === undefined ? {} : { identity }) });
  const results = new Map(
    IDENTITIES.map((identity) => {
      const { flags } = getEvaluationResult({ ...given, identity });
      return [JSON.stringify(identity), flags];
    }),
  );
  const identityIn = (context: object) => JSON.stringify(Reflect.get(context, 'identity'));
  await assertRecorded('flagsmith', {
    file: given,
    contexts: IDENTITIES.map(contextOf),
    answer: (flag, context) => results.get(identityIn(context))?.[flag]?.enabled,
  });
});

type Results = Readonly<Record<string, { readonly enabled: boolean }>>;
