import type { Random } from './importing.ts';

const ATTRIBUTES = ['email', 'age', 'version', 'since', 'groups', 'key', 'none', 'anonymous', 'kind', 'name'] as const;
const REFERENCES = [
  ...[
    '/address/city',
    '/address',
    '/address/none',
    '/address/a~1b',
    '/address/c~0d',
    'address/city',
    '/email',
    '~1',
    '/age',
  ],
  ...[
    '/groups/0',
    '/address/city/deep',
    'a/b',
    'a~b',
    '/a~1b',
    '/key',
    '/kind',
    '/address/list',
    '/anonymous',
    '/age/x',
  ],
];
const BROKEN_REFERENCES = ['/', '//', '', '/address/', '/address//city', '/a~2', '/a~', '_meta', '/_meta', '/_meta/x'];
const VERSIONS = [
  ...[
    '1.0.0',
    '1.2',
    '2',
    '2.0.0-rc.1',
    '2.0.0-rc.2',
    '2.0.0-rc.11',
    '2.0.0-1',
    '2.0.0-01',
    '2.0.0',
    'v2.0.0',
    '1.0.0+b',
  ],
  ...[
    '1.0.0+b.1',
    'x',
    '',
    '1.0.9007199254740993',
    '1.2.1234567890123456',
    '01.2',
    '1.02.3',
    '2-rc.1',
    '2.0-rc.1',
    '2+b',
  ],
  ...[
    '1.2.3.4',
    '1..2',
    '1.2.',
    ' 1.2.0',
    '1.2.0 ',
    'V1.2.0',
    '1.2.0-',
    '1.2.0+',
    '1.2.0-a..b',
    '-1.2.0',
    '2.0.0-rc.1+b',
    '2.0.0-RC.1',
  ],
];
const DATES = [
  ...[
    '2026-01-01T00:00:00Z',
    '2026-01-01T01:00:00.5+01:00',
    '2026-01-01',
    '2026-01-01T00:30:00+01',
    '2026-01-01T00:30:00+0130',
  ],
  ...['2025-12-31T23:59:59.99999999999Z', 'x', '', '2026-01-01T00:00:00', '2026-01-01T00:00Z', '2026-01-01t00:00:00z'],
  ...[
    '2025-12-31T24:00:00Z',
    '2025-12-31T24:00:01Z',
    '2025-11-31T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
  ],
  ...[
    '2026-01-32T00:00:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.Z',
    ' 2026-01-01T00:00:00Z',
  ],
  ...['2026-01-01T00:00:00-00:00', '2026-01-00T00:00:00Z', '2025-12-31T19:00:00-0500', '1767225600000'],
];
const INSTANTS = [1_767_225_600_000, 0, -1, 1_767_225_600_000.5, 1e20];
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  email: ['a@x.com', '😀', 'b@y.org', 'ü@ß.de', '', 7, true, null, 'a@x.com\n', ['a@x.com']],
  age: [0, 18, 30, -1, 2.5, '18', true, null, 1e21, 2 ** 53],
  version: VERSIONS,
  since: [...DATES, ...INSTANTS],
  groups: ['beta', 'staff', 'ops', 3, null, true],
  none: ['x', null],
  anonymous: [true, false, 'true'],
  kind: ['user', 'org', 'multi'],
  name: ['Ann', 'ann', '5', 5],
};
const PATTERNS = [
  ...[
    ['^a'],
    ['x\\.com$', '[0-9]+'],
    [''],
    ['('],
    ['(', '^.$'],
    ['\\@x'],
    ['[a-z]{2,}'],
    ['a|b'],
    [5, 'a'],
    ['(?:a@)+x'],
  ],
  ...[['*'], ['\\d+'], ['\\p{L}'], ['[']],
];
/** What cannot be matched in linear time, or is not alike in all engines. */
const REFUSED_PATTERNS = [['(?=a)'], ['(?i)a'], ['(a)\\1'], ['(?<!b)@']];
const OPERATORS = [
  ...['in', 'startsWith', 'endsWith', 'contains', 'matches', 'lessThan', 'lessThanOrEqual', 'greaterThan'],
  ...['greaterThanOrEqual', 'before', 'after', 'semVerEqual', 'semVerLessThan', 'semVerGreaterThan'],
];
const KINDS = [{}, {}, { contextKind: 'user' }, { contextKind: 'org' }, { contextKind: 'gone' }, { contextKind: null }];
export const SEGMENTS = ['s0', 's1', 's2', 's3', 's4', 'empty', 'deleted'] as const;

