import { type Machine, OK, type Reading, STOP } from './machine.ts';

const BLANKS_BEHIND = /[ \t]+$/;

/** What requests and answers have in common: lines are put together from their pieces, counted, and handed on. */
export abstract class MessageParser implements Reading {
  protected abstract readonly machine: Machine;
  protected headerBytes = 0;
  protected error: string | undefined;
  #lines: string[] = [];
  readonly #headerBytesMax: number;

  constructor(headerBytesMax: number) {
    this.#headerBytesMax = headerBytesMax;
  }

  free(): void {
    this.machine.free();
  }

  begin(): number {
    this.#lines = [];
    this.headerBytes = 0;
    return OK;
  }

  urlPiece(_text: string): number {
    return OK;
  }

  reasonPiece(_text: string): number {
    return OK;
  }

  namePiece(text: string): number {
    const lines = this.#lines;
    if (lines.length % 2 === 0) lines.push(text);
    else lines.push((lines.pop() ?? '') + text);
    return this.count(text.length);
  }

  valuePiece(text: string): number {
    const lines = this.#lines;
    if (lines.length % 2 === 1) lines.push(text);
    else lines.push((lines.pop() ?? '') + text);
    return this.count(text.length);
  }

  abstract headComplete(status: number, isUpgrade: boolean, keepAlive: boolean): number;
  abstract bodyPiece(piece: Buffer): number;
  abstract complete(): number;

  /** Name, value, name, value, as far as they were read since this was asked last; without blanks behind the values. */
  protected takeLines(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    for (let i = 1; i < lines.length; i += 2) {
      const value = lines[i] ?? '';
      const last = value.charCodeAt(value.length - 1);
      if (last === 0x20 || last === 0x09) lines[i] = value.replace(BLANKS_BEHIND, '');
    }
    return lines;
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
