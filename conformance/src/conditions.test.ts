import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  type Condition,
  compile,
  type EvaluationContext,
  evaluate,
  type FlagDefinition,
  type Snapshot,
} from '@spillway/evaluator';

const FOLDER = new URL('../conditions/', import.meta.url);

interface Vectors {
  readonly contexts: readonly EvaluationContext[];
  readonly conditions: readonly { readonly any: readonly Condition[]; readonly holds: string }[];
}

/** `true` for those that one of the conditions holds for. */
function flagOf(key: string, conditions: readonly Condition[]): FlagDefinition {
  return {
    key,
    version: 1,
    type: 'boolean',
    variants: [
      { name: 'true', value: true },
      { name: 'false', value: false },
    ],
    services: [],
    enabled: true,
    off_variant: 'false',
    targets: [],
    rules: conditions.map((when, index) => ({ id: `${index}`, when, serve: { variant: 'true' } })),
    fallthrough: { variant: 'false' },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: key },
  };
}

function compiled(flags: readonly FlagDefinition[]) {
  const snapshot: Snapshot = {
    format: 'spillway.snapshot/1',
    project: 'default',
    environment: 'production',
    number: 1,
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flag])),
    segments: {},
    switches: {},
  };
  return compile(snapshot);
}

for (const name of readdirSync(FOLDER)) {
  test(`S6: conditions of ${name.replace('.json', '')} hold for whom it is written down`, () => {
    const { contexts, conditions }: Vectors = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
    const configuration = compiled(conditions.map(({ any }, index) => flagOf(`f${index}`, any)));
    for (const [index, { any, holds }] of conditions.entries()) {
      const found = contexts.map((context) => {
        const { reason, value } = evaluate(configuration, `f${index}`, context, 0, null);
        return reason === 'ERROR' ? '-' : value === true ? '1' : '0';
      });
      assert.equal(found.join(''), holds, JSON.stringify(any));
    }
    assert.ok(conditions.length > 50 && contexts.length > 5);
  });
}
