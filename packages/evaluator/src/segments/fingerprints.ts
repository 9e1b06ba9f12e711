import { broken } from '../broken.ts';
import { hashText, lanes } from '../bucketing/hash.ts';
import { mix } from '../bucketing/mix.ts';
import type { Members } from '../snapshot.ts';

/**
 * `spillway-fingerprint-1` (docs/reference/bucketing.md): 53 bits per listed key, so that a key outside a list of n is taken
 * for a listed one with probability n / 2^53; 1.1e-10 for a million.
 */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
export const FINGERPRINT_BITS = 53;
/** Characters of one fingerprint in a member list. */
export const FINGERPRINT_WIDTH = 9;
const LOW_BITS = 21;
const LOW_WHOLE = 2 ** LOW_BITS;
/** How many fingerprints share one entry of the index, on average; few, and the index stays within near caches. */
const PER_ENTRY = 6;
/** The leading digits that the index reads: 1 + 6 + 6 + 6 bits, the very first being always zero. */
const MAX_INDEX_BITS = 23;
const NO_DIGIT = 0xff;
/** The last five digits. */
const HALF = 64 ** 5;
/** How many are written at once: their characters are arguments of one call, which engines limit. */
const PER_PIECE = 1_000;

const CODES = new Uint8Array(DIGITS.length);
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < DIGITS.length; value += 1) {
  const code = DIGITS.charCodeAt(value);
  CODES[value] = code;
  VALUES[code] = value;
}

/** The list that holds exactly these keys (duplicates count once); sorted, so the order they come in does not matter. */
export function encodeMembers(keys: Iterable<string>): Members {
  const found: number[] = [];
  for (const key of keys) found.push(fingerprintOf(key));
  const sorted = Float64Array.from(found).sort();
  const fingerprints = writeFingerprints(sorted.filter((fingerprint, index) => fingerprint !== sorted[index - 1]));
  return { algorithm: 'spillway-fingerprint-1', fingerprints };
}

/** Their digits, one behind the other, as a member list holds them; they come sorted and each once. */
export function writeFingerprints(sorted: Float64Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < sorted.length; start += PER_PIECE) {
    const codes: number[] = [];
    for (const fingerprint of sorted.subarray(start, start + PER_PIECE)) pushDigits(codes, fingerprint);
    pieces.push(String.fromCharCode(...codes));
  }
  return pieces.join('');
}

/** What `writeFingerprints` wrote; throws for text that it does not write. */
export function readFingerprints(text: string): Float64Array {
  if (text.length % FINGERPRINT_WIDTH !== 0)
    return broken(`a member list is made of ${FINGERPRINT_WIDTH} characters per member`);
  const fingerprints = new Float64Array(text.length / FINGERPRINT_WIDTH);
  let last = -1;
  for (let index = 0; index < fingerprints.length; index += 1) {
    const fingerprint = fingerprintAt(text, index * FINGERPRINT_WIDTH);
    if (fingerprint <= last) return broken('the fingerprints of a member list must be sorted');
    fingerprints[index] = fingerprint;
    last = fingerprint;
  }
  return fingerprints;
}

/** The fingerprint whose digits stand there; throws for what is no digit. */
export function fingerprintAt(text: string, at: number): number {
  let fingerprint = 0;
  for (let digit = 0; digit < FINGERPRINT_WIDTH; digit += 1) {
    const part = VALUES[text.charCodeAt(at + digit)] ?? NO_DIGIT;
    if (part === NO_DIGIT) return broken('a member list holds a character that is no digit of it');
    fingerprint = fingerprint * 64 + part;
  }
  return fingerprint;
}

/** In two parts, because shifting is a tenth of the price of dividing, and takes 32 bits. */
function pushDigits(codes: number[], fingerprint: number): void {
  const high = Math.floor(fingerprint / HALF);
  const low = fingerprint - high * HALF;
  for (let shift = 18; shift >= 0; shift -= 6) codes.push(CODES[(high >>> shift) & 63] ?? 0);
  for (let shift = 24; shift >= 0; shift -= 6) codes.push(CODES[(low >>> shift) & 63] ?? 0);
}

