import type { Snapshot } from '@spillway/evaluator';

/** What the client needs of the place it runs in. Everything that touches the world goes through here. */
export interface Platform {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Wall time in milliseconds. */
  readonly now: () => number;
  /** From 0 up to, but without, 1. */
  readonly random: () => number;
  /**
   * Runs `callback` once after the delay, unless the function it returns is called before. Only a timer that the
   * application itself waits for, `awaited`, may keep its process alive.
   */
  readonly after: (delayMs: number, callback: () => void, awaited?: 'awaited') => () => void;
  readonly storage?: Storage;
  /** Of the UTF-8 text, in lower-case hex. Without it contexts that may only be told digested are not told. */
  readonly sha256?: (text: string) => Promise<string>;
  /** What is wrong with a payload's signature; undefined when it is right. Without it payloads need none. */
  readonly checkSignature?: SignatureCheck;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

export type SignatureCheck = (snapshot: Snapshot) => string | undefined;

/** Keeps the last good payload over a restart. */
export interface Storage {
  /** Undefined when there is none. */
  read(): Promise<string | undefined>;
  /** All of it or nothing: a reader never sees half a payload. */
  write(text: string): Promise<void>;
}
