import { broken } from '../../broken.ts';
import type { Json } from '../../json.ts';

/** What one run of an expression sees. */
export interface Frame {
  /** The evaluation context; inside an iteration, its element. */
  readonly data: unknown;
  /** `$flagd`, which stands in the context; undefined inside an iteration. */
  readonly flagd: Flagd | undefined;
  /** How `fractional` hashes; the second generation unless it says otherwise. */
  readonly hash?: FractionalHash;
  /** The register of flagd's compiled expressions, in which one part can see what another has left there. */
  prev: unknown;
}

/** Generations of `fractional`: by percent of half of the hash, by the hash's share of all weights, the same over CBOR. */
export type FractionalHash = 'v1' | 'v2' | 'v3';

export interface Flagd {
  readonly flagKey: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

export type Node = (frame: Frame) => unknown;

export const MAX_DEPTH = 100;

export interface Operation {
  readonly name: string;
  readonly input: Json;
}

/** An operation, or undefined for what stands for itself: a plain value, a list, an empty object. */
export function operationOf(logic: Json | undefined): Operation | undefined {
  if (typeof logic !== 'object' || logic === null || Array.isArray(logic)) return undefined;
  const [entry, ...others] = Object.entries(logic);
  if (entry === undefined) return undefined;
  if (others.length > 0 || entry[0] === '') return broken('an operation has one name, and nothing beside it');
  return { name: entry[0], input: entry[1] };
}

/** What an operation is given, as a list: a single plain value is a list of it. */
export function listed(input: Json): readonly Json[] | undefined {
  if (Array.isArray(input)) return input;
  return typeof input === 'object' && input !== null ? undefined : [input];
}

/** What is gone through, with what, and perhaps what `reduce` begins with; flagd makes something else of fewer or more. */
export function iterationOf(input: Json, most: 2 | 3): readonly [list: Json, logic: Json, initial?: Json] {
  const [list, logic, initial, ...others] = Array.isArray(input) ? input : [];
  if (list === undefined || logic === undefined || others.length > 0 || (most === 2 && initial !== undefined)) {
    return broken('an iteration takes a list and an expression');
  }
  return initial === undefined ? [list, logic] : [list, logic, initial];
}

/** JavaScript's truth, but for lists and objects: empty ones are false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

export function isText(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

/** Stops an evaluation: flagd answers with an error, and so with the caller's default. */
export function fail(problem: string): never {
  throw new TypeError(problem);
}

/** Before it is taken for a number: what can never be one stops the evaluation. */
export function numeric(value: unknown): unknown {
  if (Number.isNaN(value)) return fail('not a number');
  return typeof value === 'object' && value !== null ? fail('a list or object is not a number') : value;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A list to go through, where nothing at all is an empty one. */
export function toGoThrough(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value ? fail('there is no list to go through') : [];
}
