import { broken } from '../../broken.ts';
import type { Json } from '../../json.ts';
import { type Matches, objectOf } from '../composite.ts';
import { listOf } from '../fields.ts';
import { looselyEqual, not, OPERATORS } from './operators.ts';

type Fields = Readonly<Record<string, Json>>;

/**
 * GrowthBook's conditions: fields by their paths with what they must be, and `$and`, `$or`, `$nor`, `$not` over
 * conditions. Saved groups stand in them already: `$inGroup` and `$notInGroup` have the list, `$savedGroup` a condition.
 */
export function compileFields(source: Json): Matches {
  const parts = Object.entries(objectOf(source, 'a condition')).map(([name, inner]) => partOf(name, inner));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (value) => parts.every((holds) => holds(value));
}

function partOf(name: string, inner: Json): Matches {
  if (name === '$not') return not(compileFields(inner));
  if (name === '$savedGroup') return compileFields(inner);
  if (name !== '$and' && name !== '$or' && name !== '$nor') return atPath(name.split('.'), compileValue(inner, 'kept'));
  const parts = listOf(inner, name).map(compileFields);
  if (name === '$and') return (value) => parts.every((holds) => holds(value));
  // Of nothing, one holds, as GrowthBook has it.
  const any: Matches = (value) => parts.length === 0 || parts.some((holds) => holds(value));
  return name === '$or' ? any : not(any);
}

function atPath(path: readonly string[], matches: Matches): Matches {
  return (value) => {
    let current = value;
    for (const step of path) {
      if (typeof current !== 'object' || current === null || !(step in current)) return matches(null);
      current = Reflect.get(current, step);
    }
    return matches(current);
  };
}

function compileValue(source: Json, cases: 'kept' | 'ignored'): Matches {
  if (typeof source === 'string' && cases === 'ignored') {
    const expected = source.toLowerCase();
    return (value) => String(value).toLowerCase() === expected;
  }
  if (!hasOperators(source)) return looselyEqual(source);
  const parts = Object.entries(source).map(([operator, operand]) => compileOperator(operator, operand));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (value) => parts.every((holds) => holds(value));
}

/** An object all of whose names begin with `$`, and which has some. */
export function hasOperators(source: Json): source is Fields {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return false;
  const names = Object.keys(source);
  return names.length > 0 && names.every((name) => name.startsWith('$'));
}

function compileOperator(operator: string, operand: Json): Matches {
  if (operator === '$not') return not(compileValue(operand, 'kept'));
  if (operator === '$size') {
    const matches = compileValue(operand, 'kept');
    return (value) => Array.isArray(value) && matches(value.length);
  }
  if (operator === '$elemMatch') {
    const matches = hasOperators(operand) ? compileValue(operand, 'kept') : compileFields(operand);
    return (value) =>
      Array.isArray(value) && value.some((item) => item !== undefined && item !== null && matches(item));
  }
  if (operator === '$all' || operator === '$alli') {
    const cases = operator === '$all' ? 'kept' : 'ignored';
    const each = listOf(operand, operator).map((expected) => compileValue(expected, cases));
    return (value) => Array.isArray(value) && each.every((matches) => value.some(matches));
  }
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  return compile?.(operand) ?? broken(`the GrowthBook operator ${operator} is not known`);
}
