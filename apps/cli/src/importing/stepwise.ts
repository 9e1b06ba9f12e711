import { type Condition, importedProblem, type Json, type Prerequisite } from '@spillway/evaluator';
import type { Dialect } from './dialects.ts';
import { allOf, cannotCarry, type ImportedFlag, type ImportedState } from './report.ts';
import { createVariants, typeOf, type Variants } from './variants.ts';

/** A test as a dialect of the evaluator has it (`evaluator/src/dialects`). */
export type Test = Readonly<Record<string, Json>>;

/** What is served to those for whom all tests and conditions hold and no earlier step's did. */
export interface Step {
  readonly when: readonly Test[];
  /** What no test says: what other flags serve. Left out, nothing. */
  readonly also?: readonly Condition[];
  readonly value: Json;
}

export interface Served {
  readonly steps: readonly Step[];
  /** Served when the flag is off or lacks a prerequisite. */
  readonly off: Json;
  readonly prerequisites: readonly Prerequisite[];
  /** The attribute that a test reads first, for people; undefined for one of several tests. */
  readonly attributeOf: (test: Test) => string | undefined;
  /** Left out, it is on. */
  readonly isOff?: boolean;
}

/** A flag with a rule for each step; the first step for everybody is what all others get. */
export function stepwiseFlag(dialect: Dialect, served: Served): ImportedFlag {
  return stepwiseFlagOf(dialect, [[undefined, served]]);
}

/** The same for several environments by their names; without a name, for all there are. */
export function stepwiseFlagOf(
  dialect: Dialect,
  environments: readonly (readonly [name: string | undefined, served: Served])[],
): ImportedFlag {
  const variants = createVariants();
  const states = environments.map(([name, served]) => [name, stateOf(dialect, served, variants)] as const);
  const [first] = states;
  return {
    type: typeOf(variants.list().map(({ value }) => value)),
    variants: variants.list(),
    ...(first !== undefined && first[0] === undefined
      ? { all_environments: first[1] }
      : { environments: Object.fromEntries(states) }),
  };
}

function stateOf(dialect: Dialect, served: Served, variants: Variants): ImportedState {
  const { steps, off, prerequisites, attributeOf, isOff = false } = served;
  const last = steps.findIndex(({ when, also = [] }) => when.length + also.length === 0);
  const final = steps[last] ?? cannotCarry('it has nothing for all others');
  const rules = steps.slice(0, last).map(({ when, also = [], value }) => ({
    when: allOf([...also, ...when.map((test) => importedTest(dialect, test, attributeOf(test)))]),
    serve: { variant: variants.nameOf(value) },
  }));
  const fallthrough = { variant: variants.nameOf(final.value) };
  return {
    enabled: !isOff,
    off_variant: variants.nameOf(off),
    ...(prerequisites.length === 0 ? {} : { prerequisites }),
    rules,
    fallthrough,
  };
}

const MAX_ATTRIBUTE_LENGTH = 256;

/** The condition that a test of a dialect is; refused for what evaluators do not take. */
export function importedTest(dialect: Dialect, test: Test, attribute: string | undefined): Condition {
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
