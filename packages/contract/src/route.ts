import type { z } from 'zod';

/** Who may call a route. There is no default: every route says it, and the server refuses to start otherwise. */
export type Auth = 'public' | 'sdk' | 'admin' | 'admin_or_sdk';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for parameters, as in OpenAPI. */
  readonly path: `/${string}`;
  readonly auth: Auth;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Takes `If-Match: "<version>"`; without the header the write is made on whatever version is current. */
  readonly conditional?: true;
  readonly success: { readonly status: 200 | 201 | 202 | 204; readonly body?: z.ZodType; readonly stream?: 'sse' };
}

export function defineRoutes<const T extends Record<string, Route>>(routes: T): T {
  return routes;
}
