import { broken } from '../../broken.ts';
import type { Json } from '../../json.ts';
import { INTERPRETED, SIGNED } from './arithmetic.ts';
import { isConstant } from './constant.ts';
import {
  asList,
  type Frame,
  fail,
  isText,
  isTrue,
  iterationOf,
  listed,
  type Node,
  numeric,
  type Operation,
  operationOf,
  toGoThrough,
} from './node.ts';
import { COMPARISONS, PLAIN } from './operations.ts';
import { checkedFieldsOf, checkPaths, fieldIn, isNoPath, missingIn, readPath, rootField, wholeOf } from './paths.ts';
import { reduced } from './reduction.ts';
import { joined } from './text.ts';

/**
 * An expression as flagd's engine interprets it, which it does with what it has no compiled form for: an `if` without an
 * else, and what depends on no context.
 */
export function interpreted(logic: Json | undefined): Node {
  if (Array.isArray(logic)) {
    const parts = logic.map(interpreted);
    return (frame) => parts.map((part) => part(frame));
  }
  const operation = operationOf(logic);
  if (operation === undefined) return () => logic;
  if (!isConstant(logic)) return interpretedOperation(operation);
  const value = constantOf(logic as Json);
  return () => value;
}

function interpretedOperation({ name, input }: Operation): Node {
  const build = Object.hasOwn(BUILDERS, name) ? BUILDERS[name] : undefined;
  if (build !== undefined) return build(input);
  if (Object.hasOwn(COMPARISONS, name)) return comparison(name, input);
  if (Object.hasOwn(INTERPRETED, name)) return applied(input, INTERPRETED[name] ?? fail(name));
  if (Object.hasOwn(PLAIN, name)) return applied(input, PLAIN[name] ?? fail(name));
  return broken(`flagd does not know the operation ${name}`);
}

/** The value of an expression that looks at no context; what fails then keeps flagd from reading the flag. */
export function constantOf(logic: Json): unknown {
  try {
    const operation = operationOf(logic);
    return operation && interpretedOperation(operation)({ data: {}, flagd: undefined, prev: undefined });
  } catch (error) {
    return broken(`flagd fails on ${JSON.stringify(logic)}: ${error instanceof Error ? error.message : error}`);
  }
}

const BUILDERS: Readonly<Record<string, (input: Json) => Node>> = {
  var: variable,
  missing: (input) => {
    checkPaths(listed(input) ?? []);
    return applied(input, (values, frame) => missingIn(frame, values));
  },
  missing_some: missingSome,
  if: branches,
  '?:': branches,
  and: (input) => chain(input, (value) => !isTrue(value)),
  or: (input) => chain(input, isTrue),
  '!': (input) => alone(input, (value) => !isTrue(Array.isArray(value) ? value[0] : value)),
  '!!': (input) => alone(input, (value) => isTrue(Array.isArray(value) ? value[0] : value)),
  '+': (input) => alone(input, SIGNED['+'] ?? fail('+')),
  '-': (input) => alone(input, SIGNED['-'] ?? fail('-')),
  cat: (input) => alone(input, textOf),
  some: (input) => iteration(input, (list, holds) => elementsOf(list).some(holds)),
  none: (input) => iteration(input, (list, holds) => !elementsOf(list).some(holds)),
  all: (input) =>
    iteration(input, (list, holds) =>
      Array.isArray(list || []) && !isTrue(list) ? false : elementsOf(list).every(holds),
    ),
  map: (input) => iteration(input, (list, _, value) => toGoThrough(list).map(value)),
  reduce: reduction,
  filter: (input) => {
    if (Array.isArray(input) && isConstant(input[1])) return broken('a filter that looks at nothing');
    return iteration(input, (list, holds) => toGoThrough(list).filter(holds));
  },
};

/** Applied to a list of values: those that are written out, or those that one expression gives. */
function applied(input: Json, operation: (values: readonly unknown[], frame: Frame) => unknown): Node {
  const values = interpreted(input);
  return (frame) => operation(asList(values(frame)), frame);
}

/** A list of a single part is that part. */
function unwrapped(input: Json): Json {
  return Array.isArray(input) && input.length === 1 && !Array.isArray(input[0]) ? (input[0] ?? null) : input;
}

function alone(input: Json, operation: (value: unknown) => unknown): Node {
  const part = interpreted(unwrapped(input));
  return (frame) => operation(part(frame));
}

function textOf(value: unknown): unknown {
  if (value === null || value === undefined) return fail('nothing has no text');
  return Array.isArray(value) ? joined(value.filter((each) => each !== null && each !== undefined)) : String(value);
}

