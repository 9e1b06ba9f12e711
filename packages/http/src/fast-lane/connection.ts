import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { answerBrokenRequest } from '../broken-request.ts';
import type { Log } from '../log.ts';
import { type Asked, askedBy } from './asked.ts';
import { linesOf } from './header-lines.ts';
import type { Lane, Reply } from './lane.ts';
import { readPlainHead } from './plain-head.ts';

/** How long the lane waits for the rest of a request; `node:http` then knows how long is too long. */
export const PATIENCE_MS = 200;
/** A request in more pieces than this is no business of the lane: each piece has it look at all that came before. */
export const MAX_PIECES = 32;
/** A connection is kept a little longer than its clients are told, so that none is closed under a request on its way. */
const KEPT_LONGER_MS = 1_000;

export interface LaneConnectionParts {
  readonly lane: Lane;
  readonly log: Log;
  /** How long a connection may wait for its first byte, and for its next request. */
  readonly firstByteMs: number;
  readonly keepAliveMs: number;
  readonly isClosing: () => boolean;
  /** Takes the connection over, with whatever is unread. */
  readonly longWay: (socket: Socket) => void;
  readonly left: (connection: LaneConnection) => void;
}

interface WholeRequest {
  readonly asked: Asked;
  readonly body: Buffer;
  readonly keepsAlive: boolean;
  readonly bytes: number;
}

/**
 * A connection on which nothing but the lane's plain requests has come so far. It answers one after another, and judges
 * nothing that is unusual: that goes the long way, connection and all, once every answer before it was written.
 */
export class LaneConnection {
  readonly #socket: Socket;
  readonly #parts: LaneConnectionParts;
  readonly #kept: string;
  /** Read and not answered. */
  #pending: Buffer | undefined;
  #pieces = 0;
  #patience: NodeJS.Timeout | undefined;
  /** A request is being answered, or an answer waits for its reader. */
  #isBusy = false;
  #hasAnswered = false;
  #hasEnded = false;

  constructor(socket: Socket, parts: LaneConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#kept = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(parts.keepAliveMs / 1_000)}\r\n`;
    socket.setTimeout(parts.firstByteMs);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('drain', this.#onDrain);
    socket.on('timeout', this.#onTimeout);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** Without a request it ends at once, otherwise with the answer. */
  close(): void {
    if (this.#isBusy) return;
    if (this.#pending === undefined) this.destroy();
    else this.#handOver();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  readonly #onData = (bytes: Buffer): void => {
    this.#pending = this.#pending === undefined ? bytes : Buffer.concat([this.#pending, bytes]);
    this.#pieces += 1;
    // One request at a time: what else there is can wait in the kernel, where it slows its sender down.
    if (this.#isBusy) this.#socket.pause();
    else this.#read();
  };

  #read(): void {
    const pending = this.#pending;
    if (pending === undefined) {
      this.#rest();
      return;
    }
    const request = this.#parts.isClosing() ? 'other' : readRequest(pending);
    if (request === 'unfinished' && !this.#hasEnded && this.#pieces <= MAX_PIECES) {
      this.#patience ??= setTimeout(() => this.#handOver(), PATIENCE_MS);
      this.#resume();
    } else if (typeof request === 'string') this.#handOver();
    else {
      this.#calmDown();
      this.#isBusy = true;
      void this.#answer(request);
    }
  }

  async #answer({ asked, body, keepsAlive, bytes }: WholeRequest): Promise<void> {
    const { lane, isClosing } = this.#parts;
    const principal = await lane.admit(asked, this.#socket.remoteAddress);
    if (principal === undefined) {
      this.#isBusy = false;
      this.#handOver();
      return;
    }
    const reply = await lane.reply(asked, principal, body);
    const socket = this.#socket;
    if (socket.destroyed) return;
    const pending = this.#pending;
    this.#pending = pending === undefined || pending.length === bytes ? undefined : pending.subarray(bytes);
    this.#pieces = this.#pending === undefined ? 0 : 1;
    const isLast = !keepsAlive || isClosing();
    const isRead = this.#write(reply, isLast ? 'Connection: close\r\n' : this.#kept);
    if (isLast) {
      socket.destroySoon();
      return;
    }
    if (!this.#hasAnswered) {
      this.#hasAnswered = true;
      socket.setTimeout(this.#parts.keepAliveMs + KEPT_LONGER_MS);
    }
    if (!isRead) return;
    this.#isBusy = false;
    this.#read();
  }

  /** False while the client has to read first. */
  #write({ status, shared, own, body = '' }: Reply, connection: string): boolean {
    const socket = this.#socket;
    const lines = `${shared.text}${linesOf(own)}Date: ${dateNow()}\r\n${connection}`;
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n`;
    if (typeof body === 'string') return socket.write(head + body);
    socket.cork();
    socket.write(head);
    const isRead = socket.write(body);
    socket.uncork();
    return isRead;
  }

  /** Nothing is owed to the client. */
  #rest(): void {
    if (this.#hasEnded || this.#parts.isClosing()) this.#socket.destroySoon();
    else this.#resume();
  }

  #resume(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  #handOver(): void {
    const socket = this.#socket;
    const pending = this.#pending;
    if (socket.destroyed) return;
    if (this.#hasEnded) {
      this.#breakOff(pending);
      return;
    }
    this.#leave();
    socket.setTimeout(0);
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('drain', this.#onDrain);
    socket.off('timeout', this.#onTimeout);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    // Paused and resumed, so that what is put back flows before anything new does.
    socket.pause();
    if (pending !== undefined) socket.unshift(pending);
    this.#parts.longWay(socket);
    socket.resume();
  }

  /** The client has said that no more comes, and what came is not for the lane. */
  #breakOff(pending: Buffer | undefined): void {
    if (pending === undefined) this.#socket.destroySoon();
    else this.#break('HPE_INVALID_EOF_STATE');
  }

  #break(code: string): void {
    answerBrokenRequest(this.#parts.log, Object.assign(new Error('The request broke off'), { code }), this.#socket);
  }

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    if (!this.#isBusy) this.#read();
  };

  readonly #onDrain = (): void => {
    if (!this.#isBusy) return;
    this.#isBusy = false;
    this.#read();
  };

  readonly #onTimeout = (): void => {
    // Nothing was ever sent: said as `node:http` says it.
    if (this.#socket.bytesRead === 0) this.#break('ERR_HTTP_REQUEST_TIMEOUT');
    else if (!this.#isBusy || this.#socket.writableLength > 0) this.destroy();
  };

  /** The close that follows says all there is to say. */
  readonly #onError = (): void => undefined;

  readonly #onClose = (): void => this.#leave();

  #leave(): void {
    this.#calmDown();
    this.#parts.left(this);
  }

  #calmDown(): void {
    if (this.#patience === undefined) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }
}

function readRequest(bytes: Buffer): WholeRequest | 'unfinished' | 'other' {
  const head = readPlainHead(bytes);
  if (typeof head === 'string') return head;
  const asked = askedBy(head);
  if (asked === undefined) return 'other';
  const end = head.bytes + asked.bodyBytes;
  if (bytes.length < end) return 'unfinished';
  return { asked, body: bytes.subarray(head.bytes, end), keepsAlive: head.keepsAlive, bytes: end };
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
