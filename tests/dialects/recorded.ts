import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Condition, type FlagDefinition, flagsAskedBy, type Json, type Snapshot } from '@spillway/evaluator';
import { readerOf } from '../../apps/cli/src/importing/contexts.ts';
import type { Dialect } from '../../apps/cli/src/importing/dialects.ts';
import { imported } from './importing.ts';

/** Flags of a product, each `true` for those contexts that its condition holds for, and what its own SDK says of that. */
export interface Corners {
  /** The whole file, as it is imported. */
  readonly file: object;
  readonly contexts: readonly object[];
  /** Undefined where its SDK gives no answer, but the caller's default. */
  readonly answer: (flag: string, context: object) => unknown;
  /** The key that a flag has here. */
  readonly keyOf?: (flag: string) => string;
}

interface Recorded {
  readonly contexts: readonly unknown[];
  /** Whether one of them holds: `1`, `0`, or `-` where the flag fails, by context. */
  readonly conditions: readonly { readonly any: readonly Condition[]; readonly holds: string }[];
}

/**
 * What is imported answers as the product's own SDK does, which is also what `conformance/conditions` says of it: with
 * RECORD_CONDITIONS in the environment, that is written.
 */
export async function assertRecorded(dialect: Dialect, corners: Corners): Promise<void> {
  const { file, contexts, answer, keyOf = (flag) => flag } = corners;
  const { report, flags, segments, ask } = await imported(dialect, file);
  const conditions = report.carried.flatMap(({ flag }) => {
    const holds = contexts.map((context) => sign(answer(flag, context))).join('');
    const found = contexts.map((context) => sign(asked(() => ask(keyOf(flag), context)))).join('');
    const definition = flags[keyOf(flag)] ?? assert.fail(`${flag} is not there`);
    const any = conditionsOf(definition).map((condition) => writtenOut(condition, segments));
    assert.equal(found, holds, `${flag}: ${JSON.stringify(any)}`);
    // What asks another flag is more than its own conditions.
    return any.length === 0 || flagsAskedBy(definition).length > 0 ? [] : [{ any, holds }];
  });
  const read = readerOf(dialect);
  const recorded: Recorded = {
    contexts: contexts.map((context) => read(context as Readonly<Record<string, Json>>)),
    conditions,
  };
  const place = new URL(`../../conformance/conditions/${dialect}.json`, import.meta.url);
  if (process.env.RECORD_CONDITIONS !== undefined) writeFileSync(place, textOf(recorded));
  assert.deepEqual(JSON.parse(readFileSync(place, 'utf8')), JSON.parse(JSON.stringify(recorded)));
}

function asked(ask: () => Json): Json | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function sign(answer: unknown): string {
  if (answer === undefined) return '-';
  return answer === true ? '1' : '0';
}

/** Those of the rules that serve `true`, which come before all others. */
function conditionsOf({ key, rules, variants }: FlagDefinition): readonly Condition[] {
  const values = new Map(variants.map(({ name, value }) => [name, value]));
  const served = rules.map(({ serve }) => ('variant' in serve ? values.get(serve.variant) : undefined));
  const other = served.findIndex((value) => value !== true);
  const count = other === -1 ? rules.length : other;
  assert.ok(
    served.slice(count).every((value) => value === false),
    `${key} serves in turn`,
  );
  return rules.slice(0, count).map(({ when }) => when);
}

/** With what its segments say in their place. */
function writtenOut(condition: Condition, segments: Snapshot['segments']): Condition {
  const inner = (part: Condition) => writtenOut(part, segments);
  if ('all' in condition) return { all: condition.all.map(inner) };
  if ('any' in condition) return { any: condition.any.map(inner) };
  if ('not' in condition) return { not: inner(condition.not) };
  const when = 'segment' in condition ? segments[condition.segment]?.when : condition;
  return when === undefined || when === condition ? condition : inner(when);
}

/** A line for each condition and each context. */
function textOf({ contexts, conditions }: Recorded): string {
  const lines = (items: readonly unknown[]) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  return `{\n  "contexts": [\n${lines(contexts)}\n  ],\n  "conditions": [\n${lines(conditions)}\n  ]\n}\n`;
}
