import type { Socket } from 'node:net';
import type { Deadlined, Deadlines } from '../instances/deadlines.ts';
import type { Piece } from '../llhttp/machine.ts';
import { Answer, type AnswerOutlet } from './answer.ts';
import { ClientRequest, type Inflow, UNREAD_BODY_MAX } from './request.ts';
import {
  HEADER_BYTES_MAX,
  type HeadVerdict,
  type ReadResult,
  type ReceivedHead,
  RequestParser,
  type RequestSink,
} from './request-parser.ts';
import { type OngoingRequest, Schedule } from './schedule.ts';
import { type SharedReads, shareReads } from './shared-read.ts';

/** A client that has sent its end may still read an answer; one that is gone looks the same. It is believed for so long. */
export const HALF_CLOSED_GRACE_MS = 5_000;

/** How long a client that still sends may take to read its last answer before the connection is cut. */
export const LINGER_MS = 1_000;

/** Requests of one connection that wait for their answers; no more are read meanwhile, nor while answers are not read. */
export const PIPELINED_MAX = 64;

export interface ClientTimeouts {
  /** From the first byte of a request to the end of its head. */
  readonly headMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestMs: number;
  /** How long a connection may wait for its next request. */
  readonly idleMs: number;
  /** How long a client may leave a waiting piece of an answer unread. */
  readonly clientStallMs: number;
}

export interface ConnectionParts {
  readonly timeouts: ClientTimeouts;
  readonly deadlines: Deadlines;
  /** True once the gateway stops: a connection without a request then ends. */
  readonly draining: () => boolean;
  /** What becomes of a request. */
  readonly take: (request: ClientRequest, answer: Answer, connection: ClientConnection) => Taken;
}

/** `stop`: the request was refused, and nothing behind it is read. A function takes the connection over for another protocol. */
export type Taken = 'taken' | 'stop' | ((socket: Socket, early: Buffer) => void);

type Phase =
  /** No request has come for now. */
  | 'idle'
  /** A request is coming in. */
  | 'receiving'
  /** All that came is whole, and waits for its answers. */
  | 'answering'
  /** The last answer was given; the client may still read it. */
  | 'closing'
  | 'gone';

/** One connection of a client: its requests in, their answers out, in order. */
export class ClientConnection implements RequestSink, AnswerOutlet, Inflow, Deadlined {
  deadline: number;
  readonly keptLines: string;
  readonly address: string;
  /** What writes and reads here, which is not the one that was accepted. */
  readonly socket: Socket;
  readonly #reads: SharedReads;
  readonly #parts: ConnectionParts;
  readonly #parser: RequestParser;
  readonly #schedule = new Schedule();
  /** In the order of their requests; the first may write. */
  readonly #answers: Answer[] = [];
  #phase: Phase = 'receiving';
  #request: ClientRequest | undefined;
  #requestDeadline: number;
  #takeOver: ((socket: Socket, early: Buffer) => void) | undefined;
  /** Nothing that comes from now on is a request. */
  #isDeaf = false;
  #hasClientEnded = false;
  #isBodyHeld = false;
  /** The next request is not read for now. */
  #isWaiting = false;
  #lingered = 0;
  #stall: NodeJS.Timeout | undefined;

