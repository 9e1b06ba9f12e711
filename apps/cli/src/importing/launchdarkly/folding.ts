import type { Condition, Json } from '@spillway/evaluator';
import { imported, type Surroundings } from './conditions.ts';

type Test = Readonly<Record<string, Json>>;

const MAX_DEPTH = 10;
const MAX_PARTS = 100;

/** The condition with segments in place of what they say; as one test where it is deeper or wider than conditions may be. */
export function fitted(condition: Condition, around: Origins): Condition {
  const referring = withSegments(condition, around);
  if (isWithin(referring, 1)) return referring;
  return imported(testOf(condition), attributeIn(condition));
}

type Origins = Pick<Surroundings, 'origins' | 'shelf'>;

function withSegments(condition: Condition, around: Origins): Condition {
  const inner = (part: Condition) => withSegments(part, around);
  const own = around.origins.get(condition);
  const when: Condition =
    'all' in condition
      ? { all: condition.all.map(inner) }
      : 'any' in condition
        ? { any: condition.any.map(inner) }
        : 'not' in condition
          ? { not: inner(condition.not) }
          : condition;
  return own === undefined ? when : around.shelf.refer(own, when);
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
