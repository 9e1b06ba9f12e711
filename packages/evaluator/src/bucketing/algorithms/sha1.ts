import { padded } from './sha-blocks.ts';
import { utf8Of } from './utf8.ts';

const ROUNDS = 80;

/** The five 32-bit words of SHA-1 (FIPS 180-4) over the text's UTF-8 bytes, unsigned. */
export function sha1Of(text: string): readonly [number, number, number, number, number] {
  const words = padded(utf8Of(text));
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < words.length; at += 16) state = nextState(state, schedule(words, at));
  const [a, b, c, d, e] = state;
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0, e >>> 0];
}

type State = readonly [number, number, number, number, number];

function schedule(words: Int32Array, at: number): Int32Array {
  const w = new Int32Array(ROUNDS);
  w.set(words.subarray(at, at + 16));
  for (let t = 16; t < ROUNDS; t += 1) {
    w[t] = turned((w[t - 3] ?? 0) ^ (w[t - 8] ?? 0) ^ (w[t - 14] ?? 0) ^ (w[t - 16] ?? 0), 1);
  }
  return w;
}

function nextState(before: State, w: Int32Array): State {
  let [a, b, c, d, e] = before;
  for (let t = 0; t < ROUNDS; t += 1) {
    const next = (turned(a, 5) + mixed(t, b, c, d) + e + (w[t] ?? 0)) | 0;
    [e, d, c, b, a] = [d, c, turned(b, 30), a, next];
  }
  return [(before[0] + a) | 0, (before[1] + b) | 0, (before[2] + c) | 0, (before[3] + d) | 0, (before[4] + e) | 0];
}

function mixed(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function turned(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
