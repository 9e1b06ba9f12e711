import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { type Instance, pickInstance } from '../instances/instance.ts';
import type { RequestOutcome } from '../metrics/counters.ts';
import type { VersionState } from '../routes/services.ts';
import type { ClientConnection, OngoingRequest } from './client-connection.ts';
import { type Failure, failureOf, NOBODY_LEFT } from './failure.ts';
import { answeredHeaders } from './forwarded.ts';
import { answerPlain, discardBody } from './plain-answer.ts';
import { RequestBody } from './request-body.ts';
import type { ProxySettings } from './settings.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);
const IDEMPOTENT_METHODS = new Set([...SAFE_METHODS, 'PUT', 'DELETE']);

/** Trailer fields that would speak of framing, routing or trust after the fact (RFC 9110, 6.5.1). */
const FORBIDDEN_TRAILERS = new Set([
  'content-length',
  'transfer-encoding',
  'trailer',
  'host',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'content-encoding',
  'content-type',
  'content-range',
  'set-cookie',
  'authorization',
  'www-authenticate',
  'cache-control',
]);

/** A body up to this size that arrives in one piece is sent in one piece with its head. Bytes. */
const WHOLE_BODY_MAX = 16_384;

export interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: ClientConnection;
  readonly version: VersionState;
  readonly path: string;
  readonly headers: string[];
  readonly hasBody: boolean;
  readonly setCookie: string | undefined;
  readonly expectsContinue: boolean;
}

/** One request on its way to a version and its answer on the way back. It stays with the version it began on. */
export class Exchange implements OngoingRequest, Dispatcher.DispatchHandler {
  readonly isSafe: boolean;
  readonly #parts: ExchangeParts;
  readonly #settings: ProxySettings;
  readonly #startedMs = performance.now();
  #instance: Instance | undefined;
  #tried: Instance[] | undefined;
  #body: RequestBody | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #wholeLength = -1;
  #whole: Buffer | undefined;
  #stallTimer: NodeJS.Timeout | undefined;
  #latencyMs = 0;
  #status = 0;
  #sent = false;
  #repeated = false;
  #abandoned = false;
  #ended = false;

  constructor(parts: ExchangeParts, settings: ProxySettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.isSafe = SAFE_METHODS.has(parts.request.method ?? '');
  }

  get isReceived(): boolean {
    return this.#parts.request.complete || !this.#parts.hasBody;
  }

  begin(): void {
    this.#parts.version.counters.inFlight += 1;
    this.#attempt();
  }

