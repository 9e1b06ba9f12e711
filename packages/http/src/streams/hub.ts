import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { HEARTBEAT_MS } from '@spillway/contract';
import type { Control, Subscription } from '@spillway/control';
import { type Caller, type Credential, identify } from '../credentials.ts';
import type { Log } from '../log.ts';

/** Unsent bytes beside the largest event that a reader may fall behind before it is cut off; it comes back with `Last-Event-ID`. */
export const MAX_UNSENT_BYTES = 4_194_304;
export const MAX_STREAMS = 20_000;
/** How long a reader is asked to wait before it comes back. */
export const RETRY_MS = 1_000;

const HEARTBEAT = Buffer.from(':\n\n');
const OPENING = Buffer.from(`retry: ${RETRY_MS}\n\n`);

interface Stream {
  readonly response: ServerResponse;
  /** What events are written to: the socket itself where nothing else can come before or between them. */
  readonly out: Writable;
  readonly caller: Caller;
  subscription: Subscription | undefined;
  /** Bytes of the largest event so far: a snapshot beyond the bound must not be what its reader is cut off for. */
  largest: number;
  /** Bytes the socket had taken at the last heartbeat. */
  taken: number;
}

/** Everyone who listens. One timer serves all of them, and an event's bytes are made once however many receive it. */
export class StreamHub {
  readonly #control: Control;
  readonly #log: Log;
  readonly #streams = new Set<Stream>();
  readonly #timer: NodeJS.Timeout;
  #closed = false;

  constructor(control: Control, log: Log, heartbeatMs = HEARTBEAT_MS) {
    this.#control = control;
    this.#log = log;
    this.#timer = setInterval(() => this.#beat(), heartbeatMs);
    this.#timer.unref();
  }

  get size(): number {
    return this.#streams.size;
  }

  get isFull(): boolean {
    return this.#closed || this.#streams.size >= MAX_STREAMS;
  }

  /** Starts the stream's answer; what is returned takes events until the reader leaves or falls too far behind. */
  open(
    response: ServerResponse,
    caller: Caller,
    headers: Readonly<Record<string, string>>,
  ): { send(event: Buffer): void; attach(subscription: Subscription): void } {
    // Without chunks an event goes out in one piece, the same bytes for everyone; the end of the connection ends it.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    response.write(OPENING);
    const stream: Stream = { response, out: outOf(response), caller, subscription: undefined, largest: 0, taken: 0 };
    this.#streams.add(stream);
    response.once('close', () => this.#forget(stream));
    response.once('error', () => this.#forget(stream));
    return {
      send: (event) => this.#send(stream, event),
      attach: (subscription) => {
        stream.subscription = subscription;
        if (!this.#streams.has(stream)) subscription.close();
      },
    };
  }

  /** Ends every stream whose credential no longer counts. */
  async recheck(): Promise<void> {
    const bySecret = new Map<string, { readonly credential: Credential; readonly streams: Stream[] }>();
    for (const stream of this.#streams) {
      const { credential } = stream.caller;
      const id = `${credential.via} ${credential.secret}`;
      const group = bySecret.get(id);
      if (group === undefined) bySecret.set(id, { credential, streams: [stream] });
      else group.streams.push(stream);
    }
    for (const { credential, streams } of bySecret.values()) {
      if ((await identify(credential, this.#control)) !== undefined) continue;
      for (const stream of streams) this.#end(stream);
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const stream of this.#streams) this.#end(stream);
  }

  #send(stream: Stream, event: Buffer): void {
    if (!this.#streams.has(stream)) return;
    if (stream.response.writableLength > MAX_UNSENT_BYTES + stream.largest) {
      this.#cut(stream, 'reader too slow, stream cut');
      return;
    }
    stream.largest = Math.max(stream.largest, event.length);
    stream.out.write(event);
  }

  #beat(): void {
    for (const stream of this.#streams) {
      const taken = stream.response.socket?.bytesWritten ?? 0;
      const waiting = stream.response.writableLength;
      // Nothing moved for a whole interval although something waits: nobody is reading any more.
      if (waiting > 0 && taken - waiting === stream.taken) {
        this.#cut(stream, 'reader gone, stream cut');
        continue;
      }
      stream.taken = taken - waiting;
      stream.out.write(HEARTBEAT);
    }
    this.recheck().catch((error: unknown) => this.#log.warn({ err: error }, 'credentials of streams not checked'));
  }

  /** What was sent still arrives, nothing comes after it. */
  #end(stream: Stream): void {
    this.#forget(stream);
    stream.response.end();
  }

  #cut(stream: Stream, message: string): void {
    this.#log.warn({ reader: stream.caller.principal.name, unsent_bytes: stream.response.writableLength }, message);
    stream.response.destroy();
    this.#forget(stream);
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    stream.subscription?.close();
    stream.subscription = undefined;
  }
}

/** A response without chunks adds nothing to the bytes but time, unless it still waits for the answers before it. */
function outOf(response: ServerResponse): Writable {
  const { socket } = response;
  return socket !== null && response.writableLength === socket.writableLength ? socket : response;
}

const made = new WeakMap<object, Buffer>();

/** The bytes of one event, made at its first reader and shared by all others. */
export function eventBytes(source: object, make: () => { id: number; event: string; data: string }): Buffer {
  const known = made.get(source);
  if (known !== undefined) return known;
  const { id, event, data } = make();
  const bytes = Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`);
  made.set(source, bytes);
  return bytes;
}