/** Below 2 ** `FINGERPRINT_BITS`. */
export function fingerprintOf(key: string): number {
  const high = highOf(key) >>> 0;
  return high * LOW_WHOLE + (low >>> (32 - LOW_BITS));
}

let low = 0;

/** Both lanes, stirred into one another by two rounds of a Feistel network; leaves the second in `low`. */
function highOf(key: string): number {
  hashText(key);
  const b = lanes[1] ?? 0;
  const high = (lanes[0] ?? 0) ^ mix(b);
  low = b ^ mix(high);
  return high;
}

/** Looks keys up in the text itself: besides it there is only an index of where each leading value begins. */
export function compileFingerprints({ algorithm, fingerprints: text }: Members): (key: string) => boolean {
  if (algorithm !== 'spillway-fingerprint-1') return broken(`the member list ${String(algorithm)} is not known`);
  if (text.length % FINGERPRINT_WIDTH !== 0)
    return broken(`a member list is made of ${FINGERPRINT_WIDTH} characters per member`);
  const count = text.length / FINGERPRINT_WIDTH;
  const bits = Math.min(MAX_INDEX_BITS, Math.max(1, Math.ceil(Math.log2(Math.max(1, count / PER_ENTRY)))));
  const shift = 32 - bits;
  const starts = indexOf(text, count, bits);
  return (key) => {
    const high = highOf(key);
    const lead = high >>> shift;
    const end = starts[lead + 1] ?? 0;
    for (let at = starts[lead] ?? 0; at < end; at += FINGERPRINT_WIDTH) {
      // From the last digit, because the first are alike among neighbours; most comparisons end at once.
      if (text.charCodeAt(at + 8) === CODES[(low >>> 11) & 63] && isAt(text, at, high)) return true;
    }
    return false;
  };
}

/** Whether the fingerprint of `high` and `low` stands there; its last digit is known to. */
function isAt(text: string, at: number, high: number): boolean {
  return (
    text.charCodeAt(at + 7) === CODES[(low >>> 17) & 63] &&
    text.charCodeAt(at + 6) === CODES[(low >>> 23) & 63] &&
    text.charCodeAt(at + 5) === CODES[((high & 7) << 3) | (low >>> 29)] &&
    text.charCodeAt(at + 4) === CODES[(high >>> 3) & 63] &&
    text.charCodeAt(at + 3) === CODES[(high >>> 9) & 63] &&
    text.charCodeAt(at + 2) === CODES[(high >>> 15) & 63] &&
    text.charCodeAt(at + 1) === CODES[(high >>> 21) & 63] &&
    text.charCodeAt(at) === CODES[high >>> 27]
  );
}

function indexOf(text: string, count: number, bits: number): Uint32Array {
  const entries = 2 ** bits;
  const starts = new Uint32Array(entries + 1);
  let next = 0;
  for (let index = 0; index < count; index += 1) {
    const at = index * FINGERPRINT_WIDTH;
    const lead = leadOf(text, at, bits);
    if (lead < next - 1) return broken('the fingerprints of a member list must be sorted');
    while (next <= lead) starts[next++] = at;
  }
  while (next <= entries) starts[next++] = text.length;
  return starts;
}

/** The leading `bits` of the fingerprint that stands there. */
function leadOf(text: string, at: number, bits: number): number {
  let value = 0;
  for (let digit = 0; digit < 4; digit += 1) {
    const part = VALUES[text.charCodeAt(at + digit)] ?? NO_DIGIT;
    if (part === NO_DIGIT) return broken('a member list holds a character that is no digit of it');
    value = value * 64 + part;
  }
  if (value >= 2 ** MAX_INDEX_BITS) return broken('a fingerprint of a member list is too large');
  return value >>> (MAX_INDEX_BITS - bits);
}
