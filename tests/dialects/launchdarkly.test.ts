import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { importText } from '../../apps/cli/src/importing/import.ts';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { createRandom, imported, type Random, USERS } from './importing.ts';

const NAME = '@launchdarkly/node-server-sdk';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;
const SEED = 20_260_401;
const ATTRIBUTES = ['email', 'age', 'version', 'since', 'groups', 'key', 'none', 'anonymous', 'kind'] as const;
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  email: ['a@x.com', '😀', 'b@y.org', 'ü@ß.de', '', 7, true],
  age: [0, 18, 30, -1, 2.5, '18'],
  version: [
    '1.0.0',
    '1.2',
    '2',
    '2.0.0-rc.1',
    '2.0.0-rc.2',
    '2.0.0',
    'v2.0.0',
    '1.0.0+b',
    'x',
    '1.0.9007199254740993',
    '1.2.1234567890123456',
    '01.2',
    '2-rc.1',
  ],
  since: [
    '2026-01-01T00:00:00Z',
    '2026-01-01T01:00:00.5+01:00',
    1_767_225_600_000,
    '2026-01-01',
    '2026-01-01T00:30:00+01',
    '2026-01-01T00:30:00+0130',
    '2025-12-31T23:59:59.99999999999Z',
    'x',
  ],
  groups: ['beta', 'staff', 'ops', 3],
  none: ['x'],
  anonymous: [true, false],
  kind: ['user', 'org'],
};
const OPS = [
  ...['in', 'startsWith', 'endsWith', 'contains', 'matches', 'lessThan', 'lessThanOrEqual', 'greaterThan'],
  ...['greaterThanOrEqual', 'before', 'after', 'semVerEqual', 'semVerLessThan', 'semVerGreaterThan', 'unheardOf'],
];

function clause(random: Random): object {
  if (random.chance(0.15)) {
    return {
      attribute: '',
      op: 'segmentMatch',
      values: random.some(['s0', 's1', 's2', 'gone'], 2),
      negate: random.chance(0.3),
    };
  }
  const attribute = random.pick(ATTRIBUTES);
  const isDate = attribute === 'since' && random.chance(0.6);
  const op = random.pick(isDate ? ['before', 'after'] : OPS.slice(0, random.chance(0.02) ? undefined : -1));
  const values =
    op === 'matches'
      ? random.pick([['^a'], ['x\\.com$', '[0-9]+'], [''], ['('], ['(', '^.$'], ['\\@x']])
      : op === 'before' || op === 'after'
        ? [random.pick(['2026-01-01T00:00:00Z', 1_767_225_600_000, 0])]
        : random.some(VALUES[attribute] ?? ['user-1', 'user-2', 'org-3'], 3);
  const kind = random.pick([{}, { contextKind: 'user' }, { contextKind: 'org' }]);
  const place = random.chance(0.2) ? '/address/city' : attribute;
  return { attribute: place, op, values, negate: random.chance(0.3), ...kind };
}

function rollout(random: Random): object {
  const first = random.pick([0, 100_000, 1, 33_333, 50_000, 99_999]);
  const weights = random.chance(0.4) ? [first, 100_000 - first] : [10_000, 20_001, 60_000];
  return {
    rollout: {
      kind: random.pick(['rollout', 'experiment', undefined]),
      ...random.pick([{}, { contextKind: 'user' }, { contextKind: 'org' }]),
      bucketBy: random.pick([undefined, 'key', 'age', 'email', 'none']),
      ...random.pick([{}, { seed: 0 }, { seed: 61 }]),
      variations: weights.map((weight, variation) => ({ weight, variation })),
    },
  };
}

const serve = (random: Random) => (random.chance(0.5) ? rollout(random) : { variation: random.whole(3) });
const many = <T>(random: Random, most: number, make: (random: Random) => T) =>
  Array.from({ length: random.whole(most + 1) }, () => make(random));

function flag(random: Random, index: number): object {
  return {
    key: index % 7 === 0 ? `Flag-${index}` : `flag-${index}`,
    version: 1,
    on: random.chance(0.9),
    salt: random.pick(['salt', '', 'sälz']),
    variations: random.pick<readonly unknown[]>([
      [true, false, true],
      ['a', 'b', 'ü'],
      [1, 'b', { c: null }],
      [0, 1, 2.5],
    ]),
    ...(random.chance(0.95) ? { offVariation: random.whole(3) } : {}),
    prerequisites:
      index > 0 && random.chance(0.3)
        ? [{ key: random.chance(0.9) ? keyOf(random.whole(index)) : 'gone', variation: random.whole(3) }]
        : [],
    targets: many(random, 2, () => ({
      values: random.some(['user-1', 'user-2', 'user-30'], 3),
      variation: random.whole(3),
    })),
    contextTargets: random.chance(0.3)
      ? [
          { contextKind: 'org', values: ['org-3'], variation: 1 },
          { contextKind: 'user', values: [], variation: random.whole(3) },
        ]
      : [],
    rules: many(random, 3, () => ({ id: 'r', clauses: many(random, 2, clause), ...serve(random) })),
    fallthrough: serve(random),
  };
}

