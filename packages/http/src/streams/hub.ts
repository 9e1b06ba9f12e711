import { HEARTBEAT_MS } from '@spillway/contract';
import type { Control, Subscription } from '@spillway/control';
import type { Principal } from '@spillway/core';
import { type Caller, type Credential, identify } from '../credentials.ts';
import type { Log } from '../log.ts';
import type { StreamEvent } from './event.ts';
import type { EndReason, Line } from './line.ts';

/** Unsent bytes beside the largest event that a reader may fall behind before it is cut off; it comes back with `Last-Event-ID`. */
export const MAX_UNSENT_BYTES = 4_194_304;
export const MAX_STREAMS = 20_000;
interface Stream {
  readonly line: Line;
  readonly caller: Caller;
  subscription: Subscription | undefined;
  /** Bytes of the largest event so far: a snapshot beyond the bound must not be what its reader is cut off for. */
  largest: number;
  /** Bytes the socket had taken at the last heartbeat. */
  taken: number;
}

export interface OpenStream {
  send(event: StreamEvent): void;
  attach(subscription: Subscription): void;
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

  /** Whose the streams are, each as often as it has one. */
  callers(): readonly Principal[] {
    return [...this.#streams].map(({ caller }) => caller.principal);
  }

  /** What is returned takes events until the reader leaves or falls too far behind. */
  open(line: Line, caller: Caller): OpenStream {
    const stream: Stream = { line, caller, subscription: undefined, largest: 0, taken: 0 };
    this.#streams.add(stream);
    line.onGone(() => this.#forget(stream));
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
      for (const stream of streams) this.#end(stream, 'revoked');
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const stream of this.#streams) this.#end(stream, 'closing');
  }

  #send(stream: Stream, event: StreamEvent): void {
    if (!this.#streams.has(stream)) return;
    if (stream.line.unsent > MAX_UNSENT_BYTES + stream.largest) {
      this.#cut(stream, 'reader too slow, stream cut');
      return;
    }
    stream.largest = Math.max(stream.largest, stream.line.send(event));
  }

  #beat(): void {
    for (const stream of this.#streams) {
      const { taken, unsent: waiting } = stream.line;
      // Nothing moved for a whole interval although something waits: nobody is reading any more.
      const isStuck = waiting > 0 && taken - waiting === stream.taken;
      if (isStuck || !stream.line.beat()) {
        this.#cut(stream, 'reader gone, stream cut');
        continue;
      }
      stream.taken = taken - waiting;
    }
    this.recheck().catch((error: unknown) => this.#log.warn({ err: error }, 'credentials of streams not checked'));
  }

  /** What was sent still arrives, nothing comes after it. */
  #end(stream: Stream, reason: EndReason): void {
    this.#forget(stream);
    stream.line.end(reason);
  }

  #cut(stream: Stream, message: string): void {
    this.#log.warn({ reader: stream.caller.principal.name, unsent_bytes: stream.line.unsent }, message);
    stream.line.cut();
    this.#forget(stream);
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    stream.subscription?.close();
    stream.subscription = undefined;
  }
}
