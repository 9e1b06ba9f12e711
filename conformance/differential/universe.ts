import {
  type Condition,
  encodeMembers,
  type FlagDefinition,
  type Json,
  type Operator,
  type RuleDefinition,
  type SegmentDefinition,
  type ServeDefinition,
  type Snapshot,
  type SplitPart,
  type SwitchDefinition,
} from '@spillway/evaluator';
import type { Random } from './random.ts';

/** Small on purpose: things must meet. */
const FLAGS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
const SEGMENTS = ['s1', 's2', 's3', 's4', 's5'];
const SERVICES = ['shop', 'search'];
const REGIONS = ['eu', 'us'];
const VARIANTS = ['on', 'off', 'third'];
const KEYS = ['u1', 'u2', 'u3', 'Ula', 'żółw', '17', 'u/long/key/that/goes/on'];
const ATTRIBUTES = ['plan', 'age', 'email', 'version', 'since', 'tags', 'constructor', '__proto__', 'targetingKey'];
const PATHS = [['plan'], ['key'], ['owner', 'plan'], []];
const NOW = 1_800_000_000_000;
const MOMENTS = [-1_000_000, -1_000, -1, 0, 1, 1_000, 500_000, 1_000_000].map((offset) => NOW + offset);

const TEXTS = ['pro', 'Pro', 'free', 'team', 'a', '', 'u1', 'PROfessional', 'straße', 'İ', 'ΟΔΟΣ', 'οδοσ', 'ΟΔΟΣ 5'];
const NUMBERS = [0, 1, -1, 17, 18, 2.5, 1e15, -0];
/** A context may hold them, though no JSON does. */
const NO_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const VERSIONS = [
  '1.2.3',
  '1.2.3-rc.1',
  '1.2.3-rc.2',
  'v1.2',
  '2',
  '1.10.0',
  '1.2.3+build',
  '1.02.3',
  '999999999999999.0.0',
  '99999999999999999999.0.0',
  '1.2.3-01',
  '1.2.3.4',
  '1.2.',
];
const INSTANTS = [
  '2026-01-31T13:30:00+01:30',
  '2026-01-31',
  '2027-01-15T08:00:00Z',
  '2026-02-30',
  NOW,
  NOW + 0.5,
  '2026-01-31T12:00Z',
  '2026-01-31t12:00:00.123456z',
];
const PATTERNS = ['^pro', 'o$', 'p.o', '(a|b)+', '[a-f]\\d?', '\\bpro\\b', '(', '(?=a)', 'ß'];

export interface Universe {
  readonly snapshot: Snapshot;
  readonly contexts: readonly Json[];
  readonly moments: readonly number[];
}

export function createUniverse(random: Random): Universe {
  const flags = random.times(4, () => random.pick(FLAGS)).concat(random.pick(FLAGS));
  const segments = random.some(SEGMENTS, 5);
  return {
    snapshot: {
      format: 'spillway.snapshot/1',
      project: 'default',
      environment: 'production',
      number: 1 + random.whole(1_000),
      flags: entries(flags, (key) => createFlag(key, random)),
      segments: entries(segments, (key) => createSegment(key, random)),
      switches: random.chance(0.3)
        ? entries(random.some(['k1', 'k2', 'k3'], 3), (key) => createSwitch(key, random))
        : {},
    },
    contexts: Array.from({ length: 6 }, () => createContext(random)),
    moments: [random.pick(MOMENTS), random.pick(MOMENTS)],
  };
}

/** Some of it made anew, under the next number; some versions stay as they were, as after a restore. */
export function changeSnapshot(snapshot: Snapshot, random: Random): Snapshot {
  const change = <T extends { readonly key: string; readonly version: number }>(
    old: Readonly<Record<string, T>>,
    make: (key: string, random: Random) => T,
  ) => {
    const kept = Object.values(old).filter(() => random.chance(0.9));
    return entries(
      kept.map(({ key }) => key),
      (key) => {
        const before = old[key];
        return before !== undefined && random.chance(0.6) ? before : make(key, random);
      },
    );
  };
  return {
    ...snapshot,
    number: snapshot.number + 1,
    flags: change(snapshot.flags, createFlag),
    segments: change(snapshot.segments, createSegment),
    switches: change(snapshot.switches, createSwitch),
  };
}

