import { STATUS_CODES } from 'node:http';
import type { Piece } from '../llhttp/machine.ts';

/** Pieces up to this size are joined with the text around them, so that they leave in one write. Bytes. */
const JOINED_MAX = 16_384;

/** So much of an answer is kept while one before it on its connection is still under way. */
const HELD_MAX = 65_536;

/** What a reason phrase may hold (RFC 9112, 4). llhttp lets anything through there. */
const NOT_IN_REASON = /[^\t\x20-\x7e\x80-\xff]/;

const USUAL_STATUS_LINES = Object.entries(STATUS_CODES).reduce<string[]>((lines, [status, reason]) => {
  lines[Number(status)] = `HTTP/1.1 ${status} ${reason}\r\n`;
  return lines;
}, []);

/** The connection that answers leave by, in the order of their requests. */
export interface AnswerOutlet {
  /** The header lines by which answers say that it is kept, and for how long. */
  readonly keptLines: string;
  isTurnOf(answer: Answer): boolean;
  write(data: string | Buffer): void;
  cork(): void;
  uncork(): void;
  /** False while the client does not read what was written. */
  readonly hasRoom: boolean;
  ended(answer: Answer): void;
}

export interface AnswerParts {
  readonly isHead: boolean;
  /** HTTP/1.0: no chunks, no informational answers. */
  readonly isOld: boolean;
  readonly keepAlive: boolean;
}

/** Header lines that speak of the message, not of the connection, as they go over the wire; and which of them need not be added. */
export interface AnswerLines {
  readonly text: string;
  readonly hasLength: boolean;
  readonly hasDate: boolean;
}

/** One answer on its way to the client: its framing, its turn, its room. */
export class Answer {
  /** Whether the connection takes another request after it; may be taken away until the head is made. */
  keepAlive: boolean;
  readonly #outlet: AnswerOutlet;
  readonly #isHead: boolean;
  readonly #isOld: boolean;
  /** What is to be written next. */
  #text = '';
  #held: (string | Buffer)[] = [];
  #heldBytes = 0;
  #hasHead = false;
  #isChunked = false;
  #isCorked = false;
  #isEnded = false;
  #onRoom: (() => void) | undefined;

  constructor(outlet: AnswerOutlet, { isHead, isOld, keepAlive }: AnswerParts) {
    this.#outlet = outlet;
    this.#isHead = isHead;
    this.#isOld = isOld;
    this.keepAlive = keepAlive;
  }

  get hasHead(): boolean {
    return this.#hasHead;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** An informational answer (1xx) before the actual one. */
  inform(status: number, lines: string): void {
    if (this.#isOld || this.#hasHead) return;
    this.#text += `${statusLine(status, '')}${lines}\r\n`;
    this.flush();
  }

  /** Throws when the reason phrase holds what it must not. */
  head(status: number, reason: string, lines: AnswerLines): void {
    const hasBody = status !== 204 && status !== 304 && !this.#isHead;
    if (hasBody && !lines.hasLength) {
      if (this.#isOld) this.keepAlive = false;
      else this.#isChunked = true;
    }
    this.#text += statusLine(status, reason) + lines.text;
    if (!lines.hasDate) this.#text += `Date: ${dateNow()}\r\n`;
    this.#text += this.keepAlive ? this.#outlet.keptLines : 'Connection: close\r\n';
    this.#text += this.#isChunked ? 'Transfer-Encoding: chunked\r\n\r\n' : '\r\n';
    this.#hasHead = true;
  }

  /** The piece may be reused by its owner once this returns. */
  piece(piece: Piece): void {
    if (this.#isChunked) this.#text += `${piece.length.toString(16)}\r\n`;
    if (piece.length <= JOINED_MAX) {
      this.#text += piece.text();
    } else {
      this.#cork();
      this.#writeText();
      this.#write(piece.copy());
    }
    if (this.#isChunked) this.#text += '\r\n';
  }

  /** Writes what has come together; false while the client has to read first. */
  flush(): boolean {
    this.#writeText();
    if (this.#isCorked) {
      this.#isCorked = false;
      this.#outlet.uncork();
    }
    return this.#outlet.isTurnOf(this) ? this.#outlet.hasRoom : this.#heldBytes < HELD_MAX;
  }

  /** Called back once, when there is room again after `flush` has said that there is none. */
  whenRoom(callback: () => void): void {
    this.#onRoom = callback;
  }

  /** Trailers as they go over the wire; without chunks there is no place for them. */
  end(trailers = ''): void {
    if (this.#isChunked) this.#text += `0\r\n${trailers}\r\n`;
    this.flush();
    this.#isEnded = true;
    this.#outlet.ended(this);
  }

  /** A whole answer of the gateway itself: short plain text. */
  plain(status: number, message: string): void {
    const body = Buffer.from(`${message}\n`).toString('latin1');
    const text = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n`;
    this.head(status, '', { text, hasLength: true, hasDate: false });
    if (!this.#isHead) this.#text += body;
    this.end();
  }

  /** The answers before it have left. */
  takeTurn(): void {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    if (held.length === 0) return;
    this.#outlet.cork();
    for (const each of held) this.#outlet.write(each);
    this.#outlet.uncork();
    if (this.#outlet.hasRoom) this.onRoom();
  }

  onRoom(): void {
    const callback = this.#onRoom;
    this.#onRoom = undefined;
    callback?.();
  }

  #cork(): void {
    if (this.#isCorked || !this.#outlet.isTurnOf(this)) return;
    this.#isCorked = true;
    this.#outlet.cork();
  }

  #writeText(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#write(text);
  }

  #write(data: string | Buffer): void {
    if (this.#outlet.isTurnOf(this)) {
      this.#outlet.write(data);
      return;
    }
    this.#held.push(data);
    this.#heldBytes += data.length;
  }
}

function statusLine(status: number, reason: string): string {
  const usual = USUAL_STATUS_LINES[status];
  if (usual !== undefined && (reason === '' || reason === STATUS_CODES[status])) return usual;
  if (NOT_IN_REASON.test(reason)) throw new Error('The reason phrase is invalid.');
  return `HTTP/1.1 ${status} ${reason === '' ? 'unknown' : reason}\r\n`;
}

let dateSecond = 0;
let dateText = '';

function dateNow(): string {
  const nowMs = Date.now();
  const second = Math.floor(nowMs / 1_000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(nowMs).toUTCString();
  }
  return dateText;
}
