import { connect, type Socket } from 'node:net';
import type { HeaderLines } from '../llhttp/header-lines.ts';
import type { Piece } from '../llhttp/machine.ts';
import { AnswerParser, type AnswerSink } from './answer-parser.ts';
import type { BodySink, Call, CallControl, CallFailure, InstanceTimeouts } from './call.ts';
import type { Deadlined, Deadlines } from './deadlines.ts';

/** How long a connection is kept for the next call when the instance says nothing about it. */
export const KEPT_IDLE_MS = 4_000;

/** So much earlier than an instance announces is its connection given up, for the time a request is on its way. */
const KEPT_MARGIN_MS = 1_000;

/**
 * What an instance sends is read into this one buffer and used before the next read, because memory of its own for each
 * read costs more than all that is done with a small answer.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

export interface ConnectionOwner {
  /** The connection can take another call. */
  onFree(connection: InstanceConnection): void;
  onClosed(connection: InstanceConnection): void;
}

export interface ConnectionParts {
  readonly host: string;
  readonly port: number;
  readonly timeouts: InstanceTimeouts;
  readonly deadlines: Deadlines;
  readonly owner: ConnectionOwner;
}

/** One connection to an instance, for one call at a time. */
export class InstanceConnection implements AnswerSink, BodySink, Deadlined, CallControl {
  deadline: number;
  readonly #parts: ConnectionParts;
  readonly #socket: Socket;
  readonly #parser: AnswerParser;
  #call: Call | undefined;
  #isConnected = false;
  #isClosed = false;
  #isSending = false;
  #hasHead = false;
  #isPaused = false;
  #mayKeep = false;
  /** The call is over and the connection is good; it is handed back once the parser has returned. */
  #isReleased = false;
  #keepMs = KEPT_IDLE_MS;