function entries<T>(keys: readonly string[], make: (key: string) => T): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, make(key)]));
}

function createFlag(key: string, random: Random): FlagDefinition {
  const type = random.pick(['boolean', 'string', 'number', 'json'] as const);
  const value = (name: string): Json => {
    if (type === 'boolean') return name === 'on';
    if (type === 'number') return name.length;
    return type === 'string' ? name : { name };
  };
  const prerequisites = random.chance(0.35)
    ? random.times(2, () => ({ flag: random.pick([...FLAGS, 'nobody']), variants: random.some(VARIANTS, 2) }))
    : undefined;
  const plain = random.chance(0.25);
  return {
    key,
    version: 1 + random.whole(3),
    type: random.chance(0.02) ? 'boolean' : type,
    variants: VARIANTS.map((name) => ({ name, value: value(name) })),
    services: random.some(SERVICES, 1),
    enabled: random.chance(0.93),
    off_variant: random.chance(0.02) ? 'nothing' : random.pick(['off', 'off', 'third']),
    ...(prerequisites === undefined ? {} : { prerequisites }),
    targets: plain ? [] : random.times(2, () => createTarget(random)),
    rules: plain ? [] : random.times(3, (index) => createRule(`r${index}`, value, random)),
    fallthrough: createServe(value, random),
    bucketing: { algorithm: 'spillway-1', ...createPlace(random), seed: random.pick([key, 'shared']) },
  };
}

function createTarget(random: Random): FlagDefinition['targets'][number] {
  const variant = random.pick(VARIANTS);
  const target = { variant, keys: random.some(KEYS, 2) };
  return random.chance(0.3) ? { ...target, ...createPlace(random) } : target;
}

function createPlace(random: Random): { readonly by: string; readonly path?: readonly string[] } {
  if (random.chance(0.6)) return { by: 'targetingKey' };
  if (random.chance(0.5)) return { by: 'organisation', path: random.pick(PATHS) };
  return { by: random.pick(ATTRIBUTES) };
}

function createRule(id: string, value: (name: string) => Json, random: Random): RuleDefinition {
  const rule = { id, when: createWhen(random), serve: createServe(value, random) };
  if (random.chance(0.8)) return rule;
  const place = random.pick([{}, {}, createPlace(random), createPlace(random), { path: random.pick(PATHS) }]);
  return { ...rule, bucketing: { ...place, ...(random.chance(0.5) ? { seed: 'rule' } : {}) } };
}

function createServe(value: (name: string) => Json, random: Random): ServeDefinition {
  const kind = random.whole(10);
  const [variant, otherwise] = [random.pick(VARIANTS), random.pick(VARIANTS)];
  if (kind < 3) return { variant: random.chance(0.02) ? 'purple' : variant };
  if (kind < 6) return { split: createSplit(random) };
  if (kind < 7) return { value: random.chance(0.05) ? [1] : value('something else') };
  if (kind < 8) {
    const [low, high] = [random.pick([0, 12.345, 40, 100]), random.pick([0, 0.001, 60, 100])];
    const from_ms = random.pick(MOMENTS);
    const to_ms = random.chance(0.1) ? random.pick(MOMENTS) : from_ms + random.whole(2_000_000);
    return { ramp: { variant, otherwise, from_ms, to_ms, from_percentage: low, to_percentage: high } };
  }
  const times = random.times(3, () => random.pick(MOMENTS));
  if (random.chance(0.95)) times.sort((one, other) => one - other);
  const steps = times.map((from_ms) =>
    random.chance(0.7)
      ? { from_ms, percentage: random.pick([0, 5, 33.333, 100]) }
      : { from_ms, split: createSplit(random) },
  );
  return { stages: random.chance(0.95) ? { variant, otherwise, steps } : { otherwise, steps } };
}

