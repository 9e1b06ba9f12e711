import type { HeaderLines } from '../llhttp/header-lines.ts';
import { Machine, OK, type Piece, SKIP_BODY, TYPE_RESPONSE, textRead } from '../llhttp/machine.ts';
import { MessageParser } from '../llhttp/message-parser.ts';

/** All header lines of an answer together, names and values. */
export const ANSWER_HEADER_BYTES_MAX = 65_536;

/** Informational answers (1xx) before the final one. */
export const INFORMATIONS_MAX = 16;

/** Lines and pieces are good until the one who is told of them returns. */
export interface AnswerSink {
  /** Returns true when the answer has no body whatever it says (to HEAD). */
  onHead(status: number, reason: string, lines: HeaderLines, keepAlive: boolean): boolean;
  onInformation(status: number, lines: HeaderLines): void;
  onPiece(piece: Piece): void;
  onWhole(trailers: HeaderLines): void;
}

/** Parses the answers of one connection, one after another. */
export class AnswerParser extends MessageParser {
  protected readonly machine: Machine = new Machine(TYPE_RESPONSE, this);
  readonly #sink: AnswerSink;
  #reason = '';
  #informations = 0;
  #isFinal = false;
  #isWhole = false;

  constructor(sink: AnswerSink) {
    super(ANSWER_HEADER_BYTES_MAX);
    this.#sink = sink;
  }

  /** Makes ready for the next answer on the connection. */
  reset(): void {
    this.#informations = 0;
    this.#isFinal = false;
    this.#isWhole = false;
  }

  /** What is wrong with the first `length` bytes, or undefined. Calls the sink while it reads. */
  execute(data: Buffer, length: number = data.length): string | undefined {
    if (this.machine.isFreed) return 'the parser is closed';
    return this.verdict(this.read(data, length));
  }

  /** Tells that no more bytes come: what is wrong with that, or undefined when the answer was complete by it. */
  finish(): string | undefined {
    if (this.machine.isFreed) return 'the parser is closed';
    const error = this.verdict(this.machine.finish());
    return error ?? (this.#isWhole ? undefined : 'the connection ended before the answer was complete');
  }

  override begin(): number {
    // A second answer to one request would be taken for the answer to the next one.
    if (this.#isWhole) return this.stop('more bytes than the answer');
    this.#reason = '';
    return super.begin();
  }

  override reasonPiece(at: number, length: number): number {
    this.#reason += textRead().substring(at, at + length);
    return this.count(length);
  }

  override headComplete(status: number, upgrade: boolean, keepAlive: boolean): number {
    if (upgrade || status === 101) return this.stop('an upgrade that nobody asked for');
    if (status < 200) {
      this.#informations += 1;
      if (this.#informations > INFORMATIONS_MAX) return this.stop('too many informational answers');
      return this.guard(() => {
        this.#sink.onInformation(status, this.lines);
        this.forgetLines();
        return OK;
      });
    }
    this.#isFinal = true;
    return this.guard(() => {
      const skipsBody = this.#sink.onHead(status, this.#reason, this.lines, keepAlive);
      this.forgetLines();
      return skipsBody ? SKIP_BODY : OK;
    });
  }

  override bodyPiece(piece: Piece): number {
    return this.guard(() => {
      this.#sink.onPiece(piece);
      return OK;
    });
  }

  override complete(): number {
    if (!this.#isFinal) return OK;
    this.#isWhole = true;
    return this.guard(() => {
      this.#sink.onWhole(this.lines);
      this.forgetLines();
      return OK;
    });
  }
}