  constructor(parts: ConnectionParts, first: Call) {
    this.#parts = parts;
    this.#call = first;
    this.#parser = new AnswerParser(this);
    this.deadline = parts.deadlines.in(parts.timeouts.connectMs);
    parts.deadlines.watch(this);
    const onread = { buffer: READ_BUFFER, callback: this.#onRead };
    this.#socket = connect({ host: parts.host, port: parts.port, noDelay: true, onread });
    this.#socket.on('connect', () => this.#onConnect());
    this.#socket.on('end', () => this.#onEnd());
    this.#socket.on('drain', () => this.#onDrain());
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#fail(this.#isConnected ? 'reset' : 'connect'));
  }

  get isUsable(): boolean {
    return !this.#isClosed && !this.#socket.destroyed;
  }

  start(call: Call): void {
    this.#call = call;
    this.#hasHead = false;
    this.#parser.reset();
    this.#send(call);
  }

  pause(): void {
    this.#isPaused = true;
    this.deadline = Number.POSITIVE_INFINITY;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.deadline = this.#parts.deadlines.in(this.#parts.timeouts.silenceMs);
    this.#socket.resume();
  }

  cancel(): void {
    this.#stopSending();
    this.#call = undefined;
    this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parts.deadlines.forget(this);
    this.#parser.free();
    this.#socket.destroy();
    this.#parts.owner.onClosed(this);
  }

  expire(): void {
    if (!this.#call) this.close();
    else this.#fail(this.#isConnected ? 'timeout' : 'connect');
  }

  onInformation(status: number, lines: HeaderLines): void {
    this.#call?.onInformation(status, lines);
  }

  onHead(status: number, reason: string, lines: HeaderLines, keepAlive: boolean): boolean {
    const call = this.#call;
    if (!call) return true;
    this.#hasHead = true;
    // After HEAD, 204 and 304 an instance that sends a body all the same would have it taken for the next answer.
    this.#mayKeep = keepAlive && !call.isHead && !(hasNoBody(status) && announcesBody(lines));
    this.#keepMs = keptFor(lines);
    this.deadline = this.#parts.deadlines.in(this.#parts.timeouts.silenceMs);
    call.onHead(status, reason, lines);
    return call.isHead;
  }

  onPiece(piece: Piece): void {
    if (!this.#isPaused) this.deadline = this.#parts.deadlines.in(this.#parts.timeouts.silenceMs);
    this.#call?.onPiece(piece);
  }

  onWhole(trailers: HeaderLines): void {
    const call = this.#call;
    if (!call) return;
    // An early answer: what is left of the body is not wanted, and the connection ends inside it.
    const isCut = this.#isSending;
    this.#stopSending();
    this.#call = undefined;
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#socket.resume();
    }
    call.onWhole(trailers);
    if (isCut || !this.#mayKeep || this.#keepMs <= 0) {
      this.close();
      return;
    }
    this.deadline = this.#parts.deadlines.in(this.#keepMs);
    this.#isReleased = true;
  }

  #onConnect(): void {
    this.#isConnected = true;
    if (this.#call) this.#send(this.#call);
    else this.close();
  }

  readonly #onRead = (bytes: number): boolean => {
    this.#onData(bytes);
    return true;
  };

  #onData(bytes: number): void {
    if (this.#isClosed) return;
    // Bytes that nobody asked for would be taken for the answer to the next request.
    if (!this.#call) {
      this.close();
      return;
    }
    const error = this.#parser.execute(READ_BUFFER, bytes);
    if (error !== undefined) {
      this.#fail('protocol');
      return;
    }
    if (!this.#isReleased) {
      this.#call?.onPause();
      return;
    }
    this.#isReleased = false;
    if (!this.#isClosed) this.#parts.owner.onFree(this);
  }

  #onEnd(): void {
    if (this.#isClosed) return;
    if (this.#call && this.#hasHead && this.#parser.finish() === undefined) this.close();
    else this.#fail('reset');
  }

  #fail(failure: CallFailure): void {
    const call = this.#call;
    this.#stopSending();
    this.#call = undefined;
    this.close();
    call?.onFailure(failure);
  }

  #send(call: Call): void {
    const { timeouts, deadlines } = this.#parts;
    if (!call.body) {
      this.deadline = deadlines.in(timeouts.answerMs);
      this.#socket.write(call.head, 'latin1');
      return;
    }
    // While the client is the one who is slow, the instance is not late.
    this.deadline = Number.POSITIVE_INFINITY;
    this.#isSending = true;
    // What comes of the body together with its head leaves together with it.
    this.#socket.cork();
    process.nextTick(() => this.#socket.uncork());
    this.#socket.write(call.head, 'latin1');
    call.onBodyWanted();
    call.body.read(this);
  }

  onBodyPiece(piece: Buffer): void {
    const socket = this.#socket;
    let hasRoom: boolean;
    if (this.#call?.isChunked) {
      socket.cork();
      socket.write(`${piece.length.toString(16)}\r\n`, 'latin1');
      socket.write(piece);
      hasRoom = socket.write('\r\n', 'latin1');
      socket.uncork();
    } else {
      hasRoom = socket.write(piece);
    }
    if (hasRoom) return;
    this.#call?.body?.pause();
    if (!this.#hasHead) this.deadline = this.#parts.deadlines.in(this.#parts.timeouts.answerMs);
  }

  onBodyEnd(): void {
    if (this.#call?.isChunked) this.#socket.write('0\r\n\r\n', 'latin1');
    this.#stopSending();
    if (!this.#hasHead) this.deadline = this.#parts.deadlines.in(this.#parts.timeouts.answerMs);
  }

  #onDrain(): void {
    if (!this.#isSending) return;
    if (!this.#hasHead) this.deadline = Number.POSITIVE_INFINITY;
    this.#call?.body?.resume();
  }

  #stopSending(): void {
    if (!this.#isSending) return;
    this.#isSending = false;
    this.#call?.body?.stopReading();
  }
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

function announcesBody(lines: HeaderLines): boolean {
  for (let i = 0; i < lines.count; i++) {
    if (lines.isNamed(i, 'transfer-encoding')) return true;
    if (lines.isNamed(i, 'content-length') && Number(lines.value(i)) > 0) return true;
  }
  return false;
}

/** Milliseconds, from the instance's own announcement when there is one. */
function keptFor(lines: HeaderLines): number {
  for (let i = 0; i < lines.count; i++) {
    if (!lines.isNamed(i, 'keep-alive')) continue;
    const seconds = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(lines.value(i))?.[1];
    if (seconds !== undefined) return Number(seconds) * 1_000 - KEPT_MARGIN_MS;
  }
  return KEPT_IDLE_MS;
}
