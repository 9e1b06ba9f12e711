export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What may be answered where `T` is the default: of `true`, any of true and false. */
export type Widened<T> = T extends boolean ? boolean : T extends string ? string : T extends number ? number : T;

export interface Answer<T> {
  readonly value: T;
  readonly variant?: string;
  readonly reason: string;
  readonly errorCode?: string;
}

export interface Status {
  readonly is: 'starting' | 'ready' | 'stale' | 'failed' | 'closed';
  readonly configuration: number;
  readonly source: string;
  readonly problem?: string;
}

/** What components need of a client; the one of `@spillway/web` is such a client. */
export interface FlagClient {
  details<T extends Json>(flagKey: string, fallback: T): Answer<Widened<T>>;
  /** As the server rendered the page, whatever has come since. */
  initial<T extends Json>(flagKey: string, fallback: T): Answer<Widened<T>>;
  /** Of clients that `withTracking` of `@spillway/web/track` has made. */
  track?(name: string, details?: { readonly value?: number; readonly [name: string]: unknown }): void;
  status(): Status;
  on(event: 'change', listener: (change: { readonly flags: readonly string[] }) => void): () => void;
  on(event: 'status', listener: (status: Status) => void): () => void;
}
