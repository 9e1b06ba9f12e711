import { isUtf8 } from 'node:buffer';

/** Of one line; a longer one is answered with an error, and never kept whole. */
export const MAX_LINE_BYTES = 1_048_576;
const LINE_FEED = 10;

export type Lines =
  /** Whole lines, each with a line feed at its end. */
  | { readonly is: 'text'; readonly text: string }
  /** One line that cannot be read, and why. */
  | { readonly is: 'unreadable'; readonly problem: string };

const TOO_LONG = `is longer than ${MAX_LINE_BYTES} bytes`;

/** Cuts bytes, as they come, into whole lines: as many as there are at once, because a call for each line would be half of the work. */
export class LineReader {
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** The line being read is too long: what is left of it is passed over. */
  #skipping = false;

  push(chunk: Buffer): readonly Lines[] {
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last === -1) {
      this.#keep(chunk);
      return [];
    }
    let whole = chunk.subarray(0, last + 1);
    const found: Lines[] = [];
    if (this.#skipping) {
      found.push({ is: 'unreadable', problem: TOO_LONG });
      whole = whole.subarray(whole.indexOf(LINE_FEED) + 1);
    } else if (this.#restBytes > 0) whole = Buffer.concat([...this.#rest, whole]);
    this.#rest = [];
    this.#restBytes = 0;
    this.#skipping = false;
    this.#keep(chunk.subarray(last + 1));
    if (whole.length > 0) found.push(...readable(whole));
    return found;
  }

  /** What stands after the last line feed. */
  end(): readonly Lines[] {
    if (this.#skipping) return [{ is: 'unreadable', problem: TOO_LONG }];
    return this.#restBytes === 0 ? [] : readable(Buffer.concat([...this.#rest, Buffer.from('\n')]));
  }

  #keep(bytes: Buffer): void {
    if (this.#skipping || bytes.length === 0) return;
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    if (this.#restBytes <= MAX_LINE_BYTES) return;
    this.#rest = [];
    this.#restBytes = 0;
    this.#skipping = true;
  }
}

/** All at once when all is well; otherwise line by line, so that only the bad ones are lost. */
function readable(bytes: Buffer): readonly Lines[] {
  if (isUtf8(bytes)) return [{ is: 'text', text: bytes.toString('utf8') }];
  const found: Lines[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start) + 1;
    const line = bytes.subarray(start, end);
    found.push(
      isUtf8(line) ? { is: 'text', text: line.toString('utf8') } : { is: 'unreadable', problem: 'is not UTF-8' },
    );
    start = end;
  }
  return found;
}