function clause(random: Random, segments: readonly string[]): object {
  if (random.chance(0.15)) {
    return { attribute: '', op: 'segmentMatch', values: random.some(segments, 2), negate: random.chance(0.3) };
  }
  const attribute = random.pick(ATTRIBUTES);
  const op = operatorFor(random, attribute);
  const isReference = random.chance(0.2);
  const place = isReference ? random.pick(random.chance(0.02) ? BROKEN_REFERENCES : REFERENCES) : attribute;
  const values = valuesFor(random, op, attribute, isReference);
  return { attribute: place, op, values, negate: random.chance(0.3), ...random.pick(KINDS) };
}

function operatorFor(random: Random, attribute: string): string {
  if (random.chance(0.02)) return random.pick(['unheardOf', 'IN', '']);
  if (attribute === 'since' && random.chance(0.7)) return random.pick(['before', 'after']);
  if (attribute === 'version' && random.chance(0.7)) return random.pick(OPERATORS.slice(-3));
  return random.pick(OPERATORS);
}

function valuesFor(random: Random, op: string, attribute: string, isReference: boolean): readonly unknown[] {
  if (random.chance(0.04)) return random.pick<unknown[]>([[], [null], [[]], [{ a: 1 }], [['beta']]]);
  if (op === 'matches') return random.pick(random.chance(0.02) ? REFUSED_PATTERNS : PATTERNS);
  if (op === 'before' || op === 'after') return random.some([...DATES.slice(0, 2), ...DATES, ...INSTANTS], 2);
  if (isReference) return random.some(['a@x.com', 18, 'x/y', 'c~d', 'beta', 'Berlin', true, null], 3);
  return random.some(VALUES[attribute] ?? ['user-1', 'user-2', 'org-3'], 3);
}

function rollout(random: Random): object {
  const first = random.pick([0, 100_000, 1, 33_333, 50_000, 99_999]);
  const weights = random.pick([
    [first, 100_000 - first],
    [10_000, 20_001, 60_000],
    [0, 0, 0],
    [60_000, 60_000],
    [100_000],
    [0, 50_000, 50_000],
  ]);
  return {
    rollout: {
      kind: random.pick(['rollout', 'experiment', undefined, 'other']),
      ...random.pick([{}, { contextKind: 'user' }, { contextKind: 'org' }, { contextKind: null }]),
      bucketBy: random.chance(0.01)
        ? random.pick(BROKEN_REFERENCES)
        : random.pick([
            undefined,
            'key',
            'age',
            'email',
            'none',
            '',
            'groups',
            'anonymous',
            '/address/city',
            'kind',
            'version',
          ]),
      ...random.pick([{}, {}, { seed: 0 }, { seed: 61 }, { seed: -7 }]),
      variations: weights.map((weight, variation) => ({
        weight,
        variation,
        ...(random.chance(0.2) ? { untracked: random.chance(0.5) } : {}),
      })),
    },
  };
}

const serve = (random: Random) => (random.chance(0.5) ? rollout(random) : { variation: random.whole(3) });
const many = <T>(random: Random, most: number, make: (random: Random) => T) =>
  Array.from({ length: random.whole(most + 1) }, () => make(random));

/** Some with capital letters, which keys here have not. */
export const keyOf = (index: number) => (index % 7 === 0 ? `Flag-${index}` : `flag-${index}`);

export function flag(random: Random, index: number): object {
  return {
    key: keyOf(index),
    version: 1,
    on: random.chance(0.9),
    salt: random.pick(['salt', '', 'sälz']),
    variations: random.pick<readonly unknown[]>([
      [true, false, true],
      ['a', 'b', 'ü'],
      [1, 'b', { c: null }],
      [0, 1, 2.5],
      [null, [], [1, { a: [] }]],
      [{ a: 1 }, { a: 1 }, ''],
    ]),
    ...(random.chance(0.95) ? { offVariation: random.whole(3) } : random.pick([{}, { offVariation: null }])),
    ...random.pick([{}, {}, { migration: { checkRatio: 1 } }, { samplingRatio: 0, excludeFromSummaries: true }]),
    prerequisites: prerequisites(random, index),
    targets: many(random, 2, () => ({
      ...random.pick([{}, {}, { contextKind: 'user' }]),
      values: random.some(['user-1', 'user-2', 'user-30'], 3),
      variation: random.whole(3),
    })),
    contextTargets: random.chance(0.3)
      ? [
          { contextKind: 'org', values: ['org-3'], variation: 1 },
          { contextKind: random.pick(['user', '']), values: random.pick([[], ['user-5']]), variation: random.whole(3) },
          { contextKind: 'org', values: ['org-3', 'org-4'], variation: 2 },
        ]
      : [],
    rules: many(random, 3, () => ({
      id: 'r',
      clauses: many(random, 2, () => clause(random, SEGMENTS)),
      ...serve(random),
    })),
    fallthrough: serve(random),
    ...random.pick([
      {},
      { trackEvents: true, trackEventsFallthrough: true, debugEventsUntilDate: 1 },
      { clientSide: true },
    ]),
  };
}

