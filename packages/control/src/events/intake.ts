import { accept, type Principal, refuse } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import { requireEvaluator } from '../access/permission.ts';
import type { Answer, Call } from '../call.ts';
import type { Clock, Events, EventType, StoredEvent } from '../ports/index.ts';
import { type Allowance, createAllowance } from './allowance.ts';

/** Batches that wait for the store; whoever comes then is asked to come again. */
export const MAX_WAITING = 64;
/** Clocks of applications may be wrong by so much; beyond it an event counts for when it was received. */
const LATEST_MS = 7 * 24 * 3_600_000;

export interface SentEvent {
  readonly id: string;
  readonly type: EventType;
  readonly at: number;
  readonly context: { readonly user?: string; readonly [name: string]: Json | undefined };
  readonly details?: { readonly [name: string]: Json };
  readonly name?: string;
  readonly flag?: string;
  readonly variant?: string | null;
  readonly configuration?: number;
  readonly value?: number;
}

export interface SentEvents {
  readonly events: readonly SentEvent[];
  /** An SDK key's own word that pages have sent them, as a relay gives it: they then count as theirs. */
  readonly source?: 'client' | undefined;
}

export interface Recorded {
  readonly accepted: number;
  readonly repeated: number;
}

export interface EventIntake {
  /** Resolves once they are stored; an id that is there already is the same event. */
  record(call: Call, sent: SentEvents): Answer<Recorded>;
}

export interface EventIntakeDeps {
  readonly events: Pick<Events, 'add'>;
  readonly project: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Whether an environment believes pages only what a server has signed. */
  readonly wantsSigned: (environment: string) => boolean;
}

/** Takes events in for whoever stores them. */
export function createEventIntake({ events, project, clock, wantsSigned }: EventIntakeDeps): EventIntake {
  const allowances = new Map<string, Allowance>();
  let waiting = 0;

  /** Pages and servers apart: whoever has the key that pages show must not keep servers from being heard. */
  function allowanceOf(environment: string, source: string): Allowance {
    const id = `${environment}\0${source}`;
    const known = allowances.get(id) ?? createAllowance(clock);
    allowances.set(id, known);
    return known;
  }

  return {
    async record(call, sent) {
      const sender = requireEvaluator(call);
      if (!sender.ok) return sender;
      const { principal, environment } = sender.value;
      if (principal.kind === 'admin') return adminsSendNone();
      const source = sourceOf(principal, sent);
      if (source === 'client' && wantsSigned(environment)) return unsigned(environment);
      if (waiting >= MAX_WAITING || !allowanceOf(environment, source).take(sent.events.length)) return tooMany();
      const received_ms = Math.floor(clock.now());
      waiting += 1;
      try {
        const fresh = await events.add(
          project,
          sent.events.map((event) => storedEvent(event, { environment, source, received_ms })),
        );
        return accept({ accepted: sent.events.length, repeated: sent.events.length - fresh });
      } finally {
        waiting -= 1;
      }
    },
  };
}

/** A server may be believed less than its key allows, and never more. */
function sourceOf(principal: Exclude<Principal, { kind: 'admin' }>, sent: SentEvents): StoredEvent['source'] {
  return sent.source ?? principal.kind;
}

function storedEvent(
  { id, type, at, context, details = {}, name, flag, variant, configuration, value }: SentEvent,
  { environment, source, received_ms }: Pick<StoredEvent, 'environment' | 'source' | 'received_ms'>,
): StoredEvent {
  const { user, ...more } = context;
  const at_ms = Math.abs(at - received_ms) > LATEST_MS ? received_ms : at;
  const given = Object.entries(more).flatMap(([key, text]) => (text === undefined ? [] : [[key, text] as const]));
  return {
    ...{ environment, id, type, at_ms, received_ms, source },
    ...{ name: name ?? null, flag: flag ?? null, variant: variant ?? null, user: user ?? null },
    body: {
      ...{ value: value ?? null, context: Object.fromEntries(given), details },
      ...(configuration === undefined ? {} : { configuration }),
    },
  };
}

function adminsSendNone() {
  return refuse('forbidden', 'Only applications send events. Use an SDK key, or a client key in pages.');
}

function unsigned(environment: string) {
  return refuse(
    'forbidden',
    `The environment ${environment} believes pages only what a server has signed, and events are not. Send them from your server with an SDK key.`,
  );
}

function tooMany() {
  return refuse('rate_limited', 'More events came than are taken in at once. Send them again in a few seconds.');
}
