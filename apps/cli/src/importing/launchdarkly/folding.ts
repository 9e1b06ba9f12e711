import type { Condition, Json } from '@spillway/evaluator';
import { imported } from './conditions.ts';

type Test = Readonly<Record<string, Json>>;

const MAX_DEPTH = 10;
const MAX_PARTS = 100;

/** The condition, as one test where it is deeper or wider than conditions may be. */
export function fitted(condition: Condition): Condition {
  if (isWithin(condition, 1)) return condition;
  return imported(testOf(condition), attributeIn(condition));
}

function isWithin(condition: Condition, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if ('not' in condition) return isWithin(condition.not, depth + 1);
  const parts = partsOf(condition);
  return parts.length <= MAX_PARTS && parts.every((part) => isWithin(part, depth + 1));
}

function partsOf(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all;
  return 'any' in condition ? condition.any : [];
}

function testOf(condition: Condition): Test {
  if ('all' in condition) return { all: condition.all.map(testOf) };
  if ('any' in condition) return { any: condition.any.map(testOf) };
  if ('not' in condition) return { not: testOf(condition.not) };
  return 'values' in condition ? (condition.values[1] as Test) : { any: [] };
}

/** For people: the first attribute that is asked. */
function attributeIn(condition: Condition): string | undefined {
  if ('attribute' in condition) return condition.attribute;
  const parts = 'not' in condition ? [condition.not] : partsOf(condition);
  for (const part of parts) {
    const found = attributeIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