  constructor(accepted: Socket, parts: ConnectionParts) {
    this.#reads = shareReads(accepted, this.#onData);
    const { socket } = this.#reads;
    this.socket = socket;
    this.#parts = parts;
    this.#parser = new RequestParser(this);
    this.address = socket.remoteAddress ?? 'unknown';
    this.keptLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(parts.timeouts.idleMs / 1_000)}\r\n`;
    // A new connection has as long for its first head as if that had begun.
    this.deadline = parts.deadlines.in(parts.timeouts.headMs);
    this.#requestDeadline = this.deadline;
    parts.deadlines.watch(this);
    socket.on('end', this.#onEnd);
    socket.on('drain', this.#onDrain);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** No request on it waits for anything, but perhaps the one that is being taken. */
  get isFree(): boolean {
    return this.#answers.length <= 1;
  }

  get hasRoom(): boolean {
    return !this.socket.writableNeedDrain;
  }

  run(request: OngoingRequest): void {
    this.#schedule.add(request);
  }

  done(request: OngoingRequest): void {
    this.#schedule.done(request);
  }

  /** Ends a connection that waits for a request; one with requests ends after them. */
  drain(): void {
    if (this.#phase === 'idle' || (this.#phase === 'receiving' && this.socket.bytesRead === 0)) this.destroy();
  }

  destroy(): void {
    this.#isDeaf = true;
    this.#schedule.forgetWaiting();
    this.socket.destroy();
  }

  expire(): void {
    if (this.#phase === 'receiving') this.#refuse(408, 'The request did not arrive in time.');
    else this.destroy();
  }

  onBegin(): void {
    const { timeouts, deadlines } = this.#parts;
    this.#phase = 'receiving';
    this.#requestDeadline = deadlines.in(timeouts.requestMs);
    this.deadline = Math.min(deadlines.in(timeouts.headMs), this.#requestDeadline);
  }

  onHead(head: ReceivedHead): HeadVerdict {
    if (this.#isDeaf) return 'stop';
    this.deadline = this.#requestDeadline;
    const request = new ClientRequest(head, this);
    const { method, versionMinor, keepAlive } = head;
    const answer = new Answer(this, { isHead: method === 'HEAD', isOld: versionMinor === 0, keepAlive });
    this.#request = request;
    this.#answers.push(answer);
    const taken = this.#parts.take(request, answer, this);
    if (taken === 'taken') return this.#isDeaf ? 'stop' : 'go on';
    if (taken !== 'stop') this.#takeOver = taken;
    this.#isDeaf = true;
    return taken === 'stop' ? 'stop' : 'take over';
  }

  onPiece(piece: Piece): void {
    if (!this.#isDeaf) this.#request?.onPiece(piece);
  }

  onWhole(): 'go on' | 'wait' {
    if (this.#isDeaf) return 'go on';
    const request = this.#request;
    this.#request = undefined;
    this.#phase = 'answering';
    this.deadline = Number.POSITIVE_INFINITY;
    request?.onWhole();
    if (this.#isFull) {
      this.#isWaiting = true;
      this.socket.pause();
      return 'wait';
    }
    this.#settle();
    return 'go on';
  }

  holdBack(): void {
    this.#isBodyHeld = true;
    this.socket.pause();
  }

  letGo(): void {
    if (!this.#isBodyHeld) return;
    this.#isBodyHeld = false;
    this.#readOn();
  }

  isTurnOf(answer: Answer): boolean {
    return this.#answers[0] === answer;
  }

  write(data: string | Buffer): void {
    const { socket } = this;
    if (!socket.writable) return;
    const hasRoom = typeof data === 'string' ? socket.write(data, 'latin1') : socket.write(data);
    if (hasRoom || this.#stall) return;
    this.#stall = setTimeout(() => this.destroy(), this.#parts.timeouts.clientStallMs);
  }

  cork(): void {
    this.socket.cork();
  }

  uncork(): void {
    this.socket.uncork();
  }

  ended(answer: Answer): void {
    // Those behind have their turn, and may have ended before it.
    if (!this.isTurnOf(answer)) return;
    for (let first: Answer | undefined = answer; first?.isEnded; first = this.#answers[0]) {
      this.#answers.shift();
      if (!first.keepAlive) {
        this.#close();
        return;
      }
      this.#answers[0]?.takeTurn();
    }
    this.#readNext();
    this.#settle();
  }

  readonly #onData = (bytes: Buffer, length: number): void => {
    if (this.#isDeaf) {
      this.#lingered += length;
      if (this.#lingered > UNREAD_BODY_MAX) this.destroy();
      return;
    }
    this.#onResult(this.#parser.execute(bytes, length));
  };

  #onResult(result: ReadResult): void {
    if (result === 'read' || result === 'stopped') return;
    if (result === 'too large') this.#refuse(431, `The header exceeds ${HEADER_BYTES_MAX} bytes.`);
    else if (result === 'failed') this.#refuse(500, 'The gateway failed at this request.');
    else if (result === 'invalid') this.#refuse(400, 'The request is not valid HTTP/1.1.');
    else this.#handOver(result.rest);
  }

  readonly #onEnd = (): void => {
    this.#hasClientEnded = true;
    if (this.#phase === 'closing') this.destroy();
    else if (this.#phase === 'receiving' && !this.#isDeaf && this.socket.bytesRead > 0)
      this.#onResult(this.#parser.finish());
    if (this.#answers.length === 0 && !this.#isWaiting) this.socket.destroySoon();
    else if (this.#phase !== 'gone') this.#deadlineAfterEnd();
  };

  readonly #onDrain = (): void => {
    if (this.#stall) clearTimeout(this.#stall);
    this.#stall = undefined;
    this.#answers[0]?.onRoom();
    this.#readNext();
  };

  /** The close that follows says all there is to say. */
  readonly #onError = (): void => undefined;

  readonly #onClose = (): void => {
    this.#leave();
    this.#schedule.abandonAll();
  };

  #deadlineAfterEnd(): void {
    this.#phase = 'answering';
    this.deadline = this.#parts.deadlines.in(HALF_CLOSED_GRACE_MS);
  }

  /** What follows on this connection is not HTTP. Requests received whole are still answered. */
  #refuse(status: number, message: string): void {
    if (this.#isDeaf) return;
    this.#isDeaf = true;
    this.deadline = Number.POSITIVE_INFINITY;
    const request = this.#request;
    this.#request = undefined;
    this.#phase = 'answering';
    this.#isBodyHeld = false;
    this.#readOn();
    const broken = request && this.#schedule.unreceived();
    if (broken) {
      broken.refuse(status, message);
      return;
    }
    // Answered already, in the middle of its body: there is nothing left to be said.
    if (request) {
      this.#settle();
      return;
    }
    const answer = new Answer(this, { isHead: false, isOld: false, keepAlive: false });
    this.#answers.push(answer);
    answer.plain(status, message);
  }

  #settle(): void {
    if (this.#answers.length > 0 || this.#phase !== 'answering' || this.#isWaiting) return;
    if (this.#isDeaf) {
      this.#close();
      return;
    }
    if (this.#hasClientEnded || this.#parts.draining()) {
      this.#isDeaf = true;
      this.#destroyAfterWriting();
      return;
    }
    this.#phase = 'idle';
    this.deadline = this.#parts.deadlines.in(this.#parts.timeouts.idleMs);
  }

  /** Closes after what was written. While the client still sends, a plain close would take its answer away from it. */
  #close(): void {
    const mayStillSend = this.#isDeaf || this.#phase === 'receiving';
    this.#isDeaf = true;
    this.#schedule.forgetWaiting();
    this.#answers.length = 0;
    this.#phase = 'closing';
    if (!mayStillSend || this.#hasClientEnded) {
      this.#destroyAfterWriting();
      return;
    }
    this.deadline = this.#parts.deadlines.in(LINGER_MS);
    this.socket.end();
    this.#isBodyHeld = false;
    this.#isWaiting = false;
    this.#readOn();
  }

  #destroyAfterWriting(): void {
    // What is left may be too little for `write` to have noticed that the client does not read.
    this.deadline = this.#parts.deadlines.in(this.#parts.timeouts.clientStallMs);
    this.socket.destroySoon();
  }

  #handOver(early: Buffer): void {
    const { socket } = this;
    socket.pause();
    this.#reads.release();
    socket.off('end', this.#onEnd);
    socket.off('drain', this.#onDrain);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    this.#leave();
    this.#takeOver?.(socket, Buffer.from(early));
  }

  #leave(): void {
    this.#phase = 'gone';
    this.#isDeaf = true;
    this.#parts.deadlines.forget(this);
    this.#parser.free();
    if (this.#stall) clearTimeout(this.#stall);
    this.#stall = undefined;
  }

  #readOn(): void {
    if (!this.#isBodyHeld && !this.#isWaiting) this.socket.resume();
  }

  /** Too much is owed to the client to read what it asks for next. */
  get #isFull(): boolean {
    return this.#answers.length >= PIPELINED_MAX || this.socket.writableNeedDrain;
  }

  #readNext(): void {
    // Called by what another parser has read; two of them cannot run at once.
    if (this.#isWaiting && !this.#isFull) process.nextTick(this.#onRoomForNext);
  }

  readonly #onRoomForNext = (): void => {
    if (!this.#isWaiting || this.#isFull || this.#phase === 'gone') return;
    this.#isWaiting = false;
    this.#onResult(this.#parser.resume());
    if (this.#hasClientEnded && this.#phase === 'receiving' && !this.#isDeaf) this.#onResult(this.#parser.finish());
    this.#settle();
    this.#readOn();
  };
}
