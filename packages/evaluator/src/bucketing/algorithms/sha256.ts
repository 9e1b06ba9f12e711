import { once } from '../../once.ts';
import { padded } from './sha-blocks.ts';

const ROUNDS = 64;
const WORD = 2 ** 32;

/** The fractions of the first primes' square and cube roots, as FIPS 180-4 has its constants. */
const fractions = once(() => {
  const found = primes(ROUNDS);
  return {
    start: found.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
    constants: found.map((prime) => fraction(Math.cbrt(prime))),
  };
});

/** SHA-256 (FIPS 180-4) of bytes, as lower-case hexadecimal text. */
export function sha256Of(bytes: readonly number[]): string {
  const words = padded(bytes);
  let state: readonly number[] = fractions().start;
  for (let at = 0; at < words.length; at += 16) state = nextState(state, schedule(words, at));
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function schedule(words: Int32Array, at: number): Int32Array {
  const w = new Int32Array(ROUNDS);
  w.set(words.subarray(at, at + 16));
  for (let t = 16; t < ROUNDS; t += 1) {
    const near = w[t - 2] ?? 0;
    const far = w[t - 15] ?? 0;
    const mixedNear = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
    const mixedFar = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
    w[t] = (w[t - 16] ?? 0) + mixedFar + (w[t - 7] ?? 0) + mixedNear;
  }
  return w;
}

function nextState(before: readonly number[], w: Int32Array): readonly number[] {
  const { constants } = fractions();
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = before;
  for (let t = 0; t < ROUNDS; t += 1) {
    const chosen = (e & f) ^ (~e & g);
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + (constants[t] ?? 0) + (w[t] ?? 0)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + (before[index] ?? 0)) | 0);
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}

function fraction(number: number): number {
  return Math.floor((number % 1) * WORD) | 0;
}
