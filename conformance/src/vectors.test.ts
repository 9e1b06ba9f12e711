import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import {
  bucketOf,
  compile,
  type Evaluation,
  type EvaluationContext,
  encodeMembers,
  evaluate,
  explain,
  type Json,
  parseSnapshot,
  type Snapshot,
} from '@spillway/evaluator';
import { explain as explainNaively } from '../oracle/evaluate.ts';

interface BucketingVectors {
  readonly fingerprints: readonly { readonly key: string; readonly fingerprint: string }[];
  readonly members: { readonly keys: readonly string[]; readonly fingerprints: string };
  readonly buckets: readonly { readonly key: string; readonly seed: string; readonly bucket: number }[];
}

interface EvaluationVectors {
  readonly snapshots: Readonly<Record<string, unknown>>;
  readonly cases: readonly {
    readonly name: string;
    readonly snapshot: string;
    readonly flag: string;
    readonly context: EvaluationContext;
    readonly now: number;
    readonly fallback: Json;
    readonly expected: Evaluation;
  }[];
}

const read = async (name: string) => JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8'));
const bucketing: BucketingVectors = await read('bucketing.json');
const evaluation: EvaluationVectors = await read('evaluation.json');

const OPERATORS = [
  ...['equals', 'not_equals', 'contains', 'not_contains', 'in', 'not_in', 'greater_than', 'greater_or_equal'],
  ...['less_than', 'less_or_equal', 'between', 'starts_with', 'ends_with', 'regex', 'semver_equals'],
  ...['semver_greater_than', 'semver_greater_or_equal', 'semver_less_than', 'semver_less_or_equal'],
  ...['before', 'after', 'exists'],
];

test('F4: every bucket is the one written down', () => {
  for (const { key, seed, bucket } of bucketing.buckets) {
    assert.equal(bucketOf(key, seed), bucket, `${JSON.stringify(key)} under ${seed}`);
  }
  assert.ok(bucketing.buckets.length > 100);
});

test('S1: every fingerprint is the one written down', () => {
  for (const { key, fingerprint } of bucketing.fingerprints) {
    assert.equal(encodeMembers([key]).fingerprints, fingerprint, JSON.stringify(key));
  }
  const { keys, fingerprints } = bucketing.members;
  assert.deepEqual(encodeMembers(keys), { algorithm: 'spillway-fingerprint-1', fingerprints });
});

describe('evaluation vectors', () => {
  const snapshots = new Map<string, Snapshot>();
  for (const [name, payload] of Object.entries(evaluation.snapshots)) {
    const parsed = parseSnapshot(payload);
    assert.ok(parsed.ok, `${name}: ${parsed.ok ? '' : parsed.problem}`);
    snapshots.set(name, parsed.snapshot);
  }

  for (const { name, snapshot: of, flag, context, now, fallback, expected } of evaluation.cases) {
    test(`F9: ${name}`, () => {
      const snapshot = snapshots.get(of);
      assert.ok(snapshot !== undefined);
      // Anew each time, so that what compiling does wrong is noticed here too; flags that are not asked cost nothing.
      const configuration = compile(snapshot);
      const answer = evaluate(configuration, flag, context, now, fallback);
      const { errorMessage, ...rest } = answer;
      assert.deepEqual({ ...rest, flagMetadata: { ...rest.flagMetadata } }, expected);
      assert.equal(errorMessage === undefined, answer.reason !== 'ERROR');
      assert.deepEqual(explain(configuration, flag, context, now, fallback).evaluation, answer);
      // The oracle's regular expressions are the engine's own, which some of these are made to keep busy for ever.
      if (flag.startsWith('regex')) return;
      const naive = explainNaively(snapshot, flag, context, now, fallback).evaluation;
      assert.deepEqual({ ...naive, errorMessage: undefined }, { ...expected, errorMessage: undefined }, 'the oracle');
    });
  }

  test('F3: every operator has cases that meet it and cases that do not', () => {
    for (const operator of OPERATORS) {
      const of = evaluation.cases.filter(({ flag }) => flag.replace(/-\d+$/, '') === operator);
      assert.ok(
        of.some(({ expected }) => expected.value === true),
        operator,
      );
      assert.ok(
        of.some(({ expected }) => expected.value === false),
        operator,
      );
    }
  });
});
