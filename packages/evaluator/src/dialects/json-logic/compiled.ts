import { broken } from '../../broken.ts';
import type { Json } from '../../json.ts';
import { COMPILED, COMPILED_ALONE, FEWEST, writtenNumber } from './arithmetic.ts';
import { isConstant } from './constant.ts';
import { constantOf, interpreted } from './interpreted.ts';
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
  operationOf,
  toGoThrough,
} from './node.ts';
import { COMPARISONS, PLAIN } from './operations.ts';
import { checkedFieldsOf, checkPaths, fieldIn, isNoPath, missingIn, readPath, rootField, wholeOf } from './paths.ts';
import { reduced } from './reduction.ts';
import { joined } from './text.ts';

/**
 * An expression as flagd's engine compiles it. Where it differs from how the same engine interprets one (null in `cat`,
 * lists under `!`, what a comparison has looked at before), it differs here.
 */
export function compiled(logic: Json | undefined): Node {
  if (Array.isArray(logic)) {
    const parts = logic.map(compiled);
    return (frame) => parts.map((part) => part(frame));
  }
  const operation = operationOf(logic);
  if (operation === undefined) return () => logic;
  if (isConstant(logic)) {
    const value = constantOf(logic as Json);
    return () => value;
  }
  const { name, input } = operation;
  const build = Object.hasOwn(BUILDERS, name) ? BUILDERS[name] : undefined;
  if (build !== undefined) return build(input);
  if (Object.hasOwn(COMPARISONS, name)) return comparison(name, input);
  if (Object.hasOwn(COMPILED, name)) return arithmetic(name, input);
  if (Object.hasOwn(PLAIN, name)) return applied(input, PLAIN[name] ?? fail(name));
  return broken(`flagd does not know the operation ${name}`);
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
  '!': (input) => {
    const part = compiled(Array.isArray(input) ? input[0] : input);
    return (frame) => !isTrue(part(frame));
  },
  '!!': (input) => {
    const part = compiled(Array.isArray(input) ? input[0] : input);
    return (frame) => isTrue(part(frame));
  },
  in: (input) => {
    if (!Array.isArray(input)) return applied(input, PLAIN.in ?? fail('in'));
    refuseAmid(input[1], LOOSE_LISTS, 'in');
    const [item, list] = [compiled(input[0]), compiled(input[1])];
    return (frame) => {
      const within = list(frame);
      return PLAIN.in?.([item(frame), within], frame);
    };
  },
  cat: (input) => {
    if (!Array.isArray(input)) return interpretedAlone(input);
    for (const part of input) refuseAmid(part, LOOSE, 'cat');
    return applied(input, joined);
  },
  some: (input) => iteration(input, (list, holds) => toGoThrough(list).some(holds)),
  none: (input) => iteration(input, (list, holds) => !toGoThrough(list).some(holds)),
  all: (input) =>
    iteration(input, (list, holds, frame) => {
      frame.prev = list;
      return Array.isArray(list) && list.length === 0 ? false : toGoThrough(list).every(holds);
    }),
  map: (input) => iteration(input, (list, _, __, value) => toGoThrough(list).map(value)),
  filter: (input) => iteration(input, (list, holds) => toGoThrough(list).filter(holds)),
  reduce: reduction,
};

/** What flagd's compiled text holds without brackets, so that the text around it takes a part of it for its own. */
const LOOSE = new Set(['and', 'or', 'all', 'missing', 'missing_some', '/']);
/** The same where only `|| []` follows, which those left out here can bear. */
const LOOSE_LISTS = new Set(['and', 'all', '/']);

function refuseAmid(logic: Json | undefined, loose: ReadonlySet<string>, around: string): void {
  const name = operationOf(logic)?.name;
  if (name === undefined || !loose.has(name) || isConstant(logic)) return;
  broken(`flagd's compiled form of ${name} inside ${around} means something else than it says`);
}

/** One expression that gives the text, or a list to put together. */
function interpretedAlone(input: Json): Node {
  const part = compiled(input);
  return (frame) => {
    const value = part(frame);
    if (value === null || value === undefined) return fail('nothing has no text');
    return Array.isArray(value) ? joined(value.filter((each) => each !== null && each !== undefined)) : String(value);
  };
}

function applied(input: Json, operation: (values: readonly unknown[], frame: Frame) => unknown): Node {
  const values = compiled(input);
  return (frame) => operation(asList(values(frame)), frame);
}

function variable(input: Json): Node {
  const [path, otherwise, ...others] = listed(input) ?? [input];
  if (isNoPath(path)) return broken('var takes the name of an attribute');
  if (others.length > 0 || typeof path === 'object') return dynamicVariable(input);
  if (path === undefined || path === '') return wholeOf;
  const [first = '', ...fields] = checkedFieldsOf(String(path));
  refuseAmid(otherwise, LOOSE, 'var');
  const absent = otherwise === undefined ? () => null : compiled(otherwise);
  return (frame) => {
    const root = rootField(frame, first);
    frame.prev = fields.reduce(fieldIn, root) ?? absent(frame);
    return frame.prev;
  };
}