function createSplit(random: Random): SplitPart[] {
  const cut = random.pick([0, 0.001, 12.5, 33.333, 50, 87.501, 99.999, 100]);
  const second = Math.round((100 - cut) * 1_000 * random.pick([0, 0.5, 1])) / 1_000;
  const rest = Math.round((100 - cut - second) * 1_000) / 1_000;
  const parts = [cut, second, random.chance(0.02) ? 7 : rest];
  return parts.map((percentage) => ({ variant: random.pick(VARIANTS), percentage }));
}

/** A rule's condition, which may ask other flags; chains of them meet, and some lead back. */
function createWhen(random: Random): Condition {
  const when = createCondition(random, 3);
  if (random.chance(0.75)) return when;
  const asked: Condition = { flag: random.pick([...FLAGS, 'nobody']), variants: random.some(VARIANTS, 2) };
  const condition = random.chance(0.3) ? { not: asked } : asked;
  if (random.chance(0.4)) return condition;
  return random.chance(0.5) ? { all: [when, condition] } : { any: [condition, when] };
}

export function createCondition(random: Random, depth: number): Condition {
  const kind = random.whole(10);
  const parts = () => random.times(depth > 2 ? 6 : 3, () => createCondition(random, depth - 1));
  if (depth > 0 && kind < 2) return { all: parts() };
  if (depth > 0 && kind < 4) return { any: parts() };
  if (depth > 0 && kind < 5) return { not: createCondition(random, depth - 1) };
  if (kind < 7) return { segment: random.pick([...SEGMENTS, 'unheard-of']) };
  return createComparison(random);
}

function createComparison(random: Random): Condition {
  const operator = random.pick(Object.keys(OPERANDS) as (keyof typeof OPERANDS)[]);
  const values = random.chance(0.985) ? OPERANDS[operator](random) : random.some<Json>([null, 'x', 1, []], 3);
  const cased = random.chance(0.2) ? { ignore_case: random.chance(0.9) && CASED.has(operator) } : {};
  const attribute = LIKELY[operator] ?? random.pick(ATTRIBUTES);
  if (random.chance(0.75))
    return { attribute: random.chance(0.8) ? attribute : random.pick(ATTRIBUTES), operator, values, ...cased };
  return { attribute: 'organisation', path: random.pick(PATHS), operator, values, ...cased };
}

const CASED: ReadonlySet<string> = new Set([
  'equals',
  'not_equals',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
]);

const scalar = (random: Random): Json => random.pick<Json>([...TEXTS, ...NUMBERS, true, false]);
const text = (random: Random) => [random.pick(TEXTS)];
const number = (random: Random) => [random.pick(NUMBERS)];
const version = (random: Random) => [random.pick(VERSIONS.slice(0, random.chance(0.03) ? undefined : 7))];
const instant = (random: Random) => [
  random.pick<Json>(INSTANTS.filter((each) => each !== '2026-02-30' || random.chance(0.02))),
];

const OPERANDS: Readonly<Record<Exclude<Operator, 'imported'>, (random: Random) => readonly Json[]>> = {
  equals: (random) => [scalar(random)],
  not_equals: (random) => [scalar(random)],
  contains: (random) => [scalar(random)],
  not_contains: (random) => [scalar(random)],
  in: (random) => Array.from({ length: 1 + random.whole(5) }, () => scalar(random)),
  not_in: (random) => Array.from({ length: 1 + random.whole(5) }, () => scalar(random)),
  greater_than: number,
  greater_or_equal: number,
  less_than: number,
  less_or_equal: number,
  between: (random) => [random.pick(NUMBERS), random.pick(NUMBERS)],
  starts_with: text,
  ends_with: text,
  regex: (random) => [
    random.pick(PATTERNS.filter((each) => !each.startsWith('(') || each.startsWith('(a') || random.chance(0.05))),
  ],
  semver_equals: version,
  semver_greater_than: version,
  semver_greater_or_equal: version,
  semver_less_than: version,
  semver_less_or_equal: version,
  before: instant,
  after: instant,
  exists: () => [],
};

