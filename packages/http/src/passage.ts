import type { Control } from '@spillway/control';
import type { Outcome } from '@spillway/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, Site } from './credentials.ts';
import { RequestRefused } from './problem.ts';
import type { StreamHub } from './streams/hub.ts';

/** What routes that deal with HTTP themselves have at hand. */
export interface Door {
  readonly control: Control;
  readonly hub: StreamHub;
  /** Streams of client keys, which anybody may hold: however many there are, they take no room from servers. */
  readonly clientHub: StreamHub;
  readonly site: Site;
  /** Resolves when the store answers, throws when it does not. */
  readonly ready: () => Promise<unknown>;
  /** Headers that every answer carries, for answers written past the framework. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Passage {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly caller: Caller | undefined;
  readonly query: unknown;
  readonly body: unknown;
}

/** The value, or the refusal on its way to the caller. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, message, ...more } = outcome.refusal;
  throw new RequestRefused(code, message, more);
}

export function known(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Error('a route that needs a caller was declared public');
  return caller;
}
