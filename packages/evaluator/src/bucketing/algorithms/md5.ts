import { once } from '../../once.ts';
import { utf8Of } from './utf8.ts';

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 64;
const WORD = 2 ** 32;

/** RFC 1321: the constants are what is before the point of 2^32 times a sine; the turns are four for each of four rounds. */
const sines = once(() => Array.from({ length: ROUNDS }, (_, t) => Math.floor(Math.abs(Math.sin(t + 1)) * WORD) | 0));
const TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

/** The sixteen bytes of MD5 over the text's UTF-8 bytes. */
export function md5Of(text: string): readonly number[] {
  const words = padded(utf8Of(text));
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < words.length; at += 16) state = nextState(state, words, at);
  return state.flatMap((word) => [0, 8, 16, 24].map((by) => (word >>> by) & 0xff));
}

type State = readonly [number, number, number, number];

function padded(bytes: readonly number[]): Int32Array {
  const blocks = Math.ceil((bytes.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const words = new Int32Array(blocks * 16);
  [...bytes, 0x80].forEach((byte, at) => {
    words[at >> 2] = (words[at >> 2] ?? 0) | (byte << ((at & 3) * 8));
  });
  const bits = bytes.length * 8;
  words[words.length - 2] = bits | 0;
  words[words.length - 1] = Math.floor(bits / WORD);
  return words;
}

function nextState(before: State, words: Int32Array, at: number): State {
  const constants = sines();
  let [a, b, c, d] = before;
  for (let t = 0; t < ROUNDS; t += 1) {
    const round = t >> 4;
    const sum = (a + mixed(round, b, c, d) + (constants[t] ?? 0) + (words[at + placeOf(round, t)] ?? 0)) | 0;
    const by = TURNS[round]?.[t & 3] ?? 0;
    [a, d, c, b] = [d, c, b, (b + ((sum << by) | (sum >>> (32 - by)))) | 0];
  }
  return [(before[0] + a) | 0, (before[1] + b) | 0, (before[2] + c) | 0, (before[3] + d) | 0];
}

function mixed(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (d & b) | (~d & c);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
}

function placeOf(round: number, t: number): number {
  if (round === 0) return t;
  if (round === 1) return (5 * t + 1) % 16;
  return round === 2 ? (3 * t + 5) % 16 : (7 * t) % 16;
}
