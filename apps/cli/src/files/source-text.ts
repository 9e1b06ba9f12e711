import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Finding } from '../definitions/finding.ts';
import { whyUnreadable } from './why.ts';

/** Of one file of definitions; the server takes no more in one request either. */
export const MAX_FILE_BYTES = 16 * 1_048_576;

const LINE_FEED = 10;

/** `absent`: nothing could be read there. `unfit`: what is there is no text, or too much. */
export type SourceText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly because: 'absent' | 'unfit'; readonly finding: Finding };

/** The file's text; `-` is standard input. */
export async function readSourceText(file: string, mostBytes = MAX_FILE_BYTES): Promise<SourceText> {
  try {
    const bytes = await readBytes(file, mostBytes);
    if (bytes === undefined) {
      return { ok: false, because: 'unfit', finding: atStart(file, `is larger than ${mostBytes} bytes; split it`) };
    }
    if (!isUtf8(bytes)) return { ok: false, because: 'unfit', finding: notUtf8(file, bytes) };
    const text = bytes.toString('utf8');
    return { ok: true, text: text.startsWith('\uFEFF') ? text.slice(1) : text };
  } catch (error) {
    return { ok: false, because: 'absent', finding: atStart(file, `cannot be read: ${whyUnreadable(error)}`) };
  }
}

async function readBytes(file: string, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stream: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
  }
  return Buffer.concat(chunks);
}

function atStart(file: string, message: string): Finding {
  const place = { file, line: 1, column: 1 };
  return { severity: 'error', rule: 'unreadable', place, field: '', message };
}

/** Names the first character that is not UTF-8. */
function notUtf8(file: string, bytes: Buffer): Finding {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
    line += 1;
  }
  // What cannot be decoded is decoded as this character.
  const column = bytes.toString('utf8', start).indexOf('\uFFFD') + 1;
  const place = { file, line, column: Math.max(column, 1) };
  const message = 'is not UTF-8 from here on; save the file as UTF-8';
  return { severity: 'error', rule: 'unreadable', place, field: '', message };
}
