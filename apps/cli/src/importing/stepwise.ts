import { type Condition, importedProblem, type Json, type Prerequisite } from '@spillway/evaluator';
import type { Dialect } from './dialects.ts';
import { allOf, cannotCarry, type ImportedFlag } from './report.ts';
import { createVariants, typeOf } from './variants.ts';

/** A test as a dialect of the evaluator has it (`evaluator/src/dialects`). */
export type Test = Readonly<Record<string, Json>>;

/** What is served to those for whom all tests hold and no earlier step's did. */
export interface Step {
  readonly when: readonly Test[];
  readonly value: Json;
}

export interface Served {
  readonly steps: readonly Step[];
  /** Served when the flag is off or lacks a prerequisite. */
  readonly off: Json;
  readonly prerequisites: readonly Prerequisite[];
  /** The attribute that a test reads first, for people; undefined for one of several tests. */
  readonly attributeOf: (test: Test) => string | undefined;
}

/** A flag with a rule for each step; the first step for everybody is what all others get. */
export function stepwiseFlag(dialect: Dialect, { steps, off, prerequisites, attributeOf }: Served): ImportedFlag {
  const variants = createVariants();
  const last = steps.findIndex(({ when }) => when.length === 0);
  const final = steps[last] ?? cannotCarry('it has nothing for all others');
  const rules = steps.slice(0, last).map(({ when, value }) => ({
    when: allOf(when.map((test) => imported(dialect, test, attributeOf(test)))),
    serve: { variant: variants.nameOf(value) },
  }));
  const fallthrough = { variant: variants.nameOf(final.value) };
  const offVariant = variants.nameOf(off);
  return {
    type: typeOf(variants.list().map(({ value }) => value)),
    variants: variants.list(),
    all_environments: {
      enabled: true,
      off_variant: offVariant,
      ...(prerequisites.length === 0 ? {} : { prerequisites }),
      rules,
      fallthrough,
    },
  };
}

const MAX_ATTRIBUTE_LENGTH = 256;

function imported(dialect: Dialect, test: Test, attribute: string | undefined): Condition {
  const values = [dialect, test] as const;
  const problem = importedProblem(values);
  if (problem !== undefined) return cannotCarry(problem);
  return { attribute: attribute?.slice(0, MAX_ATTRIBUTE_LENGTH) || 'any', operator: 'imported', values };
}

export interface Case {
  readonly when: readonly Test[];
  readonly is: boolean;
}

/** A test for what the first case that applies says, the last applies to all; true or false where they all agree. */
export function firstOf(cases: readonly Case[]): Test | boolean {
  const otherwise = cases.at(-1)?.is ?? false;
  const last = cases.findLastIndex(({ is }) => is !== otherwise);
  if (last === -1) return otherwise;
  return { first: cases.slice(0, last + 1).map(({ when, is }) => ({ when, is })), otherwise };
}
