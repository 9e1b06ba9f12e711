import { METHODS } from 'undici/lib/llhttp/constants.js';
import type { HeaderLines } from '../llhttp/header-lines.ts';
import { Machine, OK, PAUSED, PAUSED_UPGRADE, type Piece, STOP, TYPE_REQUEST, textRead } from '../llhttp/machine.ts';
import { MessageParser } from '../llhttp/message-parser.ts';

/** The target and all header lines of a request together, in bytes. */
export const HEADER_BYTES_MAX = 16_384;

const METHOD_NAMES: readonly string[] = Object.entries(METHODS).reduce<string[]>((names, [name, number]) => {
  names[number] = name;
  return names;
}, []);

/** What the bytes of a head say, before anybody has judged it. */
export interface ReceivedHead {
  readonly method: string;
  readonly target: string;
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** Good until the one who is told of the head returns. */
  readonly lines: HeaderLines;
  /** The client wants to send another request on this connection. */
  readonly keepAlive: boolean;
  readonly isUpgrade: boolean;
}

/** `take over`: what follows the head is another protocol. `stop`: nothing that follows is read as HTTP. */
export type HeadVerdict = 'go on' | 'take over' | 'stop';

export interface RequestSink {
  /** The first byte of a request is here. */
  onBegin(): void;
  onHead(head: ReceivedHead): HeadVerdict;
  /** The piece is good until this returns, as are the bytes behind a head. */
  onPiece(piece: Piece): void;
  /** `wait`: the next request is not read before `resume`. */
  onWhole(): 'go on' | 'wait';
}

/** What a piece of a connection's bytes came to; `failed` is a fault of the sink. */
export type ReadResult = 'read' | 'stopped' | 'too large' | 'invalid' | 'failed' | TakenOver;

export interface TakenOver {
  /** Bytes behind the head. */
  readonly rest: Buffer;
}

/** Parses the requests of one connection, one after another. Trailers are read and forgotten. */
export class RequestParser extends MessageParser {
  protected readonly machine: Machine = new Machine(TYPE_REQUEST, this);
  readonly #sink: RequestSink;
  #target = '';
  #isTaken = false;
  #isStopped = false;
  #isTooLarge = false;
  #hasFailed = false;
  /** What came behind a request after which to wait. */
  #held: Buffer | undefined;

  constructor(sink: RequestSink) {
    super(HEADER_BYTES_MAX);
    this.#sink = sink;
  }

  /** Reads the first `length` bytes, which are good until this returns. */
  execute(data: Buffer, length: number = data.length): ReadResult {
    if (!this.#held) return this.#run(data, length);
    this.#held = Buffer.concat([this.#held, data.subarray(0, length)]);
    return 'read';
  }

  /** Reads on after a `wait`. */
  resume(): ReadResult {
    const held = this.#held;
    this.#held = undefined;
    if (!held || this.machine.isFreed) return 'read';
    this.machine.resume();
    return this.#run(held, held.length);
  }

  #run(data: Buffer, length: number): ReadResult {
    if (this.machine.isFreed) return 'stopped';
    const result = this.read(data, length);
    if (result !== PAUSED_UPGRADE && result !== PAUSED) return this.#resultOf(result);
    return this.#runRest(data.subarray(0, length), result);
  }

  /** `result` is why not all of it was read at once. */
  #runRest(data: Buffer, stopped: number): ReadResult {
    let rest = data;
    for (let result = stopped; ; result = this.read(rest, rest.length)) {
      if (result !== PAUSED_UPGRADE && result !== PAUSED) return this.#resultOf(result);
      // Freed by its sink meanwhile: nothing is known of positions any more.
      if (this.machine.isFreed) return 'stopped';
      rest = rest.subarray(this.machine.position());
      if (result === PAUSED) {
        this.#held = Buffer.from(rest);
        return 'read';
      }
      if (this.#isTaken) return { rest };
      // The protocol that was offered is not wanted here, so the connection goes on as it was (RFC 9110, 7.8).
      this.machine.goOn();
      if (rest.length === 0) return 'read';
    }
  }

  /** Tells that no more bytes come. */
  finish(): ReadResult {
    return this.machine.isFreed ? 'stopped' : this.#resultOf(this.machine.finish());
  }

  override begin(): number {
    this.#target = '';
    super.begin();
    return this.guard(() => {
      this.#sink.onBegin();
      return OK;
    });
  }

  override urlPiece(at: number, length: number): number {
    this.#target += textRead().substring(at, at + length);
    return this.count(length);
  }

  override headComplete(_status: number, isUpgrade: boolean, keepAlive: boolean): number {
    const { method, versionMajor, versionMinor } = this.machine;
    const head: ReceivedHead = {
      method: METHOD_NAMES[method] ?? '',
      target: this.#target,
      versionMajor,
      versionMinor,
      lines: this.lines,
      keepAlive,
      isUpgrade,
    };
    return this.guard(() => {
      const verdict = this.#sink.onHead(head);
      this.#isTaken = verdict === 'take over';
      this.#isStopped = verdict === 'stop';
      this.forgetLines();
      return this.#isStopped ? STOP : OK;
    });
  }

  override bodyPiece(piece: Piece): number {
    return this.guard(() => {
      this.#sink.onPiece(piece);
      return OK;
    });
  }

  override complete(): number {
    this.forgetLines();
    return this.guard(() => (this.#sink.onWhole() === 'wait' ? PAUSED : OK));
  }

  protected override count(bytes: number): number {
    const result = super.count(bytes);
    this.#isTooLarge = result !== OK;
    return result;
  }

  protected override onException(error: Error): number {
    this.#hasFailed = true;
    process.emitWarning(error);
    return super.onException(error);
  }

  #resultOf(result: number): ReadResult {
    if (this.#isStopped || this.machine.isFreed) return 'stopped';
    if (this.#isTooLarge) return 'too large';
    if (this.#hasFailed) return 'failed';
    return this.verdict(result) === undefined ? 'read' : 'invalid';
  }
}
