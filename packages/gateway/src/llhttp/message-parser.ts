import { HeaderLines } from './header-lines.ts';
import { type Machine, OK, type Piece, type Reading, STOP, textRead } from './machine.ts';

/** So many times the counted bytes a head may take with what is not counted: blanks and ends of lines. */
const UNCOUNTED_FACTOR = 4;

/** What requests and answers have in common: lines are put together from their pieces, counted, and handed on. */
export abstract class MessageParser implements Reading {
  protected abstract readonly machine: Machine;
  protected headerBytes = 0;
  protected error: string | undefined;
  readonly #lines = new HeaderLines();
  /** What was read before of lines that are not complete yet. */
  #before = '';
  readonly #headerBytesMax: number;

  constructor(headerBytesMax: number) {
    this.#headerBytesMax = headerBytesMax;
  }

  free(): void {
    this.machine.free();
  }

  begin(): number {
    this.forgetLines();
    this.headerBytes = 0;
    return OK;
  }

  urlPiece(_at: number, _length: number): number {
    return OK;
  }

  reasonPiece(_at: number, _length: number): number {
    return OK;
  }

  namePiece(at: number, length: number): number {
    this.#lines.addName(this.#before.length + at, length);
    return this.count(length);
  }

  valuePiece(at: number, length: number): number {
    if (!this.#lines.addValue(this.#before.length + at, length)) return this.stop('a header value in several parts');
    return this.count(length);
  }

  abstract headComplete(status: number, isUpgrade: boolean, keepAlive: boolean): number;
  abstract bodyPiece(piece: Piece): number;
  abstract complete(): number;

  /** The lines that were read since they were forgotten; good until then. */
  protected get lines(): HeaderLines {
    const lines = this.#lines;
    if (lines.count > 0) lines.complete(this.#before + textRead());
    return lines;
  }

  protected forgetLines(): void {
    this.#lines.clear();
    this.#before = '';
  }

  /** Reads the first `length` bytes of `data`: an error number of llhttp, or `OK`. */
  protected read(data: Buffer, length: number): number {
    const result = this.machine.execute(data, length);
    if (this.#lines.count > 0) this.#keepText();
    return result;
  }

  /** The text of lines that go on in what is read next. */
  #keepText(): void {
    const start = this.#before === '' ? this.#lines.start : 0;
    this.#before = (this.#before + textRead()).slice(start);
    this.#lines.moveBack(start);
    if (this.#before.length > this.#headerBytesMax * UNCOUNTED_FACTOR) this.count(this.#headerBytesMax);
  }

  protected count(bytes: number): number {
    this.headerBytes += bytes;
    return this.headerBytes > this.#headerBytesMax ? this.stop('a header that is too large') : OK;
  }

  /** An exception must not unwind through the WebAssembly frames. */
  protected guard(work: () => number): number {
    try {
      return work();
    } catch (error) {
      return this.onException(error instanceof Error ? error : new Error(String(error)));
    }
  }

  protected onException(error: Error): number {
    return this.stop(error.message);
  }

  protected stop(error: string): number {
    this.error = error;
    return STOP;
  }

  /** What is wrong after llhttp has returned, or undefined. */
  protected verdict(result: number): string | undefined {
    return result === OK ? this.error : (this.error ?? `llhttp error ${result}`);
  }
}
