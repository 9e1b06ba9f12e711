import type { Random } from './importing.ts';

const ATTRIBUTES: Readonly<Record<string, readonly unknown[]>> = {
  email: ['a@x.com', 'B@y.org', 'ü@ß.de', '', null],
  age: [0, 18, 30, -1, 2.5, '18', '', 'x', true, null, [18]],
  version: ['1.0.0', '1.2', '2', 'v2.0.0', 'V1.0.0-rc.1', '2.0.0-rc.2', '1.0.0+b', '01', 'x', 1, 1.2],
  groups: [[], ['beta'], ['beta', 'staff'], [1, 2, 3], [{ name: 'a', age: 3 }], 'beta', null, { 0: 'x' }],
  tier: ['gold', 'silver', 'blue', 'red', true, null],
  address: [{ city: 'Bern', zip: 3000 }, { city: null }, { city: { name: 'Bern' } }, 0, '', 'Bern', {}],
  since: [1_700_000_000, 1_900_000_000, '1700000000'],
};
const PATHS = [
  ...Object.keys(ATTRIBUTES),
  ...[
    'targetingKey',
    'address.city',
    'address.city.name',
    'groups.0',
    'groups.length',
    'email.length',
    'none',
    'no.ne',
  ],
  ...['$flagd.flagKey', '$flagd.timestamp', '$flagd', 'age.x', 'address.city.name.length'],
];
const LITERALS = [...Object.values(ATTRIBUTES).flat(), 'targetingKey', 'flag-3', {}, [], 'a', '@', 3, false];
const many = <T>(random: Random, least: number, most: number, make: () => T) =>
  Array.from({ length: least + random.whole(most - least + 1) }, make);

function variable(random: Random): unknown {
  const path = random.pick(PATHS);
  return {
    var: random.pick<unknown>([
      path,
      path,
      path,
      [path],
      [path, random.pick([0, 18, 'x', null, { var: 'email' }])],
      random.chance(0.1) ? { cat: ['a', { var: 'none' }, 'ge'] } : path,
      random.chance(0.05) ? '' : path,
    ]),
  };
}

/** Something that can be compared, added, looked into. */
function operand(random: Random, depth: number): unknown {
  if (depth <= 0 || random.chance(0.35)) return random.chance(0.6) ? variable(random) : plain(random);
  return random.chance(0.5) ? value(random, depth - 1) : holds(random, depth - 1);
}

function plain(random: Random): unknown {
  const literal = random.pick(LITERALS);
  return typeof literal === 'object' && literal !== null && Object.keys(literal).length > 0 && !Array.isArray(literal)
    ? 'plain'
    : Array.isArray(literal)
      ? literal.filter((part) => typeof part !== 'object')
      : literal;
}

function value(random: Random, depth: number): unknown {
  const part = () => operand(random, depth);
  const name = random.pick([
    '+',
    '-',
    '*',
    '/',
    '%',
    'max',
    'min',
    'cat',
    'substr',
    'if',
    'and',
    'or',
    'merge',
    'missing',
    'missing_some',
    'map',
    'filter',
    'reduce',
  ]);
  if (name === 'if') return { [random.pick(['if', 'if', '?:'])]: many(random, 0, 5, part) };
  if (name === 'substr')
    return { substr: [part(), random.pick([0, 1, -2, 9]), ...many(random, 0, 1, () => random.pick([0, 2, -1]))] };
  if (name === 'missing') return { missing: random.some([...Object.keys(ATTRIBUTES), 'none', 'address.city'], 3) };
  if (name === 'missing_some')
    return { missing_some: [1 + random.whole(2), random.some([...Object.keys(ATTRIBUTES), 'none'], 3)] };
  if (name === 'map') return { map: [list(random), element(random)] };
  if (name === 'filter') return { filter: [list(random), element(random)] };
  if (name === 'reduce') {
    return {
      reduce: [
        list(random),
        random.pick<unknown>([
          { '+': [{ var: 'accumulator' }, { var: 'current' }] },
          { cat: [{ var: 'accumulator' }, ',', { var: 'current' }] },
          { max: [{ var: 'accumulator' }, { var: 'current.age' }] },
          { merge: [{ var: 'accumulator' }, { var: 'current' }] },
        ]),
        ...random.pick<unknown[]>([[0], [0], [''], [], [[]], [{ var: 'age' }]]),
      ],
    };
  }
  if ('+-*/%'.includes(name) && random.chance(0.2)) return { [name]: part() };
  return { [name]: many(random, name === '%' ? 2 : 1, 3, part) };
}

function list(random: Random): unknown {
  return random.pick<unknown>([
    { var: 'groups' },
    { var: 'groups' },
    { var: 'age' },
    [{ var: 'age' }, 1, 'a'],
    ['a', 'b'],
    { var: 'email' },
  ]);
}

function element(random: Random): unknown {
  return random.pick<unknown>([
    { var: '' },
    { '==': [{ var: '' }, random.pick(['beta', 2, 'staff'])] },
    { '>': [{ var: 'age' }, 2] },
    { in: [{ var: '' }, ['beta', 'ops', 1]] },
    { '+': [{ var: '' }, 1] },
    { var: 'name' },
    random.chance(0.2) ? { starts_with: [{ var: '' }, 'b'] } : { '!': { var: '' } },
    random.chance(0.3) ? true : { cat: [{ var: '' }, 'x'] },
  ]);
}

