import simdWasm from 'undici/lib/llhttp/llhttp_simd-wasm.js';
import plainWasm from 'undici/lib/llhttp/llhttp-wasm.js';

/**
 * Answers are parsed by llhttp, the parser of Node itself, in the WebAssembly build that undici carries. It is used
 * directly because undici's own client costs a proxy more than half of its processor time (docs: benchmarks/gateway).
 * The build is not part of undici's documented interface, so undici's version is pinned and the tests of this folder feed
 * it everything it must refuse.
 */

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

interface Llhttp {
  readonly memory: WebAssembly.Memory;
  _initialize?(): void;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  malloc(bytes: number): number;
  free(pointer: number): void;
  llhttp_execute(parser: number, data: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_reset(parser: number): void;
}

const TYPE_RESPONSE = 2;
const OK = 0;
const STOP = -1;
const SKIP_BODY = 1;
const BUFFER_STEP = 65_536;

/** The parser that llhttp is working for; its callbacks carry no other reference. */
let current: AnswerParser | undefined;
let chunk: Buffer = Buffer.alloc(0);
let chunkText: string | undefined;
let buffer = 0;
let bufferSize = 0;
let view = new Uint8Array(0);

const llhttp = instantiate();

function instantiate(): Llhttp {
  const env = {
    wasm_on_message_begin: () => current?.begin() ?? STOP,
    wasm_on_url: () => OK,
    wasm_on_status: (_: number, at: number, length: number) => current?.reasonPiece(textAt(at, length)) ?? STOP,
    wasm_on_header_field: (_: number, at: number, length: number) => current?.namePiece(textAt(at, length)) ?? STOP,
    wasm_on_header_value: (_: number, at: number, length: number) => current?.valuePiece(textAt(at, length)) ?? STOP,
    wasm_on_headers_complete: (_: number, status: number, upgrade: number, keepAlive: number) =>
      current?.headComplete(status, upgrade === 1, keepAlive === 1) ?? STOP,
    wasm_on_body: (_: number, at: number, length: number) =>
      current?.bodyPiece(chunk.subarray(at - buffer, at - buffer + length)) ?? STOP,
    wasm_on_message_complete: () => current?.complete() ?? STOP,
  };
  const { exports } = new WebAssembly.Instance(compile(), { env });
  const instance = exports as unknown as Llhttp;
  instance._initialize?.();
  return instance;
}

function compile(): WebAssembly.Module {
  try {
    return new WebAssembly.Module(simdWasm);
  } catch {
    // A processor without the SIMD instructions.
    return new WebAssembly.Module(plainWasm);
  }
}

function textAt(at: number, length: number): string {
  const text = chunkText ?? chunk.toString('latin1');
  chunkText = text;
  return text.substring(at - buffer, at - buffer + length);
}

/** Parses the answers of one connection, one after another. */
export class AnswerParser {
  readonly #sink: AnswerSink;
  #pointer = llhttp.llhttp_alloc(TYPE_RESPONSE);
  #isExecuting = false;
  #isFreed = false;
  #lines: string[] = [];
  #headerBytes = 0;
  #reason = '';
  #informations = 0;
  #isFinal = false;
  #isWhole = false;
  #error: string | undefined;

  constructor(sink: AnswerSink) {
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
    if (data.length > bufferSize) grow(data.length);
    if (view.buffer !== llhttp.memory.buffer) view = new Uint8Array(llhttp.memory.buffer, buffer, bufferSize);
    view.set(data);
    return this.#run(data, () => llhttp.llhttp_execute(this.#pointer, buffer, data.length));
  }

  /** Tells that no more bytes come: what is wrong with that, or undefined when the answer was complete by it. */
  finish(): string | undefined {
    const error = this.#run(Buffer.alloc(0), () => llhttp.llhttp_finish(this.#pointer));
    return error ?? (this.#isWhole ? undefined : 'the connection ended before the answer was complete');
  }

  free(): void {
    this.#isFreed = true;
    if (this.#isExecuting || this.#pointer === 0) return;
    llhttp.llhttp_free(this.#pointer);
    this.#pointer = 0;
  }

  #run(data: Buffer, work: () => number): string | undefined {
    if (this.#pointer === 0) return 'the parser is closed';
    current = this;
    chunk = data;
    chunkText = undefined;
    this.#isExecuting = true;
    const result = work();
    this.#isExecuting = false;
    current = undefined;
    if (this.#isFreed) this.free();
    return result === OK ? this.#error : (this.#error ?? `llhttp error ${result}`);
  }

  begin(): number {
    // A second answer to one request would be taken for the answer to the next one.
    if (this.#isWhole) return this.#stop('more bytes than the answer');
    this.#lines = [];
    this.#headerBytes = 0;
    this.#reason = '';
    return OK;
  }

  reasonPiece(text: string): number {
    this.#reason += text;
    return this.#count(text.length);
  }

  namePiece(text: string): number {
    const lines = this.#lines;
    if (lines.length % 2 === 0) lines.push(text);
    else lines.push((lines.pop() ?? '') + text);
    return this.#count(text.length);
  }

  valuePiece(text: string): number {
    const lines = this.#lines;
    if (lines.length % 2 === 1) lines.push(text);
    else lines.push((lines.pop() ?? '') + text);
    return this.#count(text.length);
  }

  headComplete(status: number, upgrade: boolean, keepAlive: boolean): number {
    if (upgrade || status === 101) return this.#stop('an upgrade that nobody asked for');
    const lines = this.#lines;
    this.#lines = [];
    if (status < 200) {
      this.#informations += 1;
      if (this.#informations > INFORMATIONS_MAX) return this.#stop('too many informational answers');
      return this.#guard(() => {
        this.#sink.onInformation(status, lines);
        return OK;
      });
    }
    this.#isFinal = true;
    return this.#guard(() => (this.#sink.onHead(status, this.#reason, lines, keepAlive) ? SKIP_BODY : OK));
  }

  bodyPiece(piece: Buffer): number {
    return this.#guard(() => {
      this.#sink.onPiece(piece);
      return OK;
    });
  }

  complete(): number {
    if (!this.#isFinal) return OK;
    this.#isWhole = true;
    const trailers = this.#lines;
    this.#lines = [];
    return this.#guard(() => {
      this.#sink.onWhole(trailers);
      return OK;
    });
  }

  #count(bytes: number): number {
    this.#headerBytes += bytes;
    return this.#headerBytes > ANSWER_HEADER_BYTES_MAX ? this.#stop('a header that is too large') : OK;
  }

  /** An exception must not unwind through the WebAssembly frames. */
  #guard(work: () => number): number {
    try {
      return work();
    } catch (error) {
      return this.#stop(error instanceof Error ? error.message : String(error));
    }
  }

  #stop(error: string): number {
    this.#error = error;
    return STOP;
  }
}

function grow(length: number): void {
  if (buffer !== 0) llhttp.free(buffer);
  bufferSize = Math.ceil(length / BUFFER_STEP) * BUFFER_STEP;
  buffer = llhttp.malloc(bufferSize);
  view = new Uint8Array(llhttp.memory.buffer, buffer, bufferSize);
}