function variable(input: Json): Node {
  const path = unwrapped(input);
  if (Array.isArray(path)) {
    const [key] = path;
    if (isNoPath(key)) return broken('var takes the name of an attribute');
    if (typeof key === 'string') checkedFieldsOf(key);
    const parts = path.map(interpreted);
    return (frame) => readPath(frame, parts[0]?.(frame), parts[1]?.(frame));
  }
  if (isNoPath(path)) return broken('var takes the name of an attribute');
  if (typeof path === 'object' && path !== null) {
    const dynamic = interpreted(path);
    return (frame) => {
      const [key, otherwise] = asList(dynamic(frame));
      return readPath(frame, key, otherwise);
    };
  }
  if (path === null || path === '' || path === 0) return (frame) => wholeOf(frame) ?? null;
  return staticPath(String(path));
}

/** Up to three steps, a step from what is false is that itself; beyond, nothing is there. */
function staticPath(path: string): Node {
  const [first = '', second, third, fourth] = checkedFieldsOf(path);
  if (fourth !== undefined) return (frame) => readPath(frame, path, null);
  return (frame) => {
    let value = frame.data ? rootField(frame, first) : undefined;
    for (const field of [second, third]) if (field !== undefined && value) value = fieldIn(value, field);
    return value === undefined ? null : value;
  };
}

function missingSome(input: Json): Node {
  const [needed, paths] = Array.isArray(input) ? input : [];
  if (typeof needed !== 'number' || !Array.isArray(paths)) return broken('missing_some takes a number and a list');
  checkPaths(paths);
  return (frame) => {
    const missing = missingIn(frame, paths);
    return paths.length - missing.length >= needed ? [] : missing;
  };
}

function branches(input: Json): Node {
  if (!Array.isArray(input)) return broken('if takes a list');
  const parts = input.map(interpreted);
  return (frame) => {
    let at = 0;
    for (; at + 1 < parts.length; at += 2) if (isTrue(parts[at]?.(frame))) return parts[at + 1]?.(frame);
    return at < parts.length ? parts[at]?.(frame) : null;
  };
}

function chain(input: Json, isEnough: (value: unknown) => boolean): Node {
  if (!Array.isArray(input)) return broken('and and or take lists');
  const parts = input.map(interpreted);
  return (frame) => {
    let value: unknown = null;
    for (const part of parts) {
      value = part(frame);
      if (isEnough(value)) return value;
    }
    return value;
  };
}

function comparison(name: string, input: Json): Node {
  const compare = COMPARISONS[name] ?? fail(name);
  if (!Array.isArray(input) || input.length < 2 || input.length > 3)
    return broken(`${name} compares two or three values`);
  const [first, second, third] = input.map(interpreted);
  const holds = name.length === 3 ? compare : (one: unknown, other: unknown) => coerced(one, other, compare);
  return (frame) => {
    const one = first?.(frame);
    const other = second?.(frame);
    return holds(one, other) && (third === undefined || holds(other, third(frame)));
  };
}

function coerced(one: unknown, other: unknown, compare: (one: unknown, other: unknown) => boolean): boolean {
  if (isText(one) && isText(other)) return compare(one, other);
  if (Number.isNaN(Number(numeric(one)))) return fail('not a number');
  if (Number.isNaN(Number(numeric(other))) && one !== null) return fail('not a number');
  return compare(Number(one), Number(other));
}

type Holds = (element: unknown) => boolean;

function iteration(
  input: Json,
  go: (list: unknown, holds: Holds, value: (element: unknown) => unknown) => unknown,
): Node {
  const [source, logic] = iterationOf(input, 2);
  const list = interpreted(source);
  const part = interpreted(logic);
  const value = (data: unknown) => part({ data, flagd: undefined, prev: undefined });
  return (frame) => go(list(frame), (element) => isTrue(value(element)), value);
}

function reduction(input: Json): Node {
  const [source, logic, initial] = iterationOf(input, 3);
  if (isSumOrProduct(logic)) {
    return broken(
      'flagd does otherwise than it says in a reduce to a sum or product, in an if without an else; add one',
    );
  }
  const [list, part, start] = [interpreted(source), interpreted(logic), initial];
  if (isConstant(source) && !isConstant(start)) {
    return broken('reduce of a list that is constant, and a start that is not');
  }
  const first = start === undefined ? undefined : interpreted(start);
  return (frame) => reduced(list(frame), part, first && { value: first(frame) });
}

/** Flagd's engine puts another operation in their place, which takes what is no list, and nothing to begin with. */
function isSumOrProduct(logic: Json): boolean {
  const { name, input } = operationOf(logic) ?? { name: '', input: null };
  if ((name !== '+' && name !== '*') || !Array.isArray(input) || input.length !== 2) return false;
  const reads = (path: string) =>
    input.map(operationOf).some((inner) => inner?.name === 'var' && String(inner.input) === path);
  return reads('accumulator') && reads('current');
}

/** Text is gone through character by character; what has no length has no elements. */
function elementsOf(list: unknown): readonly unknown[] {
  return typeof list === 'string' ? list.split('') : Array.isArray(list) ? list : [];
}
