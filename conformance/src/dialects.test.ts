import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { belongsTo, compile, type Json, type Snapshot } from '@spillway/evaluator';

const read = async (name: string) => JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8'));

/** Whether one test of a dialect holds for a context. */
function holds(
  dialect: string,
  written: Readonly<Record<string, Json>>,
  context: Readonly<Record<string, Json>>,
): boolean {
  const when = { attribute: 'any', operator: 'imported', values: [dialect, written] } as const;
  const snapshot: Snapshot = {
    format: 'spillway.snapshot/1',
    project: 'default',
    environment: 'production',
    number: 1,
    flags: {},
    segments: { asked: { key: 'asked', version: 1, when } },
    switches: {},
  };
  return belongsTo(compile(snapshot), 'asked', context, 0);
}

interface UnleashVectors {
  readonly rollouts: readonly { readonly group: string; readonly id: string; readonly point: number }[];
  readonly variants: readonly {
    readonly group: string;
    readonly id: string;
    readonly total: number;
    readonly point: number;
  }[];
}

test('S6: who is bucketed by `unleash` stands at the point that is written down', async () => {
  const { rollouts, variants }: UnleashVectors = await read('bucketing-unleash.json');
  for (const { group, id, point } of rollouts) {
    const below = (percentage: number) =>
      holds('unleash', { op: 'rollout', by: 'userId', group, percentage }, { userId: id });
    assert.deepEqual([below(point - 1), below(point)], [false, true], `${group}:${id}`);
  }
  for (const { group, id, total, point } of variants) {
    const upTo = (upto: number) =>
      holds('unleash', { op: 'variant', by: 'userId', group, total, upto }, { userId: id });
    assert.deepEqual([upTo(point - 1), upTo(point)], [false, true], `${group}:${id} of ${total}`);
  }
  assert.ok(rollouts.length > 100 && variants.length > 100);
});

interface FlagdVector {
  readonly flag: string;
  readonly targetingKey?: string;
  readonly bucketBy?: string;
  readonly weights: readonly number[];
  readonly chosen: number;
}

test('S6: who is bucketed by `flagd` gets the part that is written down', async () => {
  const { choices }: { choices: readonly FlagdVector[] } = await read('bucketing-flagd.json');
  for (const { flag, targetingKey = '', bucketBy, weights, chosen } of choices) {
    const variants = weights.map((_, index) => `v${index}`);
    const parts = weights.map((weight, index): Json => [`v${index}`, weight]);
    const logic: Json = { fractional: [...(bucketBy === undefined ? [] : [{ var: 'by' }]), ...parts] };
    const written = { op: 'answers', flag, logic, as: 'compiled', variants };
    const found = variants.findIndex((variant) => {
      return holds(
        'flagd',
        { ...written, variant },
        { targetingKey, ...(bucketBy === undefined ? {} : { by: bucketBy }) },
      );
    });
    assert.equal(found, chosen, `${flag} for ${bucketBy ?? targetingKey} among ${weights.join(', ')}`);
  }
  assert.ok(choices.length > 200);
});

const NEXT = 1e-9;

test('S6: who is bucketed by `growthbook` stands where it is written down', async () => {
  const { buckets } = await read('bucketing-growthbook.json');
  for (const { seed, key, version, bucket } of buckets) {
    const isIn = (from: number, below: number) => {
      const test = { bucket: { attribute: 'id', seed, version, ranges: [[from, below]] } };
      return holds('growthbook', test, { id: key });
    };
    const isUpTo = (upTo: number) =>
      holds('growthbook', { bucket: { attribute: 'id', seed, version, up_to: upTo } }, { id: key });
    assert.deepEqual(
      [isIn(0, bucket), isIn(bucket, bucket + NEXT), isUpTo(bucket - NEXT), isUpTo(bucket)],
      [false, true, false, true],
      `${key} under ${seed} by ${version}`,
    );
  }
  assert.ok(buckets.length > 100);
});

test('S6: who is bucketed by `configcat` stands at the percent that is written down', async () => {
  const { buckets } = await read('bucketing-configcat.json');
  for (const { setting, key, point } of buckets) {
    const isIn = (from: number, below: number) => {
      const test = { bucket: { attribute: 'Identifier', key: setting, from, below } };
      return holds('configcat', test, { identifier: key });
    };
    assert.deepEqual(
      [isIn(0, point), isIn(point, point + 1), isIn(point + 1, 100)],
      [false, true, false],
      `${key} for ${setting}`,
    );
  }
  assert.ok(buckets.length > 100);
});

test('S6: who is bucketed by `flagsmith` stands at the percentage that is written down', async () => {
  const { percentages } = await read('bucketing-flagsmith.json');
  for (const { key, identity, percentage } of percentages) {
    const isIn = (from: number, below: number) => {
      const test = { environment: { key: 'env' }, bucket: { key, from, below } };
      return holds('flagsmith', test, { identifier: 'any', key: identity });
    };
    const found = [isIn(0, percentage), isIn(percentage, percentage + NEXT), isIn(percentage + NEXT, 100)];
    assert.deepEqual(found, [false, true, false], `${key},${identity}`);
    const isUpTo = (value: number) => {
      const condition = { operator: 'PERCENTAGE_SPLIT', property: '', value };
      const segment = { key, rules: [{ type: 'ALL', conditions: [condition], rules: [] }] };
      return holds('flagsmith', { environment: { key: 'env' }, segment }, { identifier: 'any', key: identity });
    };
    assert.deepEqual([isUpTo(percentage - NEXT), isUpTo(percentage)], [false, true], `${key},${identity}`);
  }
  assert.ok(percentages.length > 100);
});

test('S6: who is bucketed by `launchdarkly` stands at the hundred-thousandth that is written down', async () => {
  const { points } = await read('bucketing-launchdarkly.json');
  for (const { seed, key, point } of points) {
    const isBelow = (end: number) => {
      const test = { op: 'bucket', kind: 'user', path: ['key'], seed, below: end / 100_000 };
      return holds('launchdarkly', test, { kind: 'user', key });
    };
    assert.deepEqual([isBelow(point), isBelow(point + 1)], [false, true], `${key} under ${seed}`);
  }
  assert.ok(points.length > 100);
});
