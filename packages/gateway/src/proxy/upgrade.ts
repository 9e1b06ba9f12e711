import { type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LINGER_MS } from '../clients/connection.ts';
import { UNREAD_BODY_MAX } from '../clients/request.ts';
import type { ReceivedHead } from '../clients/request-parser.ts';
import type { CallFailure } from '../instances/call.ts';
import { type Instance, pickInstance } from '../instances/instance.ts';
import { HeaderLines } from '../llhttp/header-lines.ts';
import type { RequestOutcome } from '../metrics/counters.ts';
import type { VersionState } from '../routes/services.ts';
import { FAILURE_ANSWERS } from './failure.ts';
import { answeredHeaders } from './forwarded.ts';
import { answerPlainAndClose } from './plain-answer.ts';

export interface UpgradeParts {
  /** The protocol that the client asks for, as it wrote it. */
  readonly protocol: string;
  readonly socket: Socket;
  /** Bytes that the client sent after its head. */
  readonly early: Buffer;
  readonly version: VersionState;
  readonly path: string;
  /** As they go over the wire. */
  readonly headers: string;
  readonly setCookie: string | undefined;
  readonly connectMs: number;
  readonly answerMs: number;
  readonly clientStallMs: number;
}

/**
 * The protocol to change to, if it is one that takes over the connection for good and cannot carry further requests past the
 * routes.
 */
export function upgradeTaken({ isUpgrade, method, versionMinor, lines }: ReceivedHead): string | undefined {
  // HTTP/1.0 knows no upgrade (RFC 9110, 7.8).
  if (!isUpgrade || method !== 'GET' || versionMinor === 0) return undefined;
  const list = lines.list();
  const offered = list.filter((_, i) => i % 2 === 1 && list[i - 1]?.toLowerCase() === 'upgrade');
  return offered.length === 1 && offered[0]?.toLowerCase() === 'websocket' ? offered[0] : undefined;
}

/** Carries a connection over to a version; from the 101 on both sides are joined byte by byte until either ends. */
export function carryUpgrade(parts: UpgradeParts): void {
  new Upgrade(parts).attempt();
}

class Upgrade {
  readonly #parts: UpgradeParts;
  readonly #startedMs = performance.now();
  readonly #tried: Instance[] = [];
  #cancel: (() => void) | undefined;
  #latencyMs: number | undefined;
  readonly #early: Buffer[];
  #earlyBytes = 0;
  #isRefused = false;
  #ended = false;

