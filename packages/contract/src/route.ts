import type { z } from 'zod';
import type { Endpoint, EndpointName } from './endpoints.ts';

/** Who may call a route. There is no default: every route says it, and the server refuses to start otherwise. */
export type Auth = 'public' | 'sdk' | 'client' | 'admin' | 'admin_or_sdk' | 'sdk_or_client';

/** What a body may hold; whoever checks it takes time for each value, and for objects and lists most. */
export interface BodyLimits {
  readonly bytes: number;
  readonly values: number;
  readonly containers: number;
}

/** For requests that carry everything there is at once, such as ten thousand flags. */
export const LARGE_BODY: BodyLimits = { bytes: 16 * 1_048_576, values: 2_000_000, containers: 500_000 };

export interface Route extends Endpoint {
  readonly auth: Auth;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Instead of a body: media types of text that is read as it arrives and may be large. */
  readonly upload?: readonly string[];
  /** More than bodies may usually hold. */
  readonly body_limits?: BodyLimits;
  /** Where such a body has records of many members: each member is checked by itself, so that checking can pause. */
  readonly body_records?: readonly (readonly string[])[];
  /**
   * Changes a document that has versions: takes `If-Match: "<version>"`; without the header the write is made on whatever
   * version is current. Other requests, but those that only read by GET, are refused with it.
   */
  readonly conditional?: true;
  /** Pages of other sites may call it, if the server allows theirs. */
  readonly cross_origin?: true;
  /** May be opened with a ticket in the query instead of a key in a header, which an `EventSource` cannot send. */
  readonly ticket?: true;
  /** How refusals are told; absent: as problem documents. */
  readonly refusals?: 'ofrep' | 'manifest';
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly body?: z.ZodType;
    readonly stream?: 'sse';
    /** Media types of a file that is read as it comes, not as one JSON document. */
    readonly file?: readonly string[];
  };
}

/** Keeps each route's exact type; every endpoint must be there. */
export function defineRoutes<const T extends Readonly<Record<EndpointName, Route>>>(routes: T): T {
  return routes;
}
