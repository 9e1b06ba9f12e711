import { broken } from '../broken.ts';
import type { EvaluationContext } from '../evaluation.ts';
import type { SegmentForm } from '../segments/segment-form.ts';
import type { Condition } from '../snapshot.ts';
import { attributeOf } from './attributes.ts';
import { OPERATORS } from './operators.ts';

/** Deeper than any real rule, shallow enough for any call stack. */
export const MAX_CONDITION_DEPTH = 64;

/** A condition ready to be asked. It keeps its source and parts, so that a trace is told by what decided. */
export interface ConditionForm {
  readonly source: Condition;
  readonly test: (context: EvaluationContext) => boolean;
  readonly parts: readonly ConditionForm[];
}

/** Finds a segment by key, compiled; throws for one that is unknown or contains itself. */
export type FindSegment = (key: string) => SegmentForm;

export function compileCondition(source: Condition, findSegment: FindSegment, depth = 1): ConditionForm {
  if (depth > MAX_CONDITION_DEPTH) return broken(`conditions nest more than ${MAX_CONDITION_DEPTH} deep`);
  const inner = (part: Condition) => compileCondition(part, findSegment, depth + 1);
  if ('all' in source) {
    const parts = source.all.map(inner);
    return { source, parts, test: all(parts) };
  }
  if ('any' in source) {
    const parts = source.any.map(inner);
    return { source, parts, test: any(parts) };
  }
  if ('not' in source) {
    const part = inner(source.not);
    const { test } = part;
    return { source, parts: [part], test: (context) => !test(context) };
  }
  if ('segment' in source) {
    const { when } = findSegment(source.segment);
    return { source, parts: [when], test: when.test };
  }
  return compileComparison(source);
}

function compileComparison(source: Extract<Condition, { attribute: string }>): ConditionForm {
  const { attribute, operator, values } = source;
  if (typeof attribute !== 'string') return broken('a condition is of a kind this version does not know');
  if (!Object.hasOwn(OPERATORS, operator)) return broken(`the operator ${operator} is not known to this version`);
  const test = OPERATORS[operator](values);
  return {
    source,
    parts: [],
    test: (context) => {
      const actual = attributeOf(context, attribute);
      return actual !== undefined && test(actual);
    },
  };
}

/** Of nothing, all hold. */
function all(parts: readonly ConditionForm[]): ConditionForm['test'] {
  const [first, second, third] = parts.map((part) => part.test);
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (parts.length === 2) return (context) => first(context) && second(context);
  if (parts.length === 3 && third !== undefined) {
    return (context) => first(context) && second(context) && third(context);
  }
  const tests = parts.map((part) => part.test);
  return (context) => {
    for (const test of tests) if (!test(context)) return false;
    return true;
  };
}

/** Of nothing, none holds. */
function any(parts: readonly ConditionForm[]): ConditionForm['test'] {
  const [first, second] = parts.map((part) => part.test);
  if (first === undefined) return () => false;
  if (second === undefined) return first;
  if (parts.length === 2) return (context) => first(context) || second(context);
  const tests = parts.map((part) => part.test);
  return (context) => {
    for (const test of tests) if (test(context)) return true;
    return false;
  };
}
