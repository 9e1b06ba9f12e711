import type { Comparison, Condition, FlagCondition } from '@spillway/evaluator';
import { isKey, KEY_RULE } from '../key.ts';
import { enumerate, type Problems, pointer } from '../problems.ts';
import type { ConditionInput, SegmentComparison } from './input.ts';
import { MAX_CONDITION_DEPTH, MAX_SEGMENT_OPERANDS } from './limits.ts';

/** What stands for a condition that is refused. */
const REFUSED: Condition = { all: [] };

/**
 * The condition that a person's input stands for: `in_segment` and `not_in_segment` become questions for segments, which
 * are checked here because only here their fields are those of the request.
 */
export function plainCondition(
  input: ConditionInput,
  field: string,
  segments: ReadonlySet<string>,
  problems: Problems,
  depth = 1,
): Condition {
  // As deep as this nothing is accepted; `checkCondition` says so.
  if (depth > MAX_CONDITION_DEPTH) return REFUSED;
  const group = (parts: readonly ConditionInput[], name: string) =>
    parts.map((part, index) => plainCondition(part, pointer(field, name, index), segments, problems, depth + 1));
  if ('all' in input) return { all: group(input.all, 'all') };
  if ('any' in input) return { any: group(input.any, 'any') };
  if ('not' in input) {
    return { not: plainCondition(input.not, pointer(field, 'not'), segments, problems, depth + 1) };
  }
  if ('segment' in input) return { segment: input.segment };
  if ('flag' in input) return { flag: input.flag, variants: [...new Set(input.variants)] };
  return isSegmentComparison(input) ? inSegments(input, field, segments, problems) : input;
}

function isSegmentComparison(input: ConditionInput): input is SegmentComparison {
  return 'operator' in input && (input.operator === 'in_segment' || input.operator === 'not_in_segment');
}

function inSegments(
  { operator, values }: SegmentComparison,
  field: string,
  segments: ReadonlySet<string>,
  problems: Problems,
): Condition {
  if (values.length === 0 || values.length > MAX_SEGMENT_OPERANDS) {
    problems.report(pointer(field, 'values'), `must be 1 to ${MAX_SEGMENT_OPERANDS} keys of segments`);
    return REFUSED;
  }
  const known = values.map((segment, index) => {
    const where = pointer(field, 'values', index);
    const isProper = typeof segment === 'string' && isKey(segment);
    if (!isProper) problems.report(where, KEY_RULE);
    else if (!segments.has(segment)) {
      problems.report(where, `names the unknown segment ${segment}; known: ${enumerate(segments)}`);
    }
    return isProper && segments.has(segment);
  });
  if (known.includes(false)) return REFUSED;
  const [first = '', ...others] = [...new Set(values)];
  const inOne: Condition =
    others.length === 0 ? { segment: first } : { any: [first, ...others].map((segment) => ({ segment })) };
  return operator === 'in_segment' ? inOne : { not: inOne };
}

/** Adds the segments that the input names, each as often as it does; what is too deep to be accepted names none. */
export function collectSegmentsNamed(input: ConditionInput, found: string[]): void {
  eachLeafOf(input, (leaf) => {
    if ('segment' in leaf) found.push(leaf.segment);
    else if (!('flag' in leaf) && isSegmentComparison(leaf)) found.push(...leaf.values);
  });
}

/** Adds the flags that the input asks, each as often as it does. */
export function collectFlagsAsked(input: ConditionInput, found: string[]): void {
  eachLeafOf(input, (leaf) => {
    if (!('segment' in leaf) && 'flag' in leaf) found.push(leaf.flag);
  });
}

type InputLeaf = Extract<ConditionInput, { segment: string }> | FlagCondition | SegmentComparison | Comparison;

function eachLeafOf(input: ConditionInput, visit: (leaf: InputLeaf) => void, depth = 1): void {
  if (depth > MAX_CONDITION_DEPTH) return;
  if ('all' in input) for (const part of input.all) eachLeafOf(part, visit, depth + 1);
  else if ('any' in input) for (const part of input.any) eachLeafOf(part, visit, depth + 1);
  else if ('not' in input) eachLeafOf(input.not, visit, depth + 1);
  else visit(input);
}
