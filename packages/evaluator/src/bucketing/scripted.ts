import { utf8Of } from './algorithms/utf8.ts';
import { A_FACTOR, A_START, B_FACTOR, B_START } from './lanes.ts';

/** The fast path: characters are bytes. False when one is not, and `lanes` is left alone. */
export function hashAscii(text: string, lanes: Int32Array): boolean {
  const { length } = text;
  let a = A_START;
  let b = B_START;
  let seen = 0;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const c0 = text.charCodeAt(at);
    const c1 = text.charCodeAt(at + 1);
    const c2 = text.charCodeAt(at + 2);
    const c3 = text.charCodeAt(at + 3);
    seen |= c0 | c1 | c2 | c3;
    const word = c0 | (c1 << 8) | (c2 << 16) | (c3 << 24);
    a = Math.imul(a ^ word, A_FACTOR);
    a ^= a >>> 15;
    b = Math.imul(((b << 11) | (b >>> 21)) ^ word, B_FACTOR);
    b ^= b >>> 13;
  }
  if (at < length) {
    let word = 0;
    for (let shift = 0; at < length; at += 1, shift += 8) {
      const code = text.charCodeAt(at);
      seen |= code;
      word |= code << shift;
    }
    a = Math.imul(a ^ word, A_FACTOR);
    a ^= a >>> 15;
    b = Math.imul(((b << 11) | (b >>> 21)) ^ word, B_FACTOR);
    b ^= b >>> 13;
  }
  if (seen > 0x7f) return false;
  lanes[0] = a ^ length;
  lanes[1] = b ^ length;
  return true;
}

export function hashBytes(text: string, lanes: Int32Array): void {
  const bytes = utf8Of(text);
  let a = A_START;
  let b = B_START;
  for (let at = 0; at < bytes.length; at += 4) {
    const word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    a = Math.imul(a ^ word, A_FACTOR);
    a ^= a >>> 15;
    b = Math.imul(((b << 11) | (b >>> 21)) ^ word, B_FACTOR);
    b ^= b >>> 13;
  }
  lanes[0] = a ^ bytes.length;
  lanes[1] = b ^ bytes.length;
}
