import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type Definitions,
  type Flag,
  planDefinitions,
  type Segment,
  writtenFlag,
  writtenSegment,
} from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import { loadDefinitions } from './load.ts';
import { definitionsText } from './write.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const ROUNDS = 150;
const ENVIRONMENTS = ['development', 'staging', 'production'];
/** What readers of YAML take for something else than text, and what breaks writers of it. */
const ODD = [
  ...['no', 'yes', 'on', 'off', 'null', '~', 'true', 'NaN', '.inf', '1e3', '007', '0x1f', '0o17', '1_000', '12:30:45'],
  ...[
    '2026-01-01',
    '2026-12-24T08:00:00Z',
    '',
    ' ',
    ' lead',
    'trail ',
    'a: b',
    '- a',
    '# c',
    'a #b',
    '!tag',
    '&a',
    '*a',
    '@at',
  ],
  ...[
    '`tick',
    '%percent',
    '{a}',
    '[a]',
    '"',
    "'",
    "it's",
    '\\n',
    'two\nlines',
    '\nfirst',
    'last\n',
    'last\n\n',
    '  in\n out\n\tx',
  ],
  ...[
    '🙂',
    'e\u0301',
    '\u202eright',
    '\u2028',
    '\ufeff',
    '\u0085',
    '\u00a0',
    'x'.repeat(300),
    `${'word '.repeat(60)}end`,
    '---',
    '...',
    '<<',
    '=',
    '|',
    '>',
  ],
  ...['constructor', 'toString', 'hasOwnProperty', '\t', 'a\tb', '\r\n', 'Ключ', '\u{10ffff}'],
];
const KEYS = [
  'no',
  '1e3',
  '007',
  '10',
  '9',
  'null',
  'true',
  'constructor',
  'a.b',
  'a-b',
  'y',
  '0x1f',
  '1.0',
  'e',
  '12_3',
  'valueof',
];

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-round-trip-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface State {
  readonly flags: ReadonlyMap<string, Flag>;
  readonly segments: ReadonlyMap<string, Segment>;
}

const NOTHING: State = { flags: new Map(), segments: new Map() };

/** What applying them comes to; undefined when they are refused. */
function applied(
  definitions: Definitions,
  state: State,
): { readonly state: State; readonly actions: Set<string> } | undefined {
  const lists = new Map(
    Object.keys(definitions.segments).map((key) => [key, { count: 2, chunks: [{ digest: 'd', count: 2 }] }]),
  );
  const around = { environments: new Set(ENVIRONMENTS), ...state, switches: [], lists };
  const planned = planDefinitions(definitions, around, { prune: false });
  if (!planned.ok) return undefined;
  const flags = new Map(state.flags);
  const segments = new Map(state.segments);
  for (const change of planned.value) {
    if (change.noun === 'flags') flags.set(change.key, change.after);
    else if (change.after !== undefined) segments.set(change.key, change.after);
  }
  return { state: { flags, segments }, actions: new Set(planned.value.map(({ action }) => action)) };
}

function exported({ flags, segments }: State): Definitions {
  return {
    flags: Object.fromEntries([...flags].map(([key, flag]) => [key, writtenFlag(flag)])),
    segments: Object.fromEntries([...segments].map(([key, segment]) => [key, writtenSegment(segment)])),
  };
}

test(`F16: whatever is exported is read again as it was, in YAML and in JSON (SEED=${seed})`, async () => {
  const random = randomFrom(seed);
  let rounds = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = applied(randomDefinitions(random), NOTHING);
    if (first === undefined) continue;
    rounds += 1;
    const document = { apiVersion: 'spillway/v1', kind: 'Definitions', ...exported(first.state) };
    for (const form of ['yaml', 'json'] as const) {
      const text = definitionsText(document, form);
      const file = join(folder, `round.${form}`);
      await writeFile(file, text);
      const loaded = await loadDefinitions([file], 'definitions');
      assert.deepEqual(loaded.findings, [], text);
      const again = applied(loaded.definitions, first.state);
      assert.deepEqual([...(again?.actions ?? ['refused'])], ['none'], text);
      const fresh = applied(loaded.definitions, NOTHING);
      assert.ok(fresh !== undefined, 'also where there was nothing');
      const twice = { apiVersion: 'spillway/v1', kind: 'Definitions', ...exported(again?.state ?? NOTHING) };
      assert.equal(definitionsText(twice, form), text, 'the same bytes');
    }
  }
  assert.ok(rounds > ROUNDS / 3, `only ${rounds} of ${ROUNDS} rounds were definitions that hold`);
});

interface Random {
  number(below: number): number;
  one<T>(of: readonly T[]): T;
  chance(of: number): boolean;
}

/** mulberry32. */
function randomFrom(start: number): Random {
  let state = start;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (below: number) => Math.floor(next() * below);
  return {
    number,
    one: (of) => of[number(of.length)] as (typeof of)[number],
    chance: (of) => next() < of,
  };
}

