import { type AssembledHash, assembleHash } from './assembly/assembled.ts';
import { hashAscii, hashBytes } from './scripted.ts';

/*
 * The hash of `spillway-1`, specified in docs/reference/bucketing.md: two independent 32-bit lanes over the text's UTF-8
 * bytes, four bytes a round. Two lanes, so that two users who meet in one flag do not meet in every flag.
 */

/** Assembling the hash takes as long as is then saved on about as many texts. */
const WORTH_ASSEMBLING = 8_192;

/** The lanes of the text hashed last; an array of integers, because writing to it allocates nothing. */
export let lanes: Int32Array = new Int32Array(2);
let lastText = '';
/** No text's, so that the first is hashed whatever it is. */
let lastCode = -1;
let assembled: AssembledHash['hash'] | undefined;
let untilAssembled = WORTH_ASSEMBLING;

/** Leaves both lanes of `text` in `lanes`. Many flags ask for the same user in a row: the last answer is kept. */
export function hashText(text: string): void {
  const { length } = text;
  const code = length === 0 ? 0 : text.charCodeAt(length - 1);
  // Comparing whole texts is slow where they were put together from parts, so the cheap differences come first.
  if (code === lastCode && length === lastText.length && text === lastText) return;
  // Each is called at a place of its own, because an engine learns per place what is called there.
  const isAscii = assembled === undefined ? hashScripted(text) : assembled(text) !== 0;
  if (!isAscii) hashBytes(text, lanes);
  lastText = text;
  lastCode = code;
}

/** Processes that live briefly never assemble; those that cannot have tried once. */
function hashScripted(text: string): boolean {
  if (untilAssembled > 0) {
    untilAssembled -= 1;
    if (untilAssembled === 0) assemble();
  }
  return hashAscii(text, lanes);
}

function assemble(): void {
  const made = assembleHash();
  if (made === undefined) return;
  assembled = made.hash;
  lanes = made.lanes;
}
