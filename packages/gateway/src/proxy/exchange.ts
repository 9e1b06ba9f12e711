import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call, CallControl, CallFailure } from '../instances/call.ts';
import { type Instance, pickInstance } from '../instances/instance.ts';
import type { RequestOutcome } from '../metrics/counters.ts';
import type { VersionState } from '../routes/services.ts';
import type { ClientConnection, OngoingRequest } from './client-connection.ts';
import { FAILURE_ANSWERS } from './failure.ts';
import { answeredHeaders, passedTrailers } from './forwarded.ts';
import { answerPlain, discardBody } from './plain-answer.ts';
import type { ProxySettings } from './settings.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);
const IDEMPOTENT_METHODS = new Set([...SAFE_METHODS, 'PUT', 'DELETE']);

/** A body up to this size that arrives in one piece is sent in one piece with its head. Bytes. */
const WHOLE_BODY_MAX = 16_384;

export interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: ClientConnection;
  readonly version: VersionState;
  /** Request line and header lines for the instance. */
  readonly head: string;
  readonly hasBody: boolean;
  readonly isChunked: boolean;
  readonly setCookie: string | undefined;
  readonly expectsContinue: boolean;
}

/** One request on its way to a version and its answer on the way back. It stays with the version it began on. */
export class Exchange implements OngoingRequest, Call {
  readonly isSafe: boolean;
  readonly isHead: boolean;
  readonly head: string;
  readonly body: IncomingMessage | undefined;
  readonly isChunked: boolean;
  readonly #parts: ExchangeParts;
  readonly #settings: ProxySettings;
  readonly #startedMs = performance.now();
  #instance: Instance | undefined;
  #control: CallControl | undefined;
  #tried: Instance[] | undefined;
  #stallTimer: NodeJS.Timeout | undefined;
  #latencyMs = 0;
  #status = 0;
  #wholeLength = -1;
  #whole: Buffer | undefined;
  #isBodyTouched = false;
  #isRepeated = false;
  #isEnded = false;

  constructor(parts: ExchangeParts, settings: ProxySettings) {
    this.#parts = parts;
    this.#settings = settings;
    const method = parts.request.method ?? '';
    this.isSafe = SAFE_METHODS.has(method);
    this.isHead = method === 'HEAD';
    this.head = parts.head;
    this.body = parts.hasBody ? parts.request : undefined;
    this.isChunked = parts.isChunked;
  }

  get isReceived(): boolean {
    return this.#parts.request.complete || !this.#parts.hasBody;
  }

  begin(): void {
    this.#parts.version.counters.inFlight += 1;
    this.#attempt(false);
  }

