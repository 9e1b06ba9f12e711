import { test } from 'node:test';
import { openedLaunchDarkly, SKIP_LAUNCHDARKLY } from './launchdarkly-sdk.ts';
import { assertRecorded } from './recorded.ts';

const TEXTS = ['a@x.com', '', '18', 'x', 'İ', 'true'];
const NUMBERS = [0, 18, -1, 2.5, 1e21];
const VERSIONS = [
  ...['1.2.0', '1.2', '2', '2.0.0-rc.1', '2.0.0-rc.11', '2.0.0-1', '2.0.0', 'v2.0.0', '1.2.0+b', '2-rc.1', '01.2.0'],
  ...['1.2.3.4', '1..2', ' 1.2.0', '1.2.0 ', '2.0.0-rc', '2.0.0-rc.1.0', '2.0.0-RC.1', '1.2.9007199254740993', '10.2'],
  ...['1.20.0', '2.0.0-99999999999999999999', '2.0.0-01', '2.0.0-a..b', '2.0.0+', '2.0', '3.0.0-', '2.0.0-2'],
];
const DATES = [
  ...[
    '2026-01-01T00:00:00Z',
    '2026-01-01T01:00:00.5+01:00',
    '2026-01-01',
    '2025-12-31T24:00:00Z',
    '2026-02-30T00:00:00Z',
  ],
  ...['2025-12-31T23:59:59.99999Z', '2026-01-01T00:30:00+0130', '2025-12-31T19:00:00-0500', '2026-13-01T00:00:00Z'],
  ...[
    '2026-01-32T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2025-12-31T24:00:01Z',
    '2025-12-31T24:00:00.0009Z',
    '2026-01-31T00:00:00Z',
  ],
  ...[
    '2025-12-31T24:00:00.1Z',
    '2026-01-01T00:00:00',
    'x 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z x',
    '2026-01-01T00:00:00.001Z',
  ],
];
const INSTANTS = [1_767_225_600_000, 1_767_225_600_001, 1_767_225_599_999];
const OTHERS = [true, false, ['a@x.com'], ['x', 18], [], [[1]], { city: 'a@x.com' }, ['2.0.0'], [null]];

type Clause = Readonly<{ op: string; values: readonly unknown[] }>;
const each = (operators: readonly string[], values: readonly (readonly unknown[])[]): Clause[] =>
  operators.flatMap((op) => values.map((expected) => ({ op, values: expected })));

const CLAUSES: readonly Clause[] = [
  ...each(['in'], [['a@x.com'], [18, true], ['x', null, 'none'], [], [2.5], ['18'], [{ city: 'a@x.com' }]]),
  ...each(['startsWith', 'endsWith', 'contains'], [['a@'], ['com', 'x'], [''], [18], ['8']]),
  ...each(['matches'], [['^a'], ['\\d', 'z'], ['^$'], ['x$', 18], [18], [true]]),
  ...each(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'], [[18], [0, 100], ['18'], [2.5]]),
  ...each(
    ['before', 'after'],
    [['2026-01-01T00:00:00Z'], [1_767_225_600_000], ['x', '2026-01-01T00:00:00.5Z'], ['2025-12-31T24:00:00Z']],
  ),
  ...each(
    ['semVerEqual', 'semVerLessThan', 'semVerGreaterThan'],
    [['1.2.0'], ['2.0.0-rc.2'], ['2'], ['x', '2.0.0-rc.1'], ['2.0.0-1'], ['v2.0.0'], [2]],
  ),
];

const ATTRIBUTES = [
  'value',
  '/address/city',
  '/address',
  'kind',
  'anonymous',
  'key',
  '/value/city',
  '/value/0',
  'name',
];

const VALUES: readonly unknown[] = [...TEXTS, ...NUMBERS, ...VERSIONS, ...DATES, ...INSTANTS, ...OTHERS];
const CONTEXTS: readonly object[] = [
  ...VALUES.map((value, index) => ({ kind: 'user', key: `user-${index}`, value })),
  ...[
    { kind: 'user', key: 'a@x.com' },
    { kind: 'org', key: '18' },
    { kind: 'org', key: 'x', value: 'a@x.com' },
  ],
  ...[true, false].map((anonymous) => ({ kind: 'user', key: 'x', anonymous, name: 'x' })),
  ...['a@x.com', 18, null, ['x']].map((city) => ({ kind: 'user', key: 'u', address: { city } })),
  ...[
    { kind: 'multi', user: { key: 'x', value: 'a@x.com' }, org: { key: '18', address: { city: '18' } } },
    { kind: 'multi', org: { key: 'a@x.com', value: 18 }, device: { key: 'd' } },
  ],
];

const NAMES = ['user', 'org'];

test('S6: the corners of clauses of LaunchDarkly are the same here, and as they are written down', {
  skip: SKIP_LAUNCHDARKLY,
}, async (t) => {
  const state = { version: 1, on: true, variations: [true, false], offVariation: 1, fallthrough: { variation: 1 } };
  const clauses = ATTRIBUTES.flatMap((attribute, at) =>
    CLAUSES.filter((_, index) => at === 0 || index % 4 === at % 4).map((clause, index) => ({
      attribute,
      contextKind: at === 0 || index % 3 > 0 ? 'user' : 'org',
      negate: index % 5 === 1,
      ...clause,
    })),
  );
  const kinds = [['user'], ['org', 'device'], ['kind', 'multi']].flatMap((values) =>
    ['user', 'org', 'kind'].flatMap((contextKind) =>
      ['kind', 'key', '/kind'].map((attribute) => ({ attribute, contextKind, negate: false, op: 'in', values })),
    ),
  );
  const rollout = (contextKind: string, bucketBy: string, more: object = {}) => ({
    contextKind,
    bucketBy,
    ...more,
    variations: [
      { variation: 0, weight: 40_000 },
      { variation: 1, weight: 60_000 },
    ],
  });
  const rollouts = [
    ...NAMES.flatMap((kind) => ['key', 'value', '/address/city'].map((by) => rollout(kind, by))),
    rollout('user', 'key', { seed: 7 }),
  ];
  const flags = Object.fromEntries(
    [
      ...[...clauses, ...kinds].map(
        (clause, at) => [`f${at}`, { rules: [{ clauses: [clause], variation: 0 }] }] as const,
      ),
      ...rollouts.map((share, at) => [`share${at}`, { fallthrough: { rollout: share } }] as const),
    ].map(([key, more]) => [key, { ...state, key, salt: 's', rules: [], ...more }]),
  );
  const client = await openedLaunchDarkly({ flags, segments: {} }, t);
  const answers = new Map<string, unknown>();
  for (const flag of Object.keys(flags)) {
    for (const context of CONTEXTS) {
      answers.set(JSON.stringify([flag, context]), await client.variation(flag, context, 'the default'));
    }
  }
  await assertRecorded('launchdarkly', {
    file: { flags, segments: {} },
    contexts: CONTEXTS,
    answer: (flag, context) => answers.get(JSON.stringify([flag, context])),
  });
});