  constructor(parts: UpgradeParts) {
    this.#parts = parts;
    this.#early = [parts.early];
    parts.version.counters.inFlight += 1;
    parts.socket.on('error', () => parts.socket.destroy());
    // It is read all the time, as only that tells when the client leaves.
    parts.socket.on('data', this.#onEarly);
    parts.socket.on('end', this.#onEarlyEnd);
    parts.socket.resume();
    parts.socket.on('close', () => {
      this.#cancel?.();
      this.#end('client_gone');
    });
  }

  attempt(): void {
    const { protocol, path, headers, version } = this.#parts;
    const instance = pickInstance(version.instances, this.#tried.length === 0 ? undefined : this.#tried);
    if (!instance) {
      this.#end('connect');
      this.#answerFailure('connect');
      return;
    }
    const { hostname, port } = new URL(instance.url);
    const release = hold(instance);
    let connected = false;
    const outgoing = sendRequest({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 80 : Number(port),
      method: 'GET',
      path,
      agent: false,
      headers: [...listOf(headers), 'Connection', 'Upgrade', 'Upgrade', protocol],
    });
    const waiting = setTimeout(() => outgoing.destroy(new TooSlow()), this.#parts.answerMs);
    this.#cancel = () => outgoing.destroy();
    outgoing.once('close', () => {
      clearTimeout(waiting);
      clearTimeout(connecting);
    });
    const connecting = setTimeout(() => outgoing.destroy(new TooSlow()), this.#parts.connectMs);
    outgoing.once('socket', (upstream) =>
      upstream.once('connect', () => {
        connected = true;
        clearTimeout(connecting);
      }),
    );
    outgoing.once('upgrade', (answer, upstream, early) => {
      clearTimeout(waiting);
      upstream.once('close', release);
      this.#join(answer, upstream, early);
    });
    outgoing.once('response', (answer) => {
      clearTimeout(waiting);
      answer.once('close', release);
      this.#passRefusal(answer);
    });
    outgoing.once('error', (error) => {
      release();
      this.#onError(error, connected, instance);
    });
    outgoing.end();
  }

  #join(answer: IncomingMessage, upstream: Duplex, early: Buffer): void {
    const { socket } = this.#parts;
    this.#latencyMs = performance.now() - this.#startedMs;
    this.#cancel = () => upstream.destroy();
    upstream.on('error', () => upstream.destroy());
    if (socket.destroyed) {
      upstream.destroy();
      return;
    }
    socket.off('data', this.#onEarly);
    socket.off('end', this.#onEarlyEnd);
    upstream.on('close', () => {
      this.#end('answered');
      socket.setTimeout(this.#parts.clientStallMs, () => socket.destroy());
      socket.end(() => socket.destroy());
    });
    const protocol = answer.headers.upgrade ?? 'websocket';
    socket.write(this.#head(answer, `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n`), 'latin1');
    if (early.length > 0) socket.write(early);
    for (const piece of this.#early) if (piece.length > 0) upstream.write(piece);
    socket.pipe(upstream);
    upstream.pipe(socket);
  }

  #passRefusal(answer: IncomingMessage): void {
    const { socket } = this.#parts;
    this.#latencyMs = performance.now() - this.#startedMs;
    this.#cancel = () => answer.destroy();
    answer.on('error', () => socket.destroy());
    answer.on('end', () => this.#end((answer.statusCode ?? 0) >= 500 ? 'status_5xx' : 'answered'));
    this.#closeInTime();
    socket.write(this.#head(answer, 'Connection: close\r\n'), 'latin1');
    answer.pipe(socket);
  }

  #head(answer: IncomingMessage, added: string): string {
    const { setCookie } = this.#parts;
    const passed = answeredHeaders(HeaderLines.of(answer.rawHeaders), answer.statusCode ?? 0).text;
    const cookie = setCookie === undefined ? '' : `Set-Cookie: ${setCookie}\r\n`;
    return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage ?? ''}\r\n${passed}${added}${cookie}\r\n`;
  }

  #onError(error: Error, connected: boolean, instance: Instance): void {
    const { socket, version } = this.#parts;
    if (this.#ended) return;
    if (this.#latencyMs !== undefined) {
      this.#end('reset');
      socket.destroy();
      return;
    }
    if (!connected && !socket.destroyed) {
      instance.markDown(performance.now());
      version.counters.retries += 1;
      this.#tried.push(instance);
      this.attempt();
      return;
    }
    const failure = failureOf(error);
    this.#end(failure);
    this.#answerFailure(failure);
  }

  #answerFailure(failure: CallFailure): void {
    const { status, message } = FAILURE_ANSWERS[failure];
    this.#closeInTime();
    answerPlainAndClose(this.#parts.socket, status, message);
  }

  /** No client speaks before it is joined, or it is none that could be joined. */
  readonly #onEarly = (piece: Buffer): void => {
    this.#earlyBytes += piece.length;
    if (this.#earlyBytes > UNREAD_BODY_MAX) this.#parts.socket.destroy();
    else if (!this.#isRefused) this.#early.push(piece);
  };

  readonly #onEarlyEnd = (): void => {
    if (!this.#isRefused) this.#parts.socket.destroy();
  };

  /** The refusal is the last on its connection, whether or not the client reads it and leaves. */
  #closeInTime(): void {
    const { socket, clientStallMs } = this.#parts;
    this.#isRefused = true;
    socket.setTimeout(clientStallMs, () => socket.destroy());
    socket.once('finish', () => {
      const linger = setTimeout(() => socket.destroy(), LINGER_MS);
      socket.once('close', () => clearTimeout(linger));
    });
  }

  #end(outcome: RequestOutcome): void {
    if (this.#ended) return;
    this.#ended = true;
    const { counters } = this.#parts.version;
    counters.inFlight -= 1;
    // A joined connection has had its answer, whoever hung up in the end.
    const actual = outcome === 'client_gone' && this.#latencyMs !== undefined ? 'answered' : outcome;
    counters.end(actual, this.#latencyMs ?? performance.now() - this.#startedMs);
  }
}

/** Counts one more call to the instance until the returned function is called, however often that is. */
function hold(instance: Instance): () => void {
  let isHeld = true;
  instance.inFlight += 1;
  return () => {
    if (isHeld) instance.inFlight -= 1;
    isHeld = false;
  };
}

/** Name, value, name, value. */
function listOf(headers: string): string[] {
  return headers.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [] : [line.slice(0, colon), line.slice(colon + 2)];
  });
}

class TooSlow extends Error {}

function failureOf(error: Error): CallFailure {
  if (error instanceof TooSlow) return 'timeout';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code.startsWith('HPE_') ? 'protocol' : 'reset';
}
