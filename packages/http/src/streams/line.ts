import type { StreamEvent } from './event.ts';

/** A reader's connection, whatever it speaks. */
export interface Line {
  /** Bytes that the socket has not taken yet. */
  readonly unsent: number;
  /** Bytes that it has taken since it was opened. */
  readonly taken: number;
  /** How many bytes there were to send. */
  send(event: StreamEvent): number;
  /** Says that this end is there; false when the other has shown for too long that it is not. */
  beat(): boolean;
  /** Says good-bye after what is on its way. */
  end(reason: EndReason): void;
  /** Ends at once. */
  cut(): void;
  /** Called once, however it ended. */
  onGone(listener: () => void): void;
}

export type EndReason = 'closing' | 'revoked';
