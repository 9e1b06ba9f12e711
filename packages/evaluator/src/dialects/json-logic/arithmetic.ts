import { broken } from '../../broken.ts';
import { fail, numeric } from './node.ts';

/** Arithmetic as flagd's engine interprets it: on values, each looked at when its turn comes. */
export const INTERPRETED: Readonly<Record<string, (values: readonly unknown[]) => number>> = {
  '*': (values) => exact(values.reduce<number>((product, value) => product * plain(value), 1)),
  '/': divided,
  '%': (values) => {
    if (values.length < 2) return fail('% takes two numbers');
    return exact(values.slice(1).reduce<number>((rest, value) => rest % plain(value), plain(values[0])));
  },
};

/** What is given alone may itself be a list. */
export const SIGNED: Readonly<Record<string, (value: unknown) => number>> = {
  '+': (value) => {
    if (!Array.isArray(value)) return value ? exact(plain(value)) : 0;
    return exact(value.reduce<number>((sum, each) => sum + plain(each), 0));
  },
  '-': (value) => {
    if (!Array.isArray(value)) return value ? exact(-plain(value)) : 0;
    const [first, ...others] = value as readonly unknown[];
    if (value.length === 0) return fail('- takes a number');
    if (others.length === 0) return -plain(first);
    return exact(others.reduce<number>((rest, each) => rest - plain(each), plain(first)));
  },
};

function divided([first, ...others]: readonly unknown[]): number {
  if (first === undefined) return fail('/ takes a number');
  if (others.length === 0) return plain(first) ? 1 / plain(first) : fail('nothing is divided by 0');
  const result = others.reduce<number>((rest, value) => rest / (value ? plain(value) : fail('by 0')), plain(first));
  return exact(result === Number.POSITIVE_INFINITY ? Number.NaN : result);
}

function plain(value: unknown): number {
  return Number(typeof value === 'object' && value !== null ? fail('a list or object is not a number') : value);
}

function exact(value: number): number {
  return Number.isNaN(value) ? fail('not a number') : value;
}

/** Arithmetic as flagd's engine compiles it, for operands that stand side by side and are numbers already. */
export const COMPILED: Readonly<Record<string, (numbers: readonly number[]) => number>> = {
  '+': (numbers) => exact(numbers.reduce((one, other) => one + other, 0)),
  '-': (numbers) =>
    numbers.length === 1 ? -exact(numbers[0] ?? 0) : exact(numbers.reduce((one, other) => one - other)),
  '*': (numbers) => exact(numbers.reduce((one, other) => one * other, 1)),
  '/': (numbers) =>
    exact((numbers.length === 1 ? [1, ...numbers] : numbers).reduce((one, other) => one / exact(other || Number.NaN))),
  '%': (numbers) => exact(numbers.reduce((one, other) => one % other)),
};

/** How many operands each must have, or flagd cannot read the flag. */
export const FEWEST: Readonly<Record<string, number>> = { '+': 0, '-': 1, '*': 0, '/': 1, '%': 2 };

/** The same for an operand that is one expression, which may give a list. */
export const COMPILED_ALONE: Readonly<Record<string, (value: unknown) => number>> = {
  '+': (value) =>
    Array.isArray(value)
      ? value.reduce<number>((sum, each) => sum + Number(numeric(each)), 0)
      : exact(plainOrNaN(value)),
  '-': (value) => {
    if (!Array.isArray(value)) return -exact(plainOrNaN(value));
    if (value.length === 1) return -Number(numeric(value[0]));
    return folded(value, 1, (one, other) => one - Number(numeric(other)));
  },
  '*': (value) => {
    if (!Array.isArray(value)) return fail('* takes a list');
    return value.reduce<number>((product, each) => Number(numeric(product)) * Number(numeric(each)), 1);
  },
  '/': (value) => {
    if (Array.isArray(value) && value.length === 1) return 1 / Number(numeric(value[0] || Number.NaN));
    return folded(value, 1, (one, other) => one / Number(numeric(other || Number.NaN)));
  },
  '%': (value) => folded(value, 2, (one, other) => one % Number(numeric(other))),
};

function folded(value: unknown, fewest: number, fold: (one: number, other: unknown) => number): number {
  if (!Array.isArray(value) || value.length < fewest) return fail('there are too few numbers');
  return (value as readonly unknown[]).reduce((one, other) => fold(Number(numeric(one)), other)) as number;
}

function plainOrNaN(value: unknown): number {
  return typeof value === 'object' && value !== null ? Number.NaN : Number(value);
}

/** An operand that a definition writes out; what can never be a number keeps flagd from reading the flag. */
export function writtenNumber(value: unknown): number {
  const number = plainOrNaN(value);
  return Number.isNaN(number) ? broken(`${JSON.stringify(value)} is not a number`) : number;
}
