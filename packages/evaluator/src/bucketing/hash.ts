import { utf8Of } from './algorithms/utf8.ts';

/**
 * The hash of `spillway-1`, specified in docs/reference/bucketing.md: two independent 32-bit lanes over the text's UTF-8
 * bytes, four bytes a round. Two lanes, so that two users who meet in one flag do not meet in every flag.
 */
const A_START = 0x243f6a88;
const B_START = 0x85a308d3;
const A_FACTOR = 0xcc9e2d51;
const B_FACTOR = 0x9e3779b1;

/** The lanes of the text hashed last; an array of integers, because writing to it allocates nothing. */
export const lanes = new Int32Array(2);
let lastText = '';
let lastCode = 0;
hashBytes(lastText);

/** Leaves both lanes of `text` in `lanes`. Many flags ask for the same user in a row: the last answer is kept. */
export function hashText(text: string): void {
  const { length } = text;
  const code = length === 0 ? 0 : text.charCodeAt(length - 1);
  // Comparing whole texts is slow where they were put together from parts, so the cheap differences come first.
  if (code === lastCode && length === lastText.length && text === lastText) return;
  if (!hashAscii(text)) hashBytes(text);
  lastText = text;
  lastCode = code;
}

/** The fast path: characters are bytes. False when one is not. */
function hashAscii(text: string): boolean {
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

function hashBytes(text: string): void {
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
