import { FLAGD_OPERATIONS } from './flagd-operations.ts';
import type { Frame } from './node.ts';
import { extreme, isAmong, merged, partOf } from './text.ts';

/** Operations that look at nothing but the values that they are given. */
export const PLAIN: Readonly<Record<string, (values: readonly unknown[], frame: Frame) => unknown>> = {
  in: isAmong,
  substr: partOf,
  merge: merged,
  max: (values) => extreme(values, (one, other) => one > other),
  min: (values) => extreme(values, (one, other) => one < other),
  ...FLAGD_OPERATIONS,
};

export const COMPARISONS: Readonly<Record<string, (one: unknown, other: unknown) => boolean>> = {
  '<': (one, other) => (one as number) < (other as number),
  '<=': (one, other) => (one as number) <= (other as number),
  '>': (one, other) => (one as number) > (other as number),
  '>=': (one, other) => (one as number) >= (other as number),
  '==': isLooselyEqual,
  '!=': (one, other) => !isLooselyEqual(one, other),
  '===': (one, other) => one === other,
  '!==': (one, other) => one !== other,
};

/** The language's `==`, for what comparisons let through: lists and objects have stopped the evaluation before. */
function isLooselyEqual(one: unknown, other: unknown): boolean {
  if (typeof one === typeof other) return one === other;
  return one !== null && other !== null && Number(one) === Number(other);
}
