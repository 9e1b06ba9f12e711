export interface EventParts {
  readonly id: number;
  readonly event: string;
  /** JSON. */
  readonly data: string;
}

/** What readers are told, in the form that each kind of stream has it; each form is made once, when first sent. */
export class StreamEvent {
  readonly #parts: EventParts;
  #sse: Buffer | undefined;
  #message: Buffer | undefined;

  constructor(parts: EventParts) {
    this.#parts = parts;
  }

  /** As a server-sent event. */
  get sse(): Buffer {
    const { id, event, data } = this.#parts;
    this.#sse ??= Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`);
    return this.#sse;
  }

  /** As the text of a WebSocket's message: the same three as one JSON object. */
  get message(): Buffer {
    const { id, event, data } = this.#parts;
    this.#message ??= Buffer.from(`{"id":${id},"event":${JSON.stringify(event)},"data":${data}}`);
    return this.#message;
  }
}

const made = new WeakMap<object, StreamEvent>();

/** One event, made at its first reader and shared by all others. */
export function streamEvent(source: object, make: () => EventParts): StreamEvent {
  const known = made.get(source);
  if (known !== undefined) return known;
  const event = new StreamEvent(make());
  made.set(source, event);
  return event;
}
