import type { Outcome, Principal } from '@spillway/core';

/** Who asks, why, and under which conditions. Permissions are checked per use case, nowhere else. */
export interface Call {
  readonly principal: Principal;
  readonly reason?: string;
  /** From `If-Match`; absent: write on whatever version is current. */
  readonly expected_version?: number;
  readonly idempotency_key?: string;
}

export type Versioned<T> = T & { readonly version: number };

/** What a change left behind; `unchanged` when it was so before, and no version was made. */
export type Written<T> = Versioned<T> & { readonly unchanged?: true };

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

export interface Subscription {
  close(): void;
}

export type Answer<T> = Promise<Outcome<T>>;