function randomDefinitions(random: Random): Definitions {
  const keys = [...new Set(Array.from({ length: 1 + random.number(5) }, () => random.one(KEYS)))];
  const segments = [...new Set(Array.from({ length: random.number(3) }, () => random.one(KEYS)))];
  return {
    segments: Object.fromEntries(segments.map((key) => [key, segment(random)])),
    flags: Object.fromEntries(keys.map((key, index) => [key, flag(random, keys.slice(0, index), segments)])),
  } as unknown as Definitions;
}

const text = (random: Random) => random.one(ODD);
const number = (random: Random) => random.one([0, -0.5, 1e21, 5e-324, 2 ** 53, 0.1, -1, 42]);

function json(random: Random, depth = 0): Json {
  const kind = random.number(depth > 2 ? 4 : 6);
  if (kind === 0) return random.one([null, true, false]);
  if (kind === 1) return number(random);
  if (kind < 4) return text(random);
  const items = Array.from({ length: random.number(4) }, () => json(random, depth + 1));
  return kind === 4 ? items : Object.fromEntries(items.map((item) => [text(random), item]));
}

function flag(random: Random, earlier: readonly string[], segments: readonly string[]) {
  const type = random.one(['boolean', 'boolean', 'string', 'number', 'json'] as const);
  const values = {
    boolean: () => true,
    string: () => text(random),
    number: () => number(random),
    json: () => json(random),
  };
  const names = type === 'boolean' ? ['on', 'off'] : ['no', '1e3', 'x'].slice(0, 2 + random.number(2));
  const variants = type === 'boolean' ? undefined : names.map((name) => ({ name, value: values[type]() }));
  const environments = ENVIRONMENTS.filter(() => random.chance(0.7)).map((name) => [
    name,
    state(random, names, earlier, segments),
  ]);
  return {
    ...(variants === undefined ? {} : { type, variants }),
    ...(random.chance(0.5) ? { description: text(random) } : {}),
    ...(random.chance(0.3) ? { owner: text(random) } : {}),
    ...(random.chance(0.3) ? { tags: [random.one(KEYS)] } : {}),
    ...(random.chance(0.1) ? { permanent: true } : {}),
    ...(random.chance(0.1) && earlier[0] !== undefined ? { parent: earlier[0] } : {}),
    environments: Object.fromEntries(environments),
  };
}

function state(random: Random, names: readonly string[], earlier: readonly string[], segments: readonly string[]) {
  const [required] = earlier;
  return {
    enabled: random.chance(0.6),
    ...(random.chance(0.3) ? { off_variant: random.one(names) } : {}),
    ...(random.chance(0.3) ? { targets: [{ variant: random.one(names), keys: [text(random) || 'x', 'u2'] }] } : {}),
    ...(random.chance(0.1) && required !== undefined ? { prerequisites: [{ flag: required, variants: ['on'] }] } : {}),
    ...(random.chance(0.5)
      ? { rules: Array.from({ length: random.number(3) }, () => rule(random, names, segments)) }
      : {}),
    ...(random.chance(0.6) ? { fallthrough: serve(random, names) } : {}),
    ...(random.chance(0.2) ? { bucketing: { seed: text(random) || 'seed' } } : {}),
  };
}

function rule(random: Random, names: readonly string[], segments: readonly string[]) {
  return { when: condition(random, segments), serve: serve(random, names) };
}

function serve(random: Random, names: readonly string[]) {
  const [first, second] = names;
  if (random.chance(0.5)) return { variant: random.one(names) };
  const percentage = random.number(100_001) / 1_000;
  const rest = (100_000 - Math.round(percentage * 1_000)) / 1_000;
  return {
    split: [
      { variant: first, percentage },
      { variant: second, percentage: rest },
    ],
  };
}

function condition(random: Random, segments: readonly string[], depth = 0): object {
  const kind = random.number(depth > 3 ? 2 : 5);
  const inner = () => condition(random, segments, depth + 1);
  if (kind === 2) return { all: [inner(), inner()] };
  if (kind === 3) return { any: [inner()] };
  if (kind === 4) return { not: inner() };
  const [one] = segments;
  if (kind === 1 && one !== undefined) return { segment: one };
  const operator = random.one(['in', 'not_in']);
  return { attribute: text(random).trim() || 'a', operator, values: [text(random), number(random), true] };
}

function segment(random: Random) {
  return {
    ...(random.chance(0.5) ? { name: text(random) } : {}),
    ...(random.chance(0.5) ? { description: text(random) } : {}),
    ...(random.chance(0.3) ? { members: { keys: ['u1', 'u2'] } } : {}),
    ...(random.chance(0.3) ? { priority: random.number(10) } : {}),
    when: condition(random, []),
  };
}
