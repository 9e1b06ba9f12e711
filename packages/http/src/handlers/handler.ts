import type { CallOutput, Route, RouteName, Routes } from '@spillway/contract';
import type { Call, Control } from '@spillway/control';
import type { Outcome } from '@spillway/core';
import type { Condition, FlagCondition, Json, Trace } from '@spillway/evaluator';
import type { z } from 'zod';
import type { Upload } from '../upload/upload.ts';

type Parsed<R, K extends 'params' | 'query' | 'body'> = R extends { readonly [key in K]: infer S extends z.ZodType }
  ? { readonly [key in K]: z.output<S> }
  : object;

/** Free JSON, and what is recursive by itself, is read-only already; what asks a flag looks like a prerequisite, and is neither. */
type DeepReadonly<T> = Json extends T
  ? T
  : T extends string | number | boolean | null | undefined | Exclude<Condition, FlagCondition> | Trace
    ? T
    : { readonly [K in keyof T]: DeepReadonly<T[K]> };

type Uploaded<R> = R extends { readonly upload: readonly string[] } ? { readonly upload: Upload } : object;

/** A request after the door: authorised, read and checked. */
export type Input<N extends RouteName> = { readonly call: Call } & Parsed<Routes[N], 'params'> &
  Parsed<Routes[N], 'query'> &
  Parsed<Routes[N], 'body'> &
  Uploaded<Routes[N]>;

type Answered<N extends RouteName> =
  Routes[N]['success'] extends Required<Pick<Route['success'], 'body'>>
    ? DeepReadonly<CallOutput<N>>
    : // biome-ignore lint/suspicious/noConfusingVoidType: use cases without an answer return void.
      void;

/** One use case behind one route. Everything about HTTP is dealt with before and after it. */
export type Handler<N extends RouteName> = (control: Control, input: Input<N>) => Promise<Outcome<Answered<N>>>;

/** Routes that deal with HTTP itself: streams, cookies, ETags of their own. */
export type DoorRoute =
  | 'health'
  | 'ready'
  | 'openapi'
  | 'definitionsSchema'
  | 'signIn'
  | 'signOut'
  | 'whoAmI'
  | 'ofrepEvaluateFlag'
  | 'ofrepEvaluateFlags'
  | 'ofrepEventStream'
  | 'clientEvaluations'
  | 'clientStream'
  | 'clientAccess'
  | 'clientAccessStream'
  | 'snapshot'
  | 'stream'
  | 'changes'
  | 'listConnections'
  | 'exportChanges';

export type Handlers = { readonly [N in Exclude<RouteName, DoorRoute>]: Handler<N> };