  abandon(): void {
    if (this.#isEnded) return;
    this.#control?.cancel();
    this.#end('client_gone');
  }

  refuse(status: number, message: string): void {
    if (this.#isEnded) return;
    const { response } = this.#parts;
    if (response.headersSent) response.destroy();
    else {
      response.shouldKeepAlive = false;
      answerPlain(response, status, message);
    }
    this.abandon();
  }

  afterAnswer(callback: () => void): void {
    const { response } = this.#parts;
    if (response.writableFinished || response.destroyed) callback();
    else response.once('close', callback);
  }

  onBodyWanted(): void {
    this.#isBodyTouched = true;
    if (this.#parts.expectsContinue) this.#parts.response.writeContinue();
  }

  onInformation(status: number, headers: readonly string[]): void {
    if (status !== 103 || this.#parts.request.httpVersionMinor === 0) return;
    const links = answeredHeaders(headers, status).filter(
      (_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'link',
    );
    if (links.length === 0) return;
    try {
      this.#parts.response.writeEarlyHints({ link: links });
    } catch {
      // Hints are a courtesy: ones that Node finds malformed are left out, the answer itself is not their hostage.
    }
  }

  onHead(status: number, reason: string, headers: readonly string[]): void {
    this.#latencyMs = performance.now() - this.#startedMs;
    this.#status = status;
    this.#instance?.markUp();
    const { response, setCookie } = this.#parts;
    const answered = answeredHeaders(headers, status);
    if (setCookie !== undefined) answered.push('Set-Cookie', setCookie);
    if (this.#settings.draining()) response.shouldKeepAlive = false;
    this.#wholeLength = lengthIn(headers);
    if (reason === '') response.writeHead(status, answered);
    else response.writeHead(status, reason, answered);
  }

  onPiece(piece: Buffer): void {
    if (piece.length === this.#wholeLength && piece.length <= WHOLE_BODY_MAX) {
      this.#whole = piece;
      return;
    }
    const { response } = this.#parts;
    if (response.write(piece) || response.destroyed || this.#stallTimer) return;
    this.#control?.pause();
    this.#stallTimer = setTimeout(() => response.destroy(), this.#settings.clientStallMs);
    response.once('drain', () => {
      clearTimeout(this.#stallTimer);
      this.#stallTimer = undefined;
      this.#control?.resume();
    });
  }

  onWhole(trailers: readonly string[]): void {
    const { response, request } = this.#parts;
    const passed = trailers.length === 0 ? undefined : passedTrailers(trailers);
    if (passed) response.addTrailers(passed);
    // Head and body in one string leave in one write; as a buffer the body would be a second one.
    if (this.#whole) response.end(this.#whole.toString('latin1'), 'latin1');
    else response.end();
    this.#end(this.#status >= 500 ? 'status_5xx' : 'answered');
    if (this.body && !request.complete) discardBody(request);
  }

  onFailure(failure: CallFailure): void {
    if (failure === 'connect') this.#instance?.markDown(performance.now());
    if (this.#status !== 0) {
      // The head is out already: all that is left to say is that the answer is not whole.
      this.#parts.request.socket.destroy();
      this.#end(failure);
    } else if (this.#mayRepeat(failure)) {
      this.#repeat(failure);
    } else {
      this.#fail(failure);
    }
  }

  #attempt(fresh: boolean): void {
    const instance = pickInstance(this.#parts.version.instances, this.#tried, performance.now());
    if (!instance) {
      this.#instance = undefined;
      this.#fail('connect');
      return;
    }
    this.#sendTo(instance, fresh);
  }

  #sendTo(instance: Instance, fresh: boolean): void {
    this.#instance = instance;
    instance.inFlight += 1;
    this.#control = instance.send(this, fresh);
  }

  /**
   * Another try is allowed when nobody can have acted on the first: no connection was made, or the body was not begun.
   * A connection that the instance closed while it was kept shows as a reset without an answer; idempotent requests
   * without a body may then be sent once more (RFC 9110, 9.2.2).
   */
  #mayRepeat(failure: CallFailure): boolean {
    if (this.#isBodyTouched) return false;
    if (failure === 'connect') return true;
    return failure === 'reset' && !this.#isRepeated && IDEMPOTENT_METHODS.has(this.#parts.request.method ?? '');
  }

  #repeat(failure: CallFailure): void {
    const instance = this.#instance;
    this.#parts.version.counters.retries += 1;
    if (instance) instance.inFlight -= 1;
    if (failure === 'reset' && instance) {
      // Not on another kept connection, which may be as stale as the first.
      this.#isRepeated = true;
      this.#sendTo(instance, true);
      return;
    }
    if (instance) this.#tried = [...(this.#tried ?? []), instance];
    this.#attempt(false);
  }

  #fail(failure: CallFailure): void {
    const { response, request } = this.#parts;
    if (this.#settings.draining()) response.shouldKeepAlive = false;
    const { status, message } = FAILURE_ANSWERS[failure];
    answerPlain(response, status, message);
    this.#latencyMs = performance.now() - this.#startedMs;
    this.#end(failure);
    if (this.body && !request.complete) discardBody(request);
  }

  #end(outcome: RequestOutcome): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#instance) this.#instance.inFlight -= 1;
    if (this.#stallTimer) clearTimeout(this.#stallTimer);
    const { counters } = this.#parts.version;
    counters.inFlight -= 1;
    counters.end(outcome, this.#latencyMs);
    this.#parts.connection.done(this);
  }
}

function lengthIn(headers: readonly string[]): number {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (name.length === 14 && name.toLowerCase() === 'content-length') return Number(headers[i + 1]);
  }
  return -1;
}
