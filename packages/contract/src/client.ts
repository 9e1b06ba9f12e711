import type { z } from 'zod';
import type { Problem } from './problem.ts';
import type { Route } from './route.ts';
import type { RouteName, Routes } from './routes.ts';

type Part<R, K extends keyof Route> = R extends { readonly [key in K]: infer S extends z.ZodType }
  ? { readonly [key in K]: z.input<S> }
  : object;
type Conditional<R> = R extends { readonly conditional: true } ? { readonly ifMatch?: number } : object;

/** What a call of the named route takes. */
export type CallInput<N extends RouteName> = Part<Routes[N], 'params'> &
  Part<Routes[N], 'body'> &
  Partial<Part<Routes[N], 'query'>> &
  Conditional<Routes[N]> & { readonly idempotencyKey?: string; readonly signal?: AbortSignal };

/** What it answers. */
export type CallOutput<N extends RouteName> = Routes[N]['success'] extends { readonly body: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

export type CallResult<N extends RouteName> =
  | { readonly ok: true; readonly value: CallOutput<N> }
  | { readonly ok: false; readonly problem: Problem };

/** Calls routes by name. A refusal is a value; only a missing network is one too, with code `network`. */
export interface Client {
  call<N extends RouteName>(name: N, input: CallInput<N>): Promise<CallResult<N>>;
}
