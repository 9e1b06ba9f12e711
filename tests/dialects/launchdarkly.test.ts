import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { importText } from '../../apps/cli/src/importing/import.ts';
import { createRandom, imported } from './importing.ts';
import { context, flag, keyOf, segmentsOf } from './launchdarkly-definitions.ts';
import { openedLaunchDarkly, SKIP_LAUNCHDARKLY } from './launchdarkly-sdk.ts';
import { USERS } from './users.ts';

const SEED = Number(process.env.DIALECT_SEED ?? 20_260_401);

test('S6: imported from LaunchDarkly, every user has the value that its own SDK gives', {
  skip: SKIP_LAUNCHDARKLY,
}, async (t) => {
  const random = createRandom(SEED);
  const flags = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [keyOf(index), flag(random, index)]));
  const segments = segmentsOf(random);
  const { report, ask } = await imported('launchdarkly', { flags, segments });
  const client = await openedLaunchDarkly({ flags, segments }, t);
  assert.ok(report.carried.length > 90, JSON.stringify(report.refused.slice(0, 20)));
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

test('S6: LaunchDarkly flags of a file for SDKs and of the REST API are read as well', async () => {
  const file = [
    'flagValues:',
    '  plain: hello',
    'flags:',
    '  full: {on: false, offVariation: 1, variations: [1, 2],',
    '    fallthrough: {variation: 0}}',
  ];
  const yaml = importText('launchdarkly', file.join('\n'));
  assert.ok(typeof yaml === 'object');
  const values = Object.values(yaml.definitions.flags).map(({ variants }) => variants.map(({ value }) => value));
  assert.deepEqual(values, [
    ['hello', 'hello'],
    [1, 2, 2],
  ]);

  const state = {
    ...{ on: true, salt: 's', offVariation: 1, targets: [], contextTargets: [], prerequisites: [] },
    rules: [{ _id: 'r', variation: 1, clauses: [{ attribute: 'plan', op: 'in', values: ['x'], contextKind: 'user' }] }],
    fallthrough: {
      rollout: {
        variations: [
          { weight: 50_000, variation: 0 },
          { weight: 50_000, variation: 1 },
        ],
      },
    },
  };
  const variations = [
    { _id: 'a', value: 'old' },
    { _id: 'b', value: 'new' },
  ];
  const environments = { production: state, test: { ...state, on: false, offVariation: 0 } };
  const items = [
    { key: 'listed', variations, environments },
    { key: 'summary', variations, environments: { test: { on: true, _summary: {} } } },
    { key: 'gone', variations, archived: true, environments: { test: state } },
  ];
  const listed = importText('launchdarkly', JSON.stringify({ items }));
  assert.ok(typeof listed === 'object');
  const { enabled, off_variant: off } = listed.definitions.flags.listed?.environments?.test ?? assert.fail();
  assert.deepEqual([enabled, off], [false, 'off-0']);
  assert.deepEqual(
    listed.report.refused.map(({ flag: key, reason }) => [key, reason.split(';')[0]]),
    [
      ['summary', 'the list has only a summary of it'],
      ['gone', 'it is archived, so SDKs do not get it'],
    ],
  );
  const answers = importText('launchdarkly', JSON.stringify({ a: { value: 1, variation: 0, version: 3 } }));
  assert.match(String(answers), /answers that one client got/);
});

test('S6: the vectors of the bucketing `launchdarkly` are what its SDK computes', {
  skip: SKIP_LAUNCHDARKLY,
}, async (t) => {
  const file = new URL('../../conformance/bucketing-launchdarkly.json', import.meta.url);
  const { points }: { points: readonly Vector[] } = JSON.parse(await readFile(file, 'utf8'));
  const places = new Map<string, string>();
  const flags = [...new Set(points.map(({ seed }) => seed))].map((seed, index) => {
    const [key = '', ...salt] = seed.includes('.') ? seed.split('.') : [`seeded-${index}`];
    places.set(seed, key);
    return [key, slicedFlag(key, salt.join('.'), seed.includes('.') ? undefined : Number(seed))] as const;
  });
  const client = await openedLaunchDarkly({ flags: Object.fromEntries(flags), segments: {} }, t);
  for (const { seed, key, point } of points) {
    const found = await client.variation(places.get(seed) ?? '', { kind: 'user', key }, 'none');
    assert.equal(found, point, `${key} under ${seed}`);
  }
});

interface Vector {
  readonly seed: string;
  readonly key: string;
  readonly point: number;
}

const PARTS = Array.from({ length: 100_000 }, (_, index) => index);

/** Serves everybody the point at which they stand. */
function slicedFlag(key: string, salt: string, seed: number | undefined): object {
  const rollout = {
    ...(seed === undefined ? {} : { seed }),
    variations: PARTS.map((variation) => ({ variation, weight: 1 })),
  };
  return { key, version: 1, on: true, salt, variations: PARTS, offVariation: 0, fallthrough: { rollout } };
}