  abandon(): void {
    if (this.#ended) return;
    this.#abandoned = true;
    this.#controller?.abort(new Error('The client is gone.'));
  }

  refuse(status: number, message: string): void {
    if (this.#ended) return;
    if (this.#parts.response.headersSent) this.#parts.response.destroy();
    else {
      this.#parts.response.shouldKeepAlive = false;
      answerPlain(this.#parts.response, status, message);
    }
    this.abandon();
  }

  afterAnswer(callback: () => void): void {
    const { response } = this.#parts;
    if (response.writableFinished || response.destroyed) callback();
    else response.once('close', callback);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sent = true;
    if (this.#abandoned) controller.abort(new Error('The client is gone.'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    parsed: Record<string, string | string[] | undefined>,
    reason?: string,
  ): void {
    const raw = Array.isArray(controller.rawHeaders) ? controller.rawHeaders : [];
    if (status < 200) {
      this.#passInformation(status, raw);
      return;
    }
    this.#latencyMs = performance.now() - this.#startedMs;
    this.#status = status;
    const length = Number(parsed['content-length']);
    if (length <= WHOLE_BODY_MAX) this.#wholeLength = length;
    this.#instance?.markUp();
    const { response, setCookie } = this.#parts;
    const headers = answeredHeaders(raw, status);
    if (setCookie !== undefined) headers.push('Set-Cookie', setCookie);
    if (this.#settings.draining()) response.shouldKeepAlive = false;
    if (reason) response.writeHead(status, reason, headers);
    else response.writeHead(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response } = this.#parts;
    if (chunk.length === this.#wholeLength) {
      this.#whole = chunk;
      return;
    }
    if (response.write(chunk) || response.destroyed) return;
    controller.pause();
    this.#stallTimer = setTimeout(() => response.destroy(), this.#settings.clientStallMs);
    response.once('drain', () => {
      clearTimeout(this.#stallTimer);
      controller.resume();
    });
  }

  onResponseEnd(_: Dispatcher.DispatchController, trailers: Record<string, string | string[] | undefined>): void {
    const { response, request } = this.#parts;
    const passed = passedTrailers(trailers);
    if (passed) response.addTrailers(passed);
    // Head and body in one string leave in one write; as a buffer the body would be a second one.
    if (this.#whole) response.end(this.#whole.toString('latin1'), 'latin1');
    else response.end();
    this.#detachBody();
    this.#end(this.#status >= 500 ? 'status_5xx' : 'answered');
    if (!request.complete) discardBody(request);
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    const failure = failureOf(error, this.#sent);
    if (this.#instance) this.#instance.inFlight -= 1;
    if (failure.is === 'connect') this.#instance?.markDown(performance.now());
    if (this.#abandoned) this.#giveUp('client_gone');
    else if (this.#status !== 0) this.#cutOff(failure);
    else if (this.#mayRepeat(failure)) this.#repeat();
    else this.#fail(failure);
  }

  #attempt(): void {
    const { request, path, headers, hasBody } = this.#parts;
    const instance = pickInstance(this.#parts.version.instances, this.#tried, performance.now());
    this.#instance = instance;
    if (!instance) {
      this.#fail(NOBODY_LEFT);
      return;
    }
    instance.inFlight += 1;
    this.#sent = false;
    this.#body = hasBody ? new RequestBody(request, () => this.#askForBody()) : undefined;
    // undici would pass its method type; whatever llhttp has let through is a token.
    const method = request.method ?? 'GET';
    try {
      instance.pool.dispatch({ path, method, headers, body: this.#body ?? null }, this);
    } catch (error) {
      this.onResponseError(undefined, error instanceof Error ? error : new Error(String(error)));
    }
  }

  #askForBody(): void {
    if (this.#parts.expectsContinue) this.#parts.response.writeContinue();
  }

  /**
   * Another try is allowed when nobody can have acted on the first: no connection was made, or the body was not begun.
   * A connection that the instance closed while idle shows as a reset without an answer; safe and idempotent requests
   * may then be sent once more (RFC 9110, 9.2.2).
   */
  #mayRepeat(failure: Failure): boolean {
    if (this.#body?.isTouched) return false;
    if (failure.is === 'connect') return true;
    if (failure.is !== 'reset' || this.#repeated) return false;
    return this.#parts.hasBody || IDEMPOTENT_METHODS.has(this.#parts.request.method ?? '');
  }

  #repeat(): void {
    this.#parts.version.counters.retries += 1;
    if (this.#sent) this.#repeated = true;
    else if (this.#instance) this.#tried = [...(this.#tried ?? []), this.#instance];
    this.#detachBody();
    this.#attempt();
  }

  #fail(failure: Failure): void {
    const { response, request } = this.#parts;
    this.#detachBody();
    if (this.#settings.draining()) response.shouldKeepAlive = false;
    answerPlain(response, failure.status, failure.message);
    if (!request.complete) discardBody(request);
    this.#latencyMs = performance.now() - this.#startedMs;
    this.#finish(failure.is === 'bad_request' ? 'client_gone' : failure.is);
  }

  /** The head is out already: all that is left to say is that the answer is not whole. */
  #cutOff(failure: Failure): void {
    this.#detachBody();
    this.#parts.response.destroy();
    this.#parts.request.socket.destroy();
    this.#finish(failure.is === 'bad_request' ? 'protocol' : failure.is);
  }

  #giveUp(outcome: RequestOutcome): void {
    this.#detachBody();
    this.#finish(outcome);
  }

  #end(outcome: RequestOutcome): void {
    if (this.#instance) this.#instance.inFlight -= 1;
    this.#finish(outcome);
  }

  #finish(outcome: RequestOutcome): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stallTimer) clearTimeout(this.#stallTimer);
    const { counters } = this.#parts.version;
    counters.inFlight -= 1;
    counters.end(outcome, this.#latencyMs);
    this.#parts.connection.done(this);
  }

  #detachBody(): void {
    this.#body?.destroy();
  }

  #passInformation(status: number, raw: readonly (string | Buffer)[]): void {
    const { request, response } = this.#parts;
    if (status !== 103 || request.httpVersionMinor === 0) return;
    const headers = answeredHeaders(raw, status);
    const hints: Record<string, string | string[]> = {};
    for (let i = 0; i < headers.length; i += 2) {
      const name = (headers[i] ?? '').toLowerCase();
      const value = headers[i + 1] ?? '';
      const before = hints[name];
      hints[name] = before === undefined ? value : [before, value].flat();
    }
    if (hints.link !== undefined) response.writeEarlyHints(hints);
  }
}

function passedTrailers(trailers: Record<string, string | string[] | undefined>): Record<string, string> | undefined {
  let passed: Record<string, string> | undefined;
  for (const [name, value] of Object.entries(trailers)) {
    if (value === undefined || FORBIDDEN_TRAILERS.has(name.toLowerCase())) continue;
    passed ??= {};
    passed[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return passed;
}
