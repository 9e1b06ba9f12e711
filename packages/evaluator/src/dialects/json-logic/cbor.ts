import { utf8Of } from '../../bucketing/algorithms/utf8.ts';
import { fail } from './node.ts';

const UNSIGNED = 0;
const NEGATIVE = 1;
const TEXT = 3;
const LIST = 4;
const MAP = 5;
const SIMPLE: ReadonlyMap<unknown, number> = new Map([
  [false, 0xf4],
  [true, 0xf5],
  [null, 0xf6],
]);
const TOO_LARGE = 2n ** 64n;
const SMALLEST = -(2n ** 63n);

/**
 * A value of JSON in CBOR, core deterministic encoding (RFC 8949, 4.2.1). Whole numbers between -2^63 and 2^64-1 are
 * integers, however they were written.
 */
export function cborOf(value: unknown): readonly number[] {
  const simple = SIMPLE.get(value);
  if (simple !== undefined) return [simple];
  if (typeof value === 'number') return numberOf(value);
  if (typeof value === 'string') {
    const bytes = utf8Of(value);
    return [...headOf(TEXT, bytes.length), ...bytes];
  }
  if (Array.isArray(value)) return [...headOf(LIST, value.length), ...value.flatMap(cborOf)];
  if (typeof value !== 'object' || value === null) return fail('there is nothing to be hashed');
  const members = Object.entries(value).map(([key, member]) => ({ key: cborOf(key), member: cborOf(member) }));
  members.sort((one, other) => compared(one.key, other.key));
  return [...headOf(MAP, members.length), ...members.flatMap(({ key, member }) => [...key, ...member])];
}

/** Of keys, none of which is the beginning of another, since each says first how long it is. */
function compared(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return (one[at] ?? 0) - (other[at] ?? 0);
}

function numberOf(value: number): readonly number[] {
  if (!Number.isInteger(value)) return floatOf(value);
  const whole = BigInt(value);
  if (whole < SMALLEST || whole >= TOO_LARGE) return floatOf(value);
  return whole < 0n ? headOf(NEGATIVE, -1n - whole) : headOf(UNSIGNED, whole);
}

/** The kind and a count, in as few bytes as it takes. */
function headOf(kind: number, count: number | bigint): readonly number[] {
  const high = kind << 5;
  if (count < 24) return [high | Number(count)];
  if (count < 0x100) return [high | 24, ...bytesOf(count, 1)];
  if (count < 0x1_0000) return [high | 25, ...bytesOf(count, 2)];
  if (count < 0x1_0000_0000) return [high | 26, ...bytesOf(count, 4)];
  return [high | 27, ...bytesOf(count, 8)];
}

function bytesOf(count: number | bigint, length: number): readonly number[] {
  return Array.from({ length }, (_, at) => Number((BigInt(count) >> BigInt(8 * (length - 1 - at))) & 0xffn));
}

/** In the shortest of the three sizes that holds it exactly. */
function floatOf(value: number): readonly number[] {
  const half = halfOf(value);
  if (half !== undefined) return [0xf9, half >> 8, half & 0xff];
  const view = new DataView(new ArrayBuffer(8));
  const isSingle = Math.fround(value) === value;
  if (isSingle) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return [isSingle ? 0xfa : 0xfb, ...new Uint8Array(view.buffer, 0, isSingle ? 4 : 8)];
}

const HALF_FRACTION = 10;
const HALF_BIAS = 15;
const HALF_SMALLEST = -24;

/** The bits of a number in half precision; undefined for one that it cannot hold. */
function halfOf(value: number): number | undefined {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  const steps = size / 2 ** HALF_SMALLEST;
  if (steps < 2 ** HALF_FRACTION) return Number.isInteger(steps) ? sign | steps : undefined;
  const exponent = Math.floor(Math.log2(size));
  const fraction = (size / 2 ** exponent - 1) * 2 ** HALF_FRACTION;
  if (exponent > HALF_BIAS || !Number.isInteger(fraction)) return undefined;
  return sign | ((exponent + HALF_BIAS) << HALF_FRACTION) | fraction;
}