const LIKELY: Partial<Record<Operator, string>> = {
  semver_equals: 'version',
  semver_greater_than: 'version',
  semver_greater_or_equal: 'version',
  semver_less_than: 'version',
  semver_less_or_equal: 'version',
  before: 'since',
  after: 'since',
  between: 'age',
  greater_than: 'age',
};

/** What no segment can. */
const ASKING: Condition = { flag: 'alpha', variants: ['on'] };

function createSegment(key: string, random: Random): SegmentDefinition {
  const base = { key, version: 1 + random.whole(3) };
  const names = [...SEGMENTS, 'unheard-of'];
  const asked = createCondition(random, random.chance(0.4) ? 2 : 0);
  const when: Condition = random.chance(0.3) ? { any: [] } : random.chance(0.01) ? { any: [asked, ASKING] } : asked;
  const members = random.chance(0.05)
    ? { algorithm: 'spillway-fingerprint-1' as const, fingerprints: 'A' }
    : encodeMembers(random.some(KEYS, 4));
  const score = {
    rules: random.times(3, () => ({ when: createCondition(random, 1), weight: random.pick([1, 2, -1, 0.1, 0.2]) })),
    threshold: random.pick([0, 0.3, 1, 3]),
  };
  return {
    ...base,
    when,
    ...(random.chance(0.3) ? { members: random.chance(0.7) ? members : { ...members, ...createPlace(random) } } : {}),
    ...(random.chance(0.2) ? { score } : {}),
    ...(random.chance(0.12) ? { parents: random.some(names, 2) } : {}),
    ...(random.chance(0.12) ? { exclusions: random.some(names, 2) } : {}),
    ...(random.chance(0.2) ? { priority: random.whole(5) } : {}),
  };
}

function createSwitch(key: string, random: Random): SwitchDefinition {
  const scope = random.pick([
    'global',
    'region',
    'region',
    'service',
    'user_segment',
    'user_segment',
    'feature',
  ] as const);
  const names = {
    global: [],
    region: REGIONS,
    service: SERVICES,
    user_segment: [...SEGMENTS, 'unheard-of'],
    feature: FLAGS,
  };
  const choices: readonly string[] = names[scope];
  return { key, version: 1 + random.whole(3), scope, affects: choices.length === 0 ? [] : random.some(choices, 2) };
}

function createContext(random: Random): Json {
  if (random.chance(0.01)) return random.pick<Json>([null, 'text', 7, []]);
  const context: [string, Json][] = [];
  const add = (name: string, probability: number, value: () => Json) => {
    if (random.chance(probability)) context.push([name, random.chance(0.05) ? anything(random) : value()]);
  };
  add('targetingKey', 0.9, () => random.pick<Json>([...KEYS, 17, '', 2.5]));
  add('plan', 0.7, () => random.pick(TEXTS));
  add('age', 0.7, () => random.pick(random.chance(0.05) ? NO_NUMBERS : NUMBERS));
  add('email', 0.5, () => random.pick(TEXTS));
  add('version', 0.7, () => random.pick(VERSIONS));
  add('since', 0.6, () => random.pick<Json>(INSTANTS));
  add('tags', 0.4, () => random.some<Json>(TEXTS, 3));
  add('region', 0.5, () => random.pick(REGIONS));
  add('constructor', 0.1, () => random.pick(TEXTS));
  add('__proto__', 0.1, () => random.pick(TEXTS));
  add('organisation', 0.6, () => ({
    key: random.pick(KEYS),
    plan: random.pick(TEXTS),
    owner: { plan: scalar(random) },
  }));
  return Object.fromEntries(context);
}

function anything(random: Random): Json {
  return random.pick<Json>([null, true, 'x', 5, [], ['pro', 1], {}, { plan: 'pro' }]);
}
