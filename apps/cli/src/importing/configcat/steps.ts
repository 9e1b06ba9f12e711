import type { Condition, FlagCondition } from '@spillway/evaluator';
import { cannotCarry } from '../report.ts';
import { isSource, numberOf, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import { firstOf, type Step, type Test } from '../stepwise.ts';
import { segmentTests, userTest } from './conditions.ts';
import { type Config, percentageAttributeOf, settingOf, valueFor, valueIn } from './model.ts';

export interface StepSurroundings extends Config {
  readonly notes: Set<string>;
  /** What another setting has to serve to be what is required of it; undefined where that has to be put in as it is now. */
  readonly ask: (required: Source) => FlagCondition | 'never' | undefined;
  /** What may still be put in of other settings. */
  budget: number;
}

const MAX_STEPS = 2_000;

export function stepBudget(): number {
  return MAX_STEPS;
}

/** In the order of its targeting rules; the last is for all others. Settings that rules require are asked, or put in as they are. */
export function stepsOf(key: string, around: StepSurroundings, within: readonly string[] = []): readonly Step[] {
  const setting = settingOf(key, around);
  const visited = [...within, key];
  const steps = rulesOf(setting).flatMap((rule) => {
    const also: Condition[] = [];
    let ways: readonly (readonly Test[])[] = [[]];
    for (const condition of conditionsOf(rule)) {
      // What is put in of another setting asks none itself.
      const asked = within.length === 0 ? askedBy(condition, around, visited) : undefined;
      if (asked === 'never') ways = [];
      else if (asked !== undefined) also.push(asked);
      else ways = crossed(ways, waysOf(condition, key, around, visited));
    }
    const steps = ways.flatMap((when) => servedBy(rule, key, setting, when));
    return also.length === 0 ? steps : steps.map((step) => ({ ...step, also }));
  });
  around.budget -= 1 + steps.length;
  if (around.budget < 0) return cannotCarry('what its rules require of other settings is too much to be put in');
  const options = isFilled(setting.p) ? optionSteps(setting.p, key, setting, []) : [];
  return [...steps, ...options, { when: [], value: valueIn(setting, setting, 'it') }];
}

export function rulesOf(setting: Source): readonly Source[] {
  return sourcesOf(setting.r, 'its targeting rules');
}

export function conditionsOf(rule: Source): readonly Source[] {
  return sourcesOf(rule.c, 'the conditions of a rule');
}

function crossed(
  before: readonly (readonly Test[])[],
  ways: readonly (readonly Test[])[],
): readonly (readonly Test[])[] {
  return before.flatMap((tests) => ways.map((way) => [...tests, ...way]));
}

function askedBy(
  condition: Source,
  around: StepSurroundings,
  visited: readonly string[],
): ReturnType<typeof around.ask> {
  const { u: user, p: prerequisite, s: segment } = condition;
  if (!isSource(prerequisite) || isGiven(user) || isGiven(segment)) return undefined;
  checkWay(textOf(prerequisite.f, 'the key of a prerequisite'), around, visited);
  return around.ask(prerequisite);
}

/** SDKs answer with the caller's default where what is required leads back anywhere. */
function checkWay(required: string, config: Config, visited: readonly string[], seen = new Set<string>()): void {
  if (visited.includes(required)) cannotCarry('its prerequisites lead back to it');
  if (seen.has(required)) return;
  for (const rule of rulesOf(settingOf(required, config))) {
    for (const { p } of conditionsOf(rule)) {
      if (isSource(p)) checkWay(textOf(p.f, 'the key of a prerequisite'), config, [...visited, required], seen);
    }
  }
  seen.add(required);
}

function isGiven(part: unknown): boolean {
  return part !== undefined && part !== null;
}

/** The tests of which all must hold, in each way that a condition can be met. */
function waysOf(
  condition: Source,
  key: string,
  around: StepSurroundings,
  visited: readonly string[],
): readonly (readonly Test[])[] {
  const { u: user, p: prerequisite, s: segment } = condition;
  const given = [user, prerequisite, segment].filter(isGiven);
  if (given.length !== 1) return cannotCarry('a condition is none, or several at once');
  if (isSource(user)) return [[userTest(user, around, key)]];
  if (isSource(segment)) return segmentTests(segment, around);
  const test = prerequisiteTest(sourceOf(prerequisite, 'a condition'), around, visited);
  if (test === false) return [];
  return test === true ? [[]] : [[test]];
}

function prerequisiteTest(source: Source, around: StepSurroundings, visited: readonly string[]): Test | boolean {
  const required = textOf(source.f, 'the key of a prerequisite');
  if (visited.includes(required)) return cannotCarry('its prerequisites lead back to it');
  around.notes.add(
    `the setting ${required} that a rule requires is put in as it is now: later changes of it are not followed`,
  );
  const accepts = acceptedBy(source, settingOf(required, around));
  return firstOf(stepsOf(required, around, visited).map(({ when, value }) => ({ when, is: accepts(value) })));
}

/** Whether a value of the setting that is required meets the condition. */
export function acceptedBy(source: Source, setting: Source): (value: unknown) => boolean {
  const comparator = numberOf(source.c, 'the comparator of a prerequisite');
  const expected = valueFor(source.v, setting);
  if (expected === undefined) return cannotCarry('a prerequisite is compared with a value of another type');
  if (comparator !== 0 && comparator !== 1) {
    return cannotCarry(`the comparator ${comparator} of a prerequisite is not known`);
  }
  return (value) => (value === expected) === (comparator === 0);
}

function servedBy(rule: Source, key: string, setting: Source, when: readonly Test[]): readonly Step[] {
  const { s: simple, p: options } = rule;
  const isSimple = simple !== undefined && simple !== null;
  if (isSimple && (options === undefined || options === null)) {
    return [{ when, value: valueIn(sourceOf(simple, 'what a rule serves'), setting, 'what a rule serves') }];
  }
  if (isSimple || !isFilled(options))
    return cannotCarry('a targeting rule serves nothing, or a value and shares at once');
  return optionSteps(options, key, setting, when);
}

function isFilled(options: unknown): options is readonly unknown[] {
  return Array.isArray(options) && options.length > 0;
}

const WHOLE = 100;

function optionSteps(options: unknown, key: string, setting: Source, when: readonly Test[]): readonly Step[] {
  const attribute = percentageAttributeOf(setting);
  let from = 0;
  const steps = sourcesOf(options, 'percentage options').map((option): Step => {
    const share = numberOf(option.p, 'the percentage of an option');
    if (share < 0 || !Number.isInteger(share)) return cannotCarry('a percentage is below 0, or not whole');
    const test = { bucket: { attribute, key, from, below: from + share } };
    from += share;
    return { when: [...when, test], value: valueIn(option, setting, 'a percentage option') };
  });
  return from < WHOLE ? cannotCarry(`its percentages sum to ${from}, not to ${WHOLE}`) : steps;
}
