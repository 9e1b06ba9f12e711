import { performance } from 'node:perf_hooks';
import type { Answer } from '../clients/answer.ts';
import type { ClientConnection } from '../clients/connection.ts';
import type { ClientRequest } from '../clients/request.ts';
import type { OngoingRequest } from '../clients/schedule.ts';
import type { Call, CallControl, CallFailure } from '../instances/call.ts';
import { type Instance, pickInstance } from '../instances/instance.ts';
import type { HeaderLines } from '../llhttp/header-lines.ts';
import type { Piece } from '../llhttp/machine.ts';
import type { RequestOutcome } from '../metrics/counters.ts';
import type { VersionState } from '../routes/services.ts';
import { FAILURE_ANSWERS } from './failure.ts';
import { answeredHeaders, passedTrailers } from './forwarded.ts';
import type { ProxySettings } from './settings.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);
const IDEMPOTENT_METHODS = new Set([...SAFE_METHODS, 'PUT', 'DELETE']);

export interface ExchangeParts {
  readonly request: ClientRequest;
  readonly answer: Answer;
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
  readonly body: ClientRequest | undefined;
  readonly isChunked: boolean;
  readonly #parts: ExchangeParts;
  readonly #settings: ProxySettings;
  readonly #startedMs = performance.now();
  /** Those of the version when the request came: a route without the version may come before its turn does. */
  readonly #instances: readonly Instance[];
  #instance: Instance | undefined;
  #control: CallControl | undefined;
  #tried: Instance[] | undefined;
  #latencyMs = 0;
  #status = 0;
  #isBodyTouched = false;
  #isRepeated = false;
  #isBegun = false;
  #isEnded = false;

  constructor(parts: ExchangeParts, settings: ProxySettings) {
    this.#parts = parts;
    this.#settings = settings;
    const { method } = parts.request.head;
    this.isSafe = SAFE_METHODS.has(method);
    this.isHead = method === 'HEAD';
    this.#instances = parts.version.instances;
    this.head = parts.head;
    this.body = parts.hasBody ? parts.request : undefined;
    this.isChunked = parts.isChunked;
  }

  get isReceived(): boolean {
    return this.#parts.request.isComplete || !this.#parts.hasBody;
  }

  begin(): void {
    this.#isBegun = true;
    this.#parts.version.counters.inFlight += 1;
    this.#attempt();
  }

  abandon(): void {
    if (this.#isEnded) return;
    this.#control?.cancel();
    this.#end('client_gone');
  }

  refuse(status: number, message: string): void {
    if (this.#isEnded) return;
    const { answer, connection } = this.#parts;
    if (answer.hasHead) connection.destroy();
    else {
      answer.keepAlive = false;
      answer.plain(status, message);
    }
    this.abandon();
  }

  onBodyWanted(): void {
    this.#isBodyTouched = true;
    if (this.#parts.expectsContinue) this.#parts.answer.inform(100, '');
  }

  onInformation(status: number, lines: HeaderLines): void {
    if (status !== 103) return;
    let links = '';
    for (let i = 0; i < lines.count; i++) if (lines.isNamed(i, 'link')) links += lines.text(i, i + 1);
    if (links !== '') this.#parts.answer.inform(status, links);
  }

  onHead(status: number, reason: string, lines: HeaderLines): void {
    this.#latencyMs = performance.now() - this.#startedMs;
    this.#instance?.markUp();
    const { answer, setCookie } = this.#parts;
    const { text, hasLength, hasDate } = answeredHeaders(lines, status);
    const cookie = setCookie === undefined ? '' : `Set-Cookie: ${setCookie}\r\n`;
    if (this.#settings.draining()) answer.keepAlive = false;
    answer.head(status, reason, { text: text + cookie, hasLength, hasDate });
    this.#status = status;
  }

  onPiece(piece: Piece): void {
    this.#parts.answer.piece(piece);
  }

  onPause(): void {
    const { answer } = this.#parts;
    if (answer.flush()) return;
    this.#control?.pause();
    answer.whenRoom(() => this.#control?.resume());
  }

  onWhole(trailers: HeaderLines): void {
    this.#parts.answer.end(passedTrailers(trailers));
    this.#end(this.#status >= 500 ? 'status_5xx' : 'answered');
    this.body?.discard();
  }

  onFailure(failure: CallFailure): void {
    if (failure === 'connect') this.#instance?.markDown(performance.now());
    if (this.#status !== 0) {
      // The head is out already: all that is left to say is that the answer is not whole.
      this.#parts.connection.destroy();
      this.#end(failure);
    } else if (this.#mayRepeat(failure)) {
      this.#repeat(failure);
    } else {
      this.#fail(failure);
    }
  }

  #attempt(): void {
    const { instances } = this.#parts.version;
    const instance = pickInstance(instances.length === 0 ? this.#instances : instances, this.#tried);
    if (!instance) {
      this.#instance = undefined;
      this.#fail('connect');
      return;
    }
    this.#take(instance);
    this.#control = instance.send(this);
  }

  #take(instance: Instance): void {
    this.#instance = instance;
    instance.inFlight += 1;
  }

  /**
   * Another try is allowed when nobody can have acted on the first: no connection was made, or the body was not begun.
   * A connection that the instance closed while it was kept shows as a reset without an answer; idempotent requests
   * without a body may then be sent once more (RFC 9110, 9.2.2).
   */
  #mayRepeat(failure: CallFailure): boolean {
    if (this.#isBodyTouched) return false;
    if (failure === 'connect') return true;
    return failure === 'reset' && !this.#isRepeated && IDEMPOTENT_METHODS.has(this.#parts.request.head.method);
  }

  #repeat(failure: CallFailure): void {
    const instance = this.#instance;
    this.#parts.version.counters.retries += 1;
    if (instance) instance.inFlight -= 1;
    if (failure === 'reset' && instance) {
      // Not on another kept connection, which may be as stale as the first.
      this.#isRepeated = true;
      this.#take(instance);
      this.#control = instance.sendAnew(this);
      return;
    }
    if (instance) this.#tried = [...(this.#tried ?? []), instance];
    this.#attempt();
  }

  #fail(failure: CallFailure): void {
    const { answer, expectsContinue } = this.#parts;
    // A client that was not asked for its body may send it or not: what follows cannot be told apart.
    const isUnclear = expectsContinue && !this.#isBodyTouched;
    if (isUnclear || this.#settings.draining()) answer.keepAlive = false;
    const { status, message } = FAILURE_ANSWERS[failure];
    answer.plain(status, message);
    this.#latencyMs = performance.now() - this.#startedMs;
    this.#end(failure);
    this.body?.discard();
  }

  #end(outcome: RequestOutcome): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#instance) this.#instance.inFlight -= 1;
    if (this.#isBegun) {
      const { counters } = this.#parts.version;
      counters.inFlight -= 1;
      counters.end(outcome, this.#latencyMs);
    }
    this.#parts.connection.done(this);
  }
}
