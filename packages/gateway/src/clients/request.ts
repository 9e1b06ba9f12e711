import type { BodySink, BodySource } from '../instances/call.ts';
import type { Piece } from '../llhttp/machine.ts';
import type { ReceivedHead } from './request-parser.ts';

/** So much of a request body is read after its answer, so that the client gets to read the answer; then the connection is cut. */
export const UNREAD_BODY_MAX = 1_048_576;

/** The connection's hold on the bytes that come. */
export interface Inflow {
  holdBack(): void;
  letGo(): void;
  destroy(): void;
}

/** One request of a client: its head, and its body as it comes. */
export class ClientRequest implements BodySource {
  readonly head: ReceivedHead;
  readonly #inflow: Inflow;
  #sink: BodySink | undefined;
  /** Pieces that came before anybody wanted them. */
  #early: Buffer[] | undefined;
  #isComplete = false;
  #isDiscarded = false;
  #discarded = 0;

  constructor(head: ReceivedHead, inflow: Inflow) {
    this.head = head;
    this.#inflow = inflow;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  read(sink: BodySink): void {
    const early = this.#early;
    this.#sink = sink;
    this.#early = undefined;
    if (early) for (const piece of early) this.#sink?.onBodyPiece(piece);
    if (this.#isComplete) this.#sink?.onBodyEnd();
    else if (early) this.#inflow.letGo();
  }

  stopReading(): void {
    this.#sink = undefined;
  }

  pause(): void {
    if (!this.#isComplete) this.#inflow.holdBack();
  }

  resume(): void {
    if (!this.#isComplete) this.#inflow.letGo();
  }

  /** Reads and forgets the rest of the body. */
  discard(): void {
    if (this.#isComplete) return;
    this.#isDiscarded = true;
    this.#sink = undefined;
    this.#early = undefined;
    this.resume();
  }

  onPiece(piece: Piece): void {
    // Its memory is read into again before a socket that is corked, or whose peer is slow, has written it.
    if (this.#sink) this.#sink.onBodyPiece(piece.copy());
    else if (this.#isDiscarded) {
      this.#discarded += piece.length;
      if (this.#discarded > UNREAD_BODY_MAX) this.#inflow.destroy();
    } else {
      this.#early ??= [];
      this.#early.push(piece.copy());
      this.#inflow.holdBack();
    }
  }

  onWhole(): void {
    // Whoever was slow with this body is no reason not to read the next request.
    this.#inflow.letGo();
    this.#isComplete = true;
    this.#sink?.onBodyEnd();
  }
}