function prerequisites(random: Random, index: number): object[] {
  if (random.chance(0.02)) return [{ key: keyOf(index + random.whole(2)), variation: 0 }];
  if (index === 0 || random.chance(0.7)) return [];
  const one = () => ({ key: random.chance(0.9) ? keyOf(random.whole(index)) : 'gone', variation: random.whole(3) });
  return random.chance(0.2) ? [one(), one()] : [one()];
}

/** Each asks those before it, so that some nest five deep. */
export function segmentsOf(random: Random): Readonly<Record<string, object>> {
  const numbered = [0, 1, 2, 3, 4].map((index) => [`s${index}`, segment(random, index)] as const);
  return {
    ...Object.fromEntries(numbered),
    empty: { key: 'empty', version: 1, included: [], excluded: [], salt: '', rules: [] },
    deleted: { ...segment(random, 0), key: 'deleted', deleted: true },
  };
}

function segment(random: Random, index: number): object {
  const rule = () => ({
    clauses: many(random, 2, () => clause(random, index === 0 ? ['gone'] : [`s${index - 1}`])),
    ...random.pick([
      {},
      {},
      { weight: 30_000 },
      { weight: 0, bucketBy: 'none' },
      { weight: 100_000, bucketBy: 'age' },
      { weight: 70_000, bucketBy: '/address/city', rolloutContextKind: 'user' },
      { weight: 50_000, rolloutContextKind: 'org' },
      { weight: null },
    ]),
  });
  return {
    key: `s${index}`,
    version: 1,
    included: many(random, 2, () => `user-${random.whole(40)}`),
    excluded: many(random, 2, () => `user-${random.whole(40)}`),
    includedContexts: random.chance(0.3)
      ? [{ contextKind: random.pick(['org', 'user']), values: ['org-3', 'user-3', ''] }]
      : [],
    excludedContexts: random.chance(0.3)
      ? [{ contextKind: random.pick(['org', 'user']), values: ['org-4', 'user-4'] }]
      : [],
    salt: random.pick(['segment-salt', '']),
    rules: many(random, 2, rule),
    ...random.pick([{}, { unbounded: false }, { unboundedContextKind: 'user', generation: 2 }]),
  };
}

export function context(random: Random, index: number): Record<string, unknown> {
  const attributes = attributesOf(random);
  if (random.chance(0.1)) return former(random, index, attributes);
  const user: Record<string, unknown> = { kind: 'user', key: `user-${index}`, ...attributes };
  const org = { key: `org-${index % 9}`, age: random.pick([1, 18]), email: 'a@x.com', 'a/b': 'x/y' };
  if (random.chance(0.6)) return user;
  const { kind: _, ...inside } = user;
  return random.pick([
    { kind: 'multi', user: inside, org },
    { kind: 'multi', org, user: inside },
    { kind: 'multi', user: inside },
    { kind: 'org', ...org },
  ]);
}

function attributesOf(random: Random): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const name of ['email', 'age', 'version', 'since', 'name'] as const) {
    if (random.chance(0.8)) made[name] = random.pick(VALUES[name] ?? []);
  }
  if (random.chance(0.6))
    made.groups = random.chance(0.1)
      ? random.pick<unknown>([[], {}, 'beta', [['beta']]])
      : random.some(VALUES.groups ?? [], 3);
  if (random.chance(0.3)) made.anonymous = random.pick<unknown>([true, false, null, 'x']);
  if (random.chance(0.5)) {
    const city = random.pick<unknown>(['a@x.com', 18, 'Berlin', null, true, { deep: 'beta' }]);
    made.address = random.pick<unknown>([
      { city, 'a/b': 'x/y', 'c~d': 'c~d', list: ['beta', 18] },
      'Berlin',
      null,
      [{ city }],
    ]);
  }
  if (random.chance(0.1)) made['a/b'] = 'x/y';
  if (random.chance(0.1)) made._meta = { privateAttributes: ['email'] };
  return made;
}

/** A user as SDKs took it before there were kinds. */
function former(random: Random, index: number, attributes: object): Record<string, unknown> {
  const { email, name, anonymous, ...custom } = attributes as Record<string, unknown>;
  return {
    key: random.pick<unknown>([`user-${index}`, index, '']),
    ...(email === undefined ? {} : { email }),
    ...(name === undefined ? {} : { name }),
    ...(anonymous === undefined ? {} : { anonymous }),
    ...random.pick<object>([{ custom }, { custom: { ...custom, key: 'other', email: 'b@y.org' } }, custom, {}]),
  };
}
