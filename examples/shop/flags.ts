import type { IncomingMessage } from 'node:http';

/** The one flag of this shop. Evaluated locally; without a flag service it has its default. */
export interface Flags {
  /** `free-shipping`: whether this visitor sees the banner. */
  freeShipping(request: IncomingMessage): boolean;
  close(): Promise<void>;
}

export const NO_FLAGS: Flags = { freeShipping: () => false, close: async () => undefined };