const keyOf = (index: number) => (index % 7 === 0 ? `Flag-${index}` : `flag-${index}`);

function segment(random: Random, index: number): object {
  const rule = () => ({
    clauses: many(random, 2, clause)
      .filter((each) => Reflect.get(each, 'op') !== 'segmentMatch' || index > 0)
      .map((each) => (Reflect.get(each, 'op') === 'segmentMatch' ? { ...each, values: [`s${index - 1}`] } : each)),
    ...random.pick([
      {},
      { weight: 30_000 },
      { weight: 0, bucketBy: 'none' },
      { weight: 50_000, rolloutContextKind: 'org' },
    ]),
  });
  return {
    key: `s${index}`,
    version: 1,
    included: many(random, 2, () => `user-${random.whole(40)}`),
    excluded: many(random, 2, () => `user-${random.whole(40)}`),
    includedContexts: random.chance(0.3) ? [{ contextKind: 'org', values: ['org-3'] }] : [],
    excludedContexts: random.chance(0.3) ? [{ contextKind: 'org', values: ['org-4'] }] : [],
    salt: 'segment-salt',
    rules: many(random, 2, rule),
  };
}

function context(random: Random, index: number): Record<string, unknown> {
  const user: Record<string, unknown> = { kind: 'user', key: `user-${index}` };
  for (const name of ['email', 'age', 'version', 'since'] as const) {
    if (random.chance(0.8)) user[name] = random.pick(VALUES[name] ?? []);
  }
  if (random.chance(0.6)) user.groups = random.some(VALUES.groups ?? [], 3);
  if (random.chance(0.3)) user.anonymous = random.chance(0.5);
  if (random.chance(0.3)) user.address = { city: random.pick(['a@x.com', 18]) };
  const org = { key: `org-${index % 9}`, age: random.pick([1, 18]), email: 'a@x.com' };
  if (random.chance(0.6)) return user;
  const { kind: _, ...inside } = user;
  return random.chance(0.7) ? { kind: 'multi', user: inside, org } : { kind: 'org', ...org };
}

test('S6: imported from LaunchDarkly, every user has the value that its own SDK gives', { skip }, async (t) => {
  const random = createRandom(SEED);
  const flags = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [keyOf(index), flag(random, index)]));
  const segments = Object.fromEntries([0, 1, 2].map((index) => [`s${index}`, segment(random, index)]));
  const { report, ask } = await imported('launchdarkly', { flags, segments });
  const { init, FileDataSourceFactory } = peer<{
    init: (key: string, options: object) => Client;
    FileDataSourceFactory: new (options: object) => { getFactory(): unknown };
  }>(NAME);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-launchdarkly-'));
  const path = join(folder, 'data.json');
  writeFileSync(path, JSON.stringify({ flags, segments }));
  const quiet = { error() {}, warn() {}, info() {}, debug() {} };
  const factory = new FileDataSourceFactory({ paths: [path] });
  const client = init('none', {
    updateProcessor: factory.getFactory(),
    sendEvents: false,
    logger: quiet,
    diagnosticOptOut: true,
  });
  t.after(() => {
    client.close();
    rmSync(folder, { recursive: true });
  });
  await client.waitForInitialization({ timeout: 10 });
  assert.ok(report.carried.length > 70, JSON.stringify(report.refused.slice(0, 20)));
  for (let index = 0; index < USERS; index += 1) {
    const asked = context(random, index);
    for (const at of [index, index + 37, index + 71]) {
      const { flag: key } = report.carried[at % report.carried.length] ?? assert.fail();
      const expected = await client.variation(key, asked, 'the default');
      assert.deepEqual(
        ask(key.toLowerCase(), asked),
        expected,
        `seed ${SEED}: ${key} for ${JSON.stringify(asked)} ${JSON.stringify(flags[key])}`,
      );
    }
  }
});

test('S6: a LaunchDarkly flag that requires one that is off follows it from now on, and keeps its own rules', () => {
  const parts = { version: 1, salt: 's', variations: [true, false], offVariation: 1, targets: [] };
  const rules = [{ clauses: [{ attribute: 'plan', op: 'unheardOf', values: ['x'] }], variation: 1 }];
  const flags = {
    base: { ...parts, key: 'base', on: false, rules, fallthrough: { variation: 0 } },
    above: {
      ...parts,
      key: 'above',
      on: true,
      prerequisites: [{ key: 'base', variation: 0 }],
      fallthrough: { variation: 0 },
    },
  };
  const result = importText('launchdarkly', JSON.stringify({ flags, segments: {} }));
  assert.ok(typeof result === 'object');
  const { above, base } = result.definitions.flags;
  assert.deepEqual(above?.all_environments?.prerequisites, [{ flag: 'base', variants: ['variation-0'] }]);
  assert.deepEqual([base?.all_environments?.enabled, base?.all_environments?.rules.length], [false, 1]);
  assert.match(result.report.carried[0]?.notes.join() ?? '', /operator unheardOf is unknown/);
});

interface Client {
  waitForInitialization(options: { timeout: number }): Promise<unknown>;
  variation(key: string, context: object, fallback: unknown): Promise<unknown>;
  close(): void;
}
