import { broken } from '../broken.ts';
import type { EvaluationContext } from '../evaluation.ts';
import type { SegmentForm } from '../segments/segment-form.ts';
import type { Comparison, Condition, FlagCondition } from '../snapshot.ts';
import { type Read, readerOf } from './attributes.ts';
import { CASED, lowered, loweredText, OPERATORS, type Test } from './operators.ts';

/** Deeper than any real rule, shallow enough for any call stack. */
export const MAX_CONDITION_DEPTH = 64;

/** A condition ready to be asked. It keeps its source and parts, so that a trace is told by what decided. */
export type ConditionForm =
  | { readonly is: 'all' | 'any' | 'not'; readonly test: Test; readonly parts: readonly ConditionForm[] }
  | { readonly is: 'segment'; readonly test: Test; readonly segment: SegmentForm }
  | { readonly is: 'flag'; readonly test: Test; readonly source: FlagCondition; readonly served: Served }
  | { readonly is: 'comparison'; readonly test: Test; readonly source: Comparison; readonly read: Read };

/** Finds a segment by key, compiled; throws for one whose definition is broken. */
export type FindSegment = (key: string) => SegmentForm;

/** The variant that a flag serves; undefined for one in error. */
export type Served = (context: EvaluationContext, now: number) => string | undefined;

/** Finds what a flag serves, without compiling it; throws where flags cannot be asked. */
export type FindFlag = (key: string) => Served;

export function compileCondition(
  source: Condition,
  findSegment: FindSegment,
  findFlag: FindFlag,
  depth = 1,
): ConditionForm {
  if (depth > MAX_CONDITION_DEPTH) return broken(`conditions nest more than ${MAX_CONDITION_DEPTH} deep`);
  const inner = (part: Condition) => compileCondition(part, findSegment, findFlag, depth + 1);
  if ('all' in source) {
    const parts = source.all.map(inner);
    return { is: 'all', test: allOf(parts.map((part) => part.test)), parts };
  }
  if ('any' in source) {
    const parts = source.any.map(inner);
    return { is: 'any', test: anyOf(parts.map((part) => part.test)), parts };
  }
  if ('not' in source) {
    const part = inner(source.not);
    const { test } = part;
    return { is: 'not', test: (context, now) => !test(context, now), parts: [part] };
  }
  if ('segment' in source) {
    const segment = findSegment(source.segment);
    return { is: 'segment', test: segment.test, segment };
  }
  return 'flag' in source ? compileFlagCondition(source, findFlag) : compileComparison(source);
}

function compileFlagCondition(source: FlagCondition, findFlag: FindFlag): ConditionForm {
  const served = findFlag(source.flag);
  const accepts = new Set<string | undefined>(source.variants);
  return { is: 'flag', test: (context, now) => accepts.has(served(context, now)), source, served };
}

function compileComparison(source: Comparison): ConditionForm {
  const { attribute, path, operator, values, ignore_case: ignoresCase = false } = source;
  if (typeof attribute !== 'string') return broken('a condition is of a kind this version does not know');
  if (!Object.hasOwn(OPERATORS, operator)) return broken(`the operator ${operator} is not known to this version`);
  const read = readerOf(attribute, path);
  if (!ignoresCase) return { is: 'comparison', test: OPERATORS[operator](values, read), source, read };
  if (!CASED.has(operator)) return broken(`ignore_case does not go with ${operator}`);
  return {
    is: 'comparison',
    test: OPERATORS[operator](values.map(loweredText), (context) => lowered(read(context))),
    source,
    read,
  };
}

/** Of nothing, all hold. */
export function allOf(tests: readonly Test[]): Test {
  const [first, second, third, fourth, fifth] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (third === undefined) return (context, now) => first(context, now) && second(context, now);
  if (fourth === undefined) return (context, now) => first(context, now) && second(context, now) && third(context, now);
  if (fifth === undefined) {
    return (context, now) => first(context, now) && second(context, now) && third(context, now) && fourth(context, now);
  }
  if (tests.length === 5) {
    return (context, now) =>
      first(context, now) && second(context, now) && third(context, now) && fourth(context, now) && fifth(context, now);
  }
  return (context, now) => {
    for (const test of tests) if (!test(context, now)) return false;
    return true;
  };
}

/** Of nothing, none holds. */
export function anyOf(tests: readonly Test[]): Test {
  const [first, second, third] = tests;
  if (first === undefined) return () => false;
  if (second === undefined) return first;
  if (third === undefined) return (context, now) => first(context, now) || second(context, now);
  if (tests.length === 3) return (context, now) => first(context, now) || second(context, now) || third(context, now);
  return (context, now) => {
    for (const test of tests) if (test(context, now)) return true;
    return false;
  };
}
