import simdWasm from 'undici/lib/llhttp/llhttp_simd-wasm.js';
import plainWasm from 'undici/lib/llhttp/llhttp-wasm.js';

/**
 * llhttp, the parser of Node itself, in the WebAssembly build that undici carries, for requests and for answers. It is used
 * directly because Node's server and undici's client do far more for each message than a proxy needs (docs/decisions/0006).
 * The build is not part of undici's documented interface, so undici's version is pinned and the
 * tests of the parsers feed it everything it must refuse.
 */

export const TYPE_REQUEST = 1;
export const TYPE_RESPONSE = 2;

export const OK = 0;
/** What a callback returns to stop the parser for good. */
export const STOP = -1;
export const SKIP_BODY = 1;
/** What a callback returns at the end of a message to stop the parser until it is resumed. */
export const PAUSED = 21;
/** The message ended, and what follows may be another protocol. */
export const PAUSED_UPGRADE = 22;

const BUFFER_STEP = 65_536;
const NOTHING = Buffer.alloc(0);

/** What llhttp finds, by its place in what is being read; each returns `OK`, `STOP` or, for a head, `SKIP_BODY`. */
export interface Reading {
  begin(): number;
  urlPiece(at: number, length: number): number;
  reasonPiece(at: number, length: number): number;
  namePiece(at: number, length: number): number;
  valuePiece(at: number, length: number): number;
  headComplete(status: number, isUpgrade: boolean, keepAlive: boolean): number;
  bodyPiece(piece: Piece): number;
  complete(): number;
}

/** A piece of a body where it was read: good until whoever is told of it returns. */
export interface Piece {
  readonly length: number;
  /** A character for each byte. */
  text(): string;
  copy(): Buffer;
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
  llhttp_resume(parser: number): void;
  llhttp_resume_after_upgrade(parser: number): void;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_method(parser: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
}

/** Whom llhttp is working for; its callbacks carry no other reference. */
let current: Reading | undefined;
let chunk: Buffer = NOTHING;
let chunkLength = 0;
let chunkText: string | undefined;
let buffer = 0;
let bufferSize = 0;
let view = new Uint8Array(0);

/** One for all, as only one machine runs at a time and a piece is good for one callback only. */
const piece = {
  at: 0,
  length: 0,
  text(): string {
    const end = this.at + this.length;
    // A piece behind a head is part of a text that was made already.
    return chunkText === undefined ? chunk.toString('latin1', this.at, end) : chunkText.substring(this.at, end);
  },
  copy(): Buffer {
    return Buffer.from(chunk.subarray(this.at, this.at + this.length));
  },
};

const llhttp = instantiate();

function instantiate(): Llhttp {
  const env = {
    wasm_on_message_begin: () => current?.begin() ?? STOP,
    wasm_on_url: (_: number, at: number, length: number) => current?.urlPiece(at - buffer, length) ?? STOP,
    wasm_on_status: (_: number, at: number, length: number) => current?.reasonPiece(at - buffer, length) ?? STOP,
    wasm_on_header_field: (_: number, at: number, length: number) => current?.namePiece(at - buffer, length) ?? STOP,
    wasm_on_header_value: (_: number, at: number, length: number) => current?.valuePiece(at - buffer, length) ?? STOP,
    wasm_on_headers_complete: (_: number, status: number, upgrade: number, keepAlive: number) =>
      current?.headComplete(status, upgrade === 1, keepAlive === 1) ?? STOP,
    wasm_on_body: (_: number, at: number, length: number) => {
      piece.at = at - buffer;
      piece.length = length;
      return current?.bodyPiece(piece) ?? STOP;
    },
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

/** All of what is being read, a character for each byte. */
export function textRead(): string {
  const text = chunkText ?? chunk.toString('latin1', 0, chunkLength);
  chunkText = text;
  return text;
}

/** One llhttp parser in the memory that all of them share. */
export class Machine {
  readonly #reading: Reading;
  #pointer: number;
  #isFreed = false;
  #isExecuting = false;

  constructor(type: typeof TYPE_REQUEST | typeof TYPE_RESPONSE, reading: Reading) {
    this.#reading = reading;
    this.#pointer = llhttp.llhttp_alloc(type);
  }

  get isFreed(): boolean {
    return this.#isFreed;
  }

  /** Number of the method of the request that is being read, in llhttp's own order. */
  get method(): number {
    return llhttp.llhttp_get_method(this.#pointer);
  }

  get versionMajor(): number {
    return llhttp.llhttp_get_http_major(this.#pointer);
  }

  get versionMinor(): number {
    return llhttp.llhttp_get_http_minor(this.#pointer);
  }

  /** Reads the first `length` bytes. An error number of llhttp, or `OK`. Calls the reading meanwhile. */
  execute(data: Buffer, length: number): number {
    this.#enter(data, length);
    if (length > bufferSize) grow(length);
    if (view.buffer !== llhttp.memory.buffer) view = new Uint8Array(llhttp.memory.buffer, buffer, bufferSize);
    data.copy(view, 0, 0, length);
    return this.#leave(llhttp.llhttp_execute(this.#pointer, buffer, length));
  }

  /** Tells that no more bytes come. */
  finish(): number {
    this.#enter(NOTHING, 0);
    return this.#leave(llhttp.llhttp_finish(this.#pointer));
  }

  /** How many bytes of the last piece were read before `PAUSED` or `PAUSED_UPGRADE`. */
  position(): number {
    return llhttp.llhttp_get_error_pos(this.#pointer) - buffer;
  }

  /** Goes on after `PAUSED`. */
  resume(): void {
    llhttp.llhttp_resume(this.#pointer);
  }

  /** What follows after `PAUSED_UPGRADE` is HTTP all the same. */
  goOn(): void {
    llhttp.llhttp_resume_after_upgrade(this.#pointer);
  }

  free(): void {
    this.#isFreed = true;
    if (this.#isExecuting || this.#pointer === 0) return;
    llhttp.llhttp_free(this.#pointer);
    this.#pointer = 0;
  }

  #enter(data: Buffer, length: number): void {
    if (this.#isFreed) throw new Error('The parser is closed.');
    // Two at once would read each other's bytes: they share the buffer.
    if (current) throw new Error('A parser was started inside another.');
    current = this.#reading;
    chunk = data;
    chunkLength = length;
    chunkText = undefined;
    this.#isExecuting = true;
  }

  #leave(result: number): number {
    this.#isExecuting = false;
    current = undefined;
    if (this.#isFreed) this.free();
    return result;
  }
}

function grow(length: number): void {
  if (buffer !== 0) llhttp.free(buffer);
  bufferSize = Math.ceil(length / BUFFER_STEP) * BUFFER_STEP;
  buffer = llhttp.malloc(bufferSize);
  view = new Uint8Array(llhttp.memory.buffer, buffer, bufferSize);
}
