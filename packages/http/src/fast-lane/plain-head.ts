/** Heads beyond this are left to `node:http`, which knows how much is too much. Bytes, the blank line included. */
export const MAX_PLAIN_HEAD_BYTES = 8_192;

/** A head in a form that no two readers understand differently. */
export interface PlainHead {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: '1.1';
  /** Name, value, name, value. */
  readonly rawHeaders: readonly string[];
  /** The client may ask again on this connection. */
  readonly keepsAlive: boolean;
  /** How many bytes it takes, the blank line included. */
  readonly bytes: number;
}

const END = '\r\n\r\n';
const BREAK = '\r\n';
/**
 * Lines end with CR LF, a name is followed by its colon, a value is visible ASCII, nothing is folded. There is one way
 * at most to match each character, so that no head takes long to judge.
 */
const PLAIN = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.1\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~]*\r\n)+$/;

/**
 * The head at the start of `bytes`. This is no parser of HTTP: `other` says that the head is not of the plainest form, or not
 * surely, and leaves it to one. `unfinished` wants more bytes.
 */
export function readPlainHead(bytes: Buffer): PlainHead | 'unfinished' | 'other' {
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, MAX_PLAIN_HEAD_BYTES));
  const end = text.indexOf(END);
  if (end < 0) return bytes.length < MAX_PLAIN_HEAD_BYTES ? 'unfinished' : 'other';
  const lines = text.slice(0, end + BREAK.length);
  const [, method, url] = PLAIN.exec(lines) ?? [];
  if (method === undefined || url === undefined) return 'other';
  const rawHeaders: string[] = [];
  let keepsAlive = true;
  for (let at = lines.indexOf(BREAK) + BREAK.length; at < lines.length; ) {
    const colon = lines.indexOf(':', at);
    const stop = lines.indexOf(BREAK, colon);
    const name = lines.slice(at, colon);
    const value = lines.slice(colon + 1, stop).trim();
    if (name.length === CONNECTION.length && name.toLowerCase() === CONNECTION) {
      const wish = value.toLowerCase();
      if (wish !== 'keep-alive' && wish !== 'close') return 'other';
      keepsAlive &&= wish === 'keep-alive';
    }
    rawHeaders.push(name, value);
    at = stop + BREAK.length;
  }
  return { method, url, httpVersion: '1.1', rawHeaders, keepsAlive, bytes: end + END.length };
}

const CONNECTION = 'connection';