function dynamicVariable(input: Json): Node {
  const isAlone = Array.isArray(input) && input.length === 1;
  const part = compiled(isAlone ? input[0] : input);
  return (frame) => {
    const [key, otherwise] = asList(part(frame));
    return readPath(frame, key, otherwise);
  };
}

function missingSome(input: Json): Node {
  const counted = interpreted({ missing_some: input });
  const [, paths = []] = input as readonly Json[];
  return (frame) => {
    frame.prev = missingIn(frame, paths as readonly Json[]);
    return counted(frame);
  };
}

/** Without an else it is interpreted, with all that stands in it. */
function branches(input: Json): Node {
  if (!Array.isArray(input) || input.length < 3) return interpreted({ if: input });
  const parts = input.map(compiled);
  return (frame) => {
    let at = 0;
    for (; at + 1 < parts.length; at += 2) if (isTrue(parts[at]?.(frame))) return parts[at + 1]?.(frame);
    return at < parts.length ? parts[at]?.(frame) : null;
  };
}

function chain(input: Json, isEnough: (value: unknown) => boolean): Node {
  if (!Array.isArray(input)) return broken('and and or take lists');
  const parts = input.map(compiled);
  return (frame) => {
    let value: unknown = null;
    for (const part of parts) {
      value = part(frame);
      frame.prev = value;
      if (isEnough(value)) return value;
    }
    return value;
  };
}

function comparison(name: string, input: Json): Node {
  const compare = COMPARISONS[name] ?? fail(name);
  const isStrict = name.length === 3;
  if (!Array.isArray(input) || input.length < 2 || input.length > 3)
    return broken(`${name} compares two or three values`);
  const [first, second, third] = input.map(compiled);
  return (frame) => {
    const one = first?.(frame);
    frame.prev = one;
    const found = second?.(frame);
    const other = isStrict ? found : coerced(found, frame.prev);
    if (third === undefined) return compare(one, other);
    frame.prev = other;
    if (!compare(one, other)) return false;
    const last = third(frame);
    frame.prev = isStrict ? last : coerced(last, frame.prev);
    return compare(other, frame.prev);
  };
}

/** The right side of a comparison, beside what the register holds: the left side, unless the right one has written there. */
function coerced(value: unknown, prev: unknown): unknown {
  if (isText(value) && isText(prev)) return value;
  if (Number.isNaN(Number(numeric(value))) && prev !== null) return fail('not a number');
  if (Number.isNaN(Number(numeric(prev)))) return fail('not a number');
  if (prev === null && !value) return null;
  return value === null && !prev ? 0 : value;
}

function arithmetic(name: string, input: Json): Node {
  const inputs = listed(input);
  if (inputs === undefined) {
    const operation = COMPILED_ALONE[name] ?? fail(name);
    const only = compiled(input);
    const isKept = name === '+' || name === '-' || name === '/';
    return (frame) => {
      const value = only(frame);
      if (isKept) frame.prev = value;
      return operation(value);
    };
  }
  if (inputs.length < (FEWEST[name] ?? 0)) return broken(`${name} is given too few numbers`);
  const operation = COMPILED[name] ?? fail(name);
  const divisors = name === '/' ? inputs.slice(1) : [];
  for (const divisor of divisors) if (isZero(divisor)) return broken('it divides by 0');
  const parts = inputs.map(operand);
  return (frame) => operation(parts.map((part) => part(frame)));
}

function isZero(logic: Json): boolean {
  return isConstant(logic) && writtenNumber(operationOf(logic) === undefined ? logic : constantOf(logic)) === 0;
}

function operand(logic: Json): (frame: Frame) => number {
  if (operationOf(logic) === undefined || isConstant(logic)) {
    const number = writtenNumber(operationOf(logic) === undefined ? logic : constantOf(logic));
    return () => number;
  }
  const part = compiled(logic);
  return (frame) => Number(numeric(part(frame)));
}

type Holds = (element: unknown) => boolean;

function iteration(
  input: Json,
  go: (list: unknown, holds: Holds, frame: Frame, value: (element: unknown) => unknown) => unknown,
): Node {
  const [source, logic] = iterationOf(input, 2);
  refuseAmid(source, LOOSE_LISTS, 'an iteration');
  const list = compiled(source);
  const part = compiled(logic);
  const value = (data: unknown) => part({ data, flagd: undefined, prev: undefined });
  return (frame) => go(list(frame), (element) => isTrue(value(element)), frame, value);
}

function reduction(input: Json): Node {
  const [source, logic, initial] = iterationOf(input, 3);
  refuseAmid(source, LOOSE_LISTS, 'an iteration');
  const list = compiled(source);
  const part = compiled(logic);
  const start = initial === undefined ? undefined : compiled(initial);
  return (frame) => {
    const elements = list(frame);
    return reduced(elements, part, start && { value: start(frame) });
  };
}
