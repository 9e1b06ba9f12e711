import type { Json } from '@spillway/evaluator';

/** Problem details (RFC 9457) as every refusal is sent, with media type `application/problem+json`. */
export interface Problem {
  /** `https://spillway.dev/problems/<code>`; an identifier, not fetched. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What is wrong and what to do about it. */
  readonly detail: string;
  /** Stable; branch on this. `network` and `timeout` are made by the client. */
  readonly code: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly request_id?: string;
  readonly [extra: string]: Json | undefined;
}
