import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * A request's body for one attempt. The client's stream itself is not handed out, because whoever sends a body destroys its
 * stream when sending fails, and that would take away the connection on which the failure has to be answered.
 */
export class RequestBody extends Readable {
  readonly #request: IncomingMessage;
  readonly #onFirstRead: () => void;
  #attached = false;

  constructor(request: IncomingMessage, onFirstRead: () => void) {
    super({ highWaterMark: 65_536 });
    this.#request = request;
    this.#onFirstRead = onFirstRead;
  }

  /** True once bytes may have left; before that, another attempt can send the same body. */
  get isTouched(): boolean {
    return this.#attached;
  }

  override _read(): void {
    if (!this.#attached) {
      this.#attached = true;
      this.#request.on('data', this.#onData);
      this.#request.on('end', this.#onEnd);
      this.#onFirstRead();
    }
    this.#request.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#request.off('data', this.#onData);
    this.#request.off('end', this.#onEnd);
    done(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#request.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };
}