function holds(random: Random, depth: number): unknown {
  const part = () => operand(random, depth);
  const kind = random.whole(20);
  if (kind < 6) {
    const name = random.pick(['==', '!=', '===', '!==', '<', '<=', '>', '>=']);
    return { [name]: many(random, 2, random.chance(0.15) ? 3 : 2, part) };
  }
  if (kind < 9)
    return {
      in: random.pick([
        [part(), list(random)],
        [part(), part()],
        [variable(random), ['a@x.com', 18, 'gold']],
      ]),
    };
  if (kind < 11) return { [random.pick(['!', '!!'])]: random.pick([part(), [part()], [part(), part()]]) };
  if (kind < 13) return { [random.pick(['and', 'or'])]: many(random, 1, 3, part) };
  if (kind < 15)
    return { [random.pick(['starts_with', 'ends_with'])]: [variable(random), random.pick(['a', 'x.com', '', part()])] };
  if (kind < 17) {
    const operator = random.pick(['=', '!=', '<', '<=', '>', '>=', '^', '~', random.chance(0.1) ? '??' : '=']);
    return {
      sem_ver: [
        { var: random.pick(['version', 'version', 'email']) },
        operator,
        random.pick(['1.0.0', '2', '1.2', 'v2.0.0-rc.2', 'x']),
      ],
    };
  }
  if (kind < 19) return { [random.pick(['some', 'all', 'none'])]: [list(random), element(random)] };
  return { $ref: random.pick(['isStaff', 'isGold', random.chance(0.03) ? 'gone' : 'isGold']) };
}

const NAMES = ['red', 'blue', 'Grün', 'true', 'false'] as const;

function answer(random: Random, depth: number): unknown {
  const kind = random.whole(20);
  if (depth <= 0 || kind < 6)
    return random.pick<unknown>([...NAMES, null, true, false, 1, random.chance(0.2) ? 'nope' : 'red']);
  if (kind < 12) {
    const parts = many(random, 1, 2, () => [holds(random, 2), answer(random, depth - 1)]).flat();
    return { if: [...parts, ...(random.chance(0.7) ? [answer(random, depth - 1)] : [])] };
  }
  if (kind < 16) {
    const by = random.pick<unknown>([
      undefined,
      undefined,
      { var: 'email' },
      { cat: [{ var: '$flagd.flagKey' }, { var: 'email' }] },
      'fixed',
      { var: 'age' },
      { var: ['none', 'x'] },
      { merge: [['red', 1]] },
      { if: [{ var: 'email' }, { var: 'email' }, 'nobody'] },
      null,
    ]);
    const entries = many(random, 1, 4, () => [
      random.chance(0.9)
        ? random.pick(NAMES)
        : random.pick<unknown>([{ if: [holds(random, 1), 'red', 'blue'] }, { var: 'tier' }, null, true, 'nope', []]),
      ...(random.chance(0.8)
        ? [
            random.pick<unknown>([
              0,
              1,
              33,
              50,
              100,
              -5,
              random.chance(0.1) ? 2.5 : 7,
              { if: [holds(random, 1), 10, 90] },
              { '-': [100, { var: ['age', 10] }] },
              random.pick(['5', null, 2_000_000_000]),
            ]),
          ]
        : []),
    ]);
    return { fractional: [...(by === undefined ? [] : [by]), ...entries] };
  }
  return random.pick([holds(random, 2), value(random, 1), { var: ['tier', 'blue'] }, { or: [{ var: 'tier' }, 'red'] }]);
}

function targetingOf(random: Random): unknown {
  const logic = answer(random, 3);
  return typeof logic === 'object' ? logic : { if: [holds(random, 2), logic, random.pick(NAMES)] };
}

export function flag(random: Random): object {
  const values = random.pick<readonly unknown[]>([
    ['r', 'b', 'g', 't', 'f'],
    [1, 2.5, 0, -1, 9],
    [true, false, true, true, false],
    [{ a: 1 }, [], { b: null }, {}, { c: [1] }],
    [1, 'b', true, null, {}],
  ]);
  return {
    state: random.chance(0.97) ? 'ENABLED' : 'DISABLED',
    variants: Object.fromEntries(NAMES.map((name, index) => [name, values[index]])),
    ...random.pick<object>([
      { defaultVariant: random.pick(NAMES) },
      { defaultVariant: 'blue' },
      { defaultVariant: 'red' },
      random.chance(0.3) ? {} : { defaultVariant: random.chance(0.1) ? null : 'red' },
    ]),
    ...(random.chance(0.9) ? { targeting: random.chance(0.05) ? {} : targetingOf(random) } : {}),
    ...(random.chance(0.1) ? { metadata: { owner: 'me' } } : {}),
  };
}

export function context(random: Random, index: number): Record<string, unknown> {
  const asked: Record<string, unknown> = random.chance(0.95)
    ? { targetingKey: random.pick([`user-${index}`, `üser-${index}`, `${index}日本`, '', index]) }
    : {};
  for (const [name, values] of Object.entries(ATTRIBUTES)) if (random.chance(0.85)) asked[name] = random.pick(values);
  return asked;
}

export const evaluators = {
  isStaff: { or: [{ $ref: 'isGold' }, { in: ['staff', { var: ['groups', []] }] }] },
  isGold: { '==': [{ var: 'tier' }, 'gold'] },
};
