import { Machine, OK, SKIP_BODY, TYPE_RESPONSE } from '../llhttp/machine.ts';
import { MessageParser } from '../llhttp/message-parser.ts';

/** All header lines of an answer together, names and values. */
export const ANSWER_HEADER_BYTES_MAX = 65_536;

/** Informational answers (1xx) before the final one. */
export const INFORMATIONS_MAX = 16;

export interface AnswerSink {
  /** Name, value, name, value. Returns true when the answer has no body whatever it says (to HEAD). */
  onHead(status: number, reason: string, headers: readonly string[], keepAlive: boolean): boolean;
  onInformation(status: number, headers: readonly string[]): void;
  onPiece(piece: Buffer): void;
  onWhole(trailers: readonly string[]): void;
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

  /** What is wrong with the bytes, or undefined. Calls the sink while it reads. */
  execute(data: Buffer): string | undefined {
    if (this.machine.isFreed) return 'the parser is closed';
    return this.verdict(this.machine.execute(data));
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

  override reasonPiece(text: string): number {
    this.#reason += text;
    return this.count(text.length);
  }

  override headComplete(status: number, upgrade: boolean, keepAlive: boolean): number {
    if (upgrade || status === 101) return this.stop('an upgrade that nobody asked for');
    const lines = this.takeLines();
    if (status < 200) {
      this.#informations += 1;
      if (this.#informations > INFORMATIONS_MAX) return this.stop('too many informational answers');
      return this.guard(() => {
        this.#sink.onInformation(status, lines);
        return OK;
      });
    }
    this.#isFinal = true;
    return this.guard(() => (this.#sink.onHead(status, this.#reason, lines, keepAlive) ? SKIP_BODY : OK));
  }

  override bodyPiece(piece: Buffer): number {
    return this.guard(() => {
      this.#sink.onPiece(piece);
      return OK;
    });
  }

  override complete(): number {
    if (!this.#isFinal) return OK;
    this.#isWhole = true;
    const trailers = this.takeLines();
    return this.guard(() => {
      this.#sink.onWhole(trailers);
      return OK;
    });
  }
}
