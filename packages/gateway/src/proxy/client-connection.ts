import type { Socket } from 'node:net';
import { answerPlainAndClose } from './plain-answer.ts';

/** A client that has sent its end may still read an answer; one that is gone looks the same. It is believed for so long. */
export const HALF_CLOSED_GRACE_MS = 5_000;

/** What a connection needs to know of a request on it. */
export interface OngoingRequest {
  readonly isSafe: boolean;
  /** The whole request was received. */
  readonly isReceived: boolean;
  begin(): void;
  /** The client will not read the answer. */
  abandon(): void;
  /** The rest of the request cannot be understood. */
  refuse(status: number, message: string): void;
  /** Calls back when its answer is on its way. */
  afterAnswer(callback: () => void): void;
}

/**
 * The requests of one client connection. Pipelined ones run side by side only if all of them are safe (RFC 9112, 9.3.2);
 * their answers are put in order by the HTTP server.
 */
export class ClientConnection {
  readonly #socket: Socket;
  readonly #running = new Set<OngoingRequest>();
  readonly #waiting: OngoingRequest[] = [];
  #allSafe = true;
  #refusal: { readonly status: number; readonly message: string } | 'answered' | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('end', () => this.#onEnd());
    socket.on('close', () => this.#onClose());
  }

  get isIdle(): boolean {
    return this.#running.size === 0 && this.#waiting.length === 0;
  }

  /** Nothing that comes on this connection from now on is a request any more. */
  get isRefused(): boolean {
    return this.#refusal !== undefined;
  }

  /** The last answer of this connection was given elsewhere; whatever the client sends after it is not read. */
  end(): void {
    this.#refusal = 'answered';
  }

  add(request: OngoingRequest): void {
    if (this.#waiting.length === 0 && this.#mayRun(request)) this.#run(request);
    else this.#waiting.push(request);
  }

  done(request: OngoingRequest): void {
    if (!this.#running.delete(request)) return;
    if (this.#running.size === 0) this.#allSafe = true;
    for (let next = this.#waiting[0]; next && this.#mayRun(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#run(next);
    }
    if (!this.isIdle) return;
    if (this.#grace) clearTimeout(this.#grace);
    if (this.#refusal) request.afterAnswer(() => this.#close());
  }

  /** What follows on this connection is not HTTP. Requests received whole are still answered. */
  refuse(status: number, message: string): void {
    if (this.#refusal) return;
    this.#refusal = { status, message };
    const broken = [...this.#running, ...this.#waiting].find((request) => !request.isReceived);
    if (broken) broken.refuse(status, message);
    else if (this.isIdle) this.#close();
  }

  #mayRun(request: OngoingRequest): boolean {
    return this.#running.size === 0 || (this.#allSafe && request.isSafe);
  }

  #run(request: OngoingRequest): void {
    this.#running.add(request);
    this.#allSafe &&= request.isSafe;
    request.begin();
  }

  #close(): void {
    if (!this.#refusal || this.#refusal === 'answered' || this.#socket.destroyed) return;
    if (this.#socket.writable) answerPlainAndClose(this.#socket, this.#refusal.status, this.#refusal.message);
    this.#socket.destroySoon();
  }

  #onEnd(): void {
    if (this.isIdle) return;
    this.#grace = setTimeout(() => this.#abandonAll(), HALF_CLOSED_GRACE_MS);
    this.#grace.unref();
  }

  #onClose(): void {
    if (this.#grace) clearTimeout(this.#grace);
    this.#abandonAll();
  }

  #abandonAll(): void {
    this.#waiting.length = 0;
    for (const request of [...this.#running]) request.abandon();
  }
}
