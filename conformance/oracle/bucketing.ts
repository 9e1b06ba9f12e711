/** docs/reference/bucketing.md, word for word; arithmetic in BigInt, so that no engine's integers are trusted. */
const MASK = 0xffff_ffffn;

function lanes(text: string): readonly [a: bigint, b: bigint] {
  const bytes = [...new TextEncoder().encode(text)];
  const length = BigInt(bytes.length);
  while (bytes.length % 4 !== 0) bytes.push(0);
  let a = 0x243f6a88n;
  let b = 0x85a308d3n;
  for (let at = 0; at < bytes.length; at += 4) {
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = bytes.slice(at, at + 4);
    const w = BigInt(c0) + BigInt(c1) * 256n + BigInt(c2) * 65_536n + BigInt(c3) * 16_777_216n;
    a = ((a ^ w) * 0xcc9e2d51n) & MASK;
    a = a ^ (a >> 15n);
    b = ((rotateLeft(b, 11n) ^ w) * 0x9e3779b1n) & MASK;
    b = b ^ (b >> 13n);
  }
  return [a ^ length, b ^ length];
}

function rotateLeft(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (32n - by))) & MASK;
}

const remembered = new Map<string, readonly [bigint, bigint]>();

function lanesOf(text: string): readonly [a: bigint, b: bigint] {
  const known = remembered.get(text) ?? lanes(text);
  remembered.set(text, known);
  return known;
}

export function bucketOf(key: string, seed: string): number {
  const [ka, kb] = lanesOf(key);
  const [sa, sb] = lanesOf(seed);
  let x = ka ^ sb;
  x = ((x ^ (x >> 16n)) * 0x21f0aaadn) & MASK;
  x = ((x ^ (x >> 15n)) + (kb ^ sa)) & MASK;
  x = ((x ^ (x >> 16n)) * 0x21f0aaadn) & MASK;
  x = ((x ^ (x >> 15n)) * 0xd35a2d97n) & MASK;
  x = x ^ (x >> 15n);
  return Number((x * 100_000n) >> 32n);
}

function mix(value: bigint): bigint {
  let x = value;
  x = ((x ^ (x >> 16n)) * 0x21f0aaadn) & MASK;
  x = ((x ^ (x >> 15n)) * 0xd35a2d97n) & MASK;
  return x ^ (x >> 15n);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The nine characters that stand for a key in a member list. */
export function fingerprintOf(key: string): string {
  const [a, b] = lanesOf(key);
  const high = a ^ mix(b);
  const low = b ^ mix(high);
  let value = (high << 21n) | (low >> 11n);
  let text = '';
  for (let digit = 0; digit < 9; digit += 1) {
    text = DIGITS.charAt(Number(value % 64n)) + text;
    value /= 64n;
  }
  return text;
}

/** The text that a value of the context is bucketed or listed by. */
export function keyText(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value.toFixed(0);
  return undefined;
}
