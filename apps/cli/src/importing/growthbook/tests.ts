import { type Condition, compileImported, importedProblem, type Json } from '@spillway/evaluator';
import { allOf, cannotCarry } from '../report.ts';

/** A test in GrowthBook's dialect (`evaluator/src/dialects/growthbook`). */
export type Test = Readonly<Record<string, Json>>;

/** All hold, as a rule has it; what is read first is named, for people. */
export function ruleCondition(tests: readonly Test[]): Condition {
  return allOf(tests.map(imported));
}

function imported(test: Test): Condition {
  const values = ['growthbook', test] as const;
  const problem = importedProblem(values);
  if (problem !== undefined) return cannotCarry(problem);
  return { attribute: attributeOf(test) || 'id', operator: 'imported', values };
}

function attributeOf({ condition, bucket }: Test): string | undefined {
  const named = condition === undefined ? Object.values(bucket ?? {})[0] : Object.keys(condition as object)[0];
  return typeof named === 'string' ? named.slice(0, 256) : undefined;
}

/** Whether the value of a flag is what another flag requires it to be. */
export function holdsFor(condition: Json, value: Json): boolean {
  return compileImported(['growthbook', { condition }])({ value }, 0);
}

export interface Case {
  readonly when: readonly Test[];
  readonly is: boolean;
}

/** What the first case that applies says, the last applies to all; true or false where they all agree. */
export function firstOf(cases: readonly Case[]): Test | boolean {
  const otherwise = cases.at(-1)?.is ?? false;
  const last = cases.findLastIndex(({ is }) => is !== otherwise);
  if (last === -1) return otherwise;
  return { first: cases.slice(0, last + 1).map(({ when, is }) => ({ when, is })), otherwise };
}
