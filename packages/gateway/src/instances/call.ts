import type { HeaderLines } from '../llhttp/header-lines.ts';
import type { Piece } from '../llhttp/machine.ts';

/** One request to an instance, and who is told how it goes. Exactly one of `onWhole` and `onFailure` is called, once. */
export interface Call {
  readonly isHead: boolean;
  /** Request line and header lines with their framing, up to the empty line. */
  readonly head: string;
  readonly body: BodySource | undefined;
  /** How the body is framed in `head`; meaningless without a body. */
  readonly isChunked: boolean;
  /** The body is about to be read for the first time: from now on the call cannot be repeated. */
  onBodyWanted(): void;
  /** Lines and pieces are good until these return; what is kept of them has to be copied. */
  onInformation(status: number, lines: HeaderLines): void;
  onHead(status: number, reason: string, lines: HeaderLines): void;
  onPiece(piece: Piece): void;
  /** All that came in one piece has been told, and there is more to come. */
  onPause(): void;
  onWhole(trailers: HeaderLines): void;
  onFailure(failure: CallFailure): void;
}

/** A request's body on its way in. */
export interface BodySource {
  /** Tells the sink all of it from the beginning. */
  read(sink: BodySink): void;
  stopReading(): void;
  pause(): void;
  resume(): void;
}

export interface BodySink {
  onBodyPiece(piece: Buffer): void;
  onBodyEnd(): void;
}

/** `connect`: no connection, so the instance has seen nothing. The others happened after bytes may have left. */
export type CallFailure = 'connect' | 'timeout' | 'reset' | 'protocol';

/** The caller's hold on a call under way. */
export interface CallControl {
  pause(): void;
  resume(): void;
  /** Nothing of the call is wanted any more, and nobody is told of it again. */
  cancel(): void;
}

export interface InstanceTimeouts {
  readonly connectMs: number;
  /** From the sent request to the answer's head. */
  readonly answerMs: number;
  /** Between two pieces of an answer. */
  readonly silenceMs: number;
}
