import { type Condition, type FlagCondition, importedProblem, type Json, type Operator } from '@spillway/evaluator';
import { isKey, KEY_RULE } from '../key.ts';
import { enumerate, type Problems, pointer } from '../problems.ts';
import {
  MAX_CONDITION_DEPTH,
  MAX_CONDITION_VALUES,
  MAX_CONDITION_VALUES_TOTAL,
  MAX_CONDITIONS,
  MAX_VARIANTS,
} from './limits.ts';
import { OPERANDS } from './operands.ts';

export const MAX_ATTRIBUTE_LENGTH = 256;

/** What the conditions of one environment may still use up. */
export interface ConditionBudget {
  conditions: number;
  values: number;
}

export function conditionBudget(): ConditionBudget {
  return { conditions: MAX_CONDITIONS, values: MAX_CONDITION_VALUES_TOTAL };
}

export interface ConditionSurroundings {
  readonly segments: ReadonlySet<string>;
  /** Whose condition it is: only rules ask flags, because segments are asked before any flag is. */
  readonly of: 'rule' | 'segment';
  readonly budget: ConditionBudget;
  readonly problems: Problems;
}

export function checkCondition(condition: Condition, field: string, around: ConditionSurroundings, depth = 1): void {
  const { budget, problems } = around;
  if (depth > MAX_CONDITION_DEPTH) {
    problems.report(field, `must nest at most ${MAX_CONDITION_DEPTH} deep; split the rule in two`);
    return;
  }
  budget.conditions -= 1;
  if (budget.conditions === -1) problems.report(field, `is one condition too many; ${MAX_CONDITIONS} are allowed`);
  if (budget.conditions < 0) return;
  if ('all' in condition) checkGroup(condition.all, pointer(field, 'all'), around, depth);
  else if ('any' in condition) checkGroup(condition.any, pointer(field, 'any'), around, depth);
  else if ('not' in condition) checkCondition(condition.not, pointer(field, 'not'), around, depth + 1);
  else if ('segment' in condition) checkSegment(condition.segment, pointer(field, 'segment'), around);
  else if ('flag' in condition) checkFlagCondition(condition, field, around);
  else checkComparison(condition, field, around);
}

function checkGroup(group: readonly Condition[], field: string, around: ConditionSurroundings, depth: number): void {
  group.forEach((inner, index) => {
    checkCondition(inner, pointer(field, index), around, depth + 1);
  });
}

function checkSegment(segment: string, field: string, { segments, problems }: ConditionSurroundings): void {
  if (!isKey(segment)) problems.report(field, KEY_RULE);
  else if (!segments.has(segment)) {
    problems.report(field, `names the unknown segment ${segment}; known: ${enumerate(segments)}`);
  }
}

/** That the flag and its variants are there is seen where all flags are known. */
function checkFlagCondition({ flag, variants }: FlagCondition, field: string, around: ConditionSurroundings): void {
  const { of, problems } = around;
  if (of === 'segment') {
    problems.report(field, 'cannot ask what a flag serves in a segment; ask it in the rule of a flag');
    return;
  }
  if (!isKey(flag)) problems.report(pointer(field, 'flag'), KEY_RULE);
  if (variants.length === 0 || variants.length > MAX_VARIANTS) {
    problems.report(pointer(field, 'variants'), `must name 1 to ${MAX_VARIANTS} variants of ${flag}`);
  }
}

function checkComparison(
  condition: Extract<Condition, { operator: Operator }>,
  field: string,
  { budget, problems }: ConditionSurroundings,
): void {
  const { attribute, operator, values } = condition;
  if (attribute === '' || attribute.length > MAX_ATTRIBUTE_LENGTH || !attribute.isWellFormed()) {
    problems.report(pointer(field, 'attribute'), `must be 1 to ${MAX_ATTRIBUTE_LENGTH} characters of Unicode text`);
  }
  const operand = Object.hasOwn(OPERANDS, operator) ? OPERANDS[operator] : undefined;
  if (operand === undefined) {
    problems.report(pointer(field, 'operator'), `must be one of ${enumerate(Object.keys(OPERANDS), 30)}`);
    return;
  }
  budget.values -= values.length;
  if (budget.values < 0) {
    problems.report(pointer(field, 'values'), `is too much; ${MAX_CONDITION_VALUES_TOTAL} values in all are allowed`);
    return;
  }
  const count = countProblem(operand.count, values);
  if (count !== undefined) {
    problems.report(pointer(field, 'values'), `${count} for ${operator}`);
    return;
  }
  values.forEach((value, index) => {
    const problem = operand.problem(value);
    if (problem !== undefined) problems.report(pointer(field, 'values', index), problem);
  });
  const foreign = operator === 'imported' ? importedProblem(values) : undefined;
  if (foreign !== undefined) problems.report(pointer(field, 'values'), foreign);
  if (operator === 'between' && outOfOrder(values)) {
    problems.report(pointer(field, 'values'), 'must have the lower bound first');
  }
}

function countProblem(count: 'none' | 'one' | 'two' | 'many', values: readonly Json[]): string | undefined {
  if (count === 'none') return values.length === 0 ? undefined : 'must be empty';
  if (count === 'one') return values.length === 1 ? undefined : 'must hold exactly one value';
  if (count === 'two') return values.length === 2 ? undefined : 'must hold exactly two values, lower bound first';
  if (values.length === 0) return 'must hold at least one value';
  return values.length > MAX_CONDITION_VALUES ? `must hold at most ${MAX_CONDITION_VALUES} values` : undefined;
}

function outOfOrder([low, high]: readonly Json[]): boolean {
  return typeof low === 'number' && typeof high === 'number' && low > high;
}
