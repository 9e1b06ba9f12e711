import { accept, type Outcome, refuse } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import { requireAdmin, requireEvaluator } from '../access/permission.ts';
import type { Answer, Call, Page, PageRequest } from '../call.ts';
import { decodeCursor, encodeCursor } from '../documents/cursor.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, EventFilter, EventType, Store, StoredEvent } from '../ports/index.ts';
import { type Allowance, createAllowance } from './allowance.ts';

const LIST = 'events';
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
  readonly value?: number;
}

export interface Recorded {
  readonly accepted: number;
  readonly repeated: number;
}

export interface EventRequest extends PageRequest, Omit<EventFilter, 'before' | 'from_ms' | 'to_ms'> {
  readonly from?: number;
  readonly to?: number;
}

export interface ShownEvent {
  readonly id: string;
  readonly environment: string;
  readonly type: EventType;
  readonly at: string;
  readonly received_at: string;
  readonly source: 'sdk' | 'client';
  readonly name: string | null;
  readonly flag: string | null;
  readonly variant: string | null;
  readonly value: number | null;
  readonly context: Readonly<Record<string, Json>>;
  readonly details: Readonly<Record<string, Json>>;
}

export interface EventUseCases {
  /** Resolves once they are stored; an id that is there already is the same event. */
  record(call: Call, events: readonly SentEvent[]): Answer<Recorded>;
  list(call: Call, request: EventRequest): Answer<Page<ShownEvent>>;
}

export interface EventDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly environments: Pick<EnvironmentDirectory, 'get'>;
}

export function createEventUseCases(deps: EventDeps): EventUseCases {
  const { store, project, clock } = deps;
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
      if (principal.kind === 'client' && deps.environments.get(environment)?.client_contexts === 'signed') {
        return unsigned(environment);
      }
      if (waiting >= MAX_WAITING || !allowanceOf(environment, principal.kind).take(sent.length)) return tooMany();
      const received_ms = Math.floor(clock.now());
      waiting += 1;
      try {
        const fresh = await store.events.add(
          project,
          sent.map((event) => storedEvent(event, { environment, source: principal.kind, received_ms })),
        );
        return accept({ accepted: sent.length, repeated: sent.length - fresh });
      } finally {
        waiting -= 1;
      }
    },

    async list(call, { limit, cursor, from, to, ...filter }): Promise<Outcome<Page<ShownEvent>>> {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const before = readPosition(cursor);
      if (!before.ok) return before;
      const found = await store.events.page(project, {
        ...filter,
        ...(from === undefined ? {} : { from_ms: from }),
        ...(to === undefined ? {} : { to_ms: to }),
        ...(before.value === undefined ? {} : { before: before.value }),
        limit: limit + 1,
      });
      const items = found.slice(0, limit).map(shownEvent);
      const last = found[limit - 1];
      if (found.length <= limit || last === undefined) return accept({ items });
      return accept({ items, next: encodeCursor(LIST, `${last.received_ms}.${last.id}`) });
    },
  };
}

function storedEvent(
  { id, type, at, context, details = {}, name, flag, variant, value }: SentEvent,
  { environment, source, received_ms }: Pick<StoredEvent, 'environment' | 'source' | 'received_ms'>,
): StoredEvent {
  const { user, ...more } = context;
  const at_ms = Math.abs(at - received_ms) > LATEST_MS ? received_ms : at;
  const given = Object.entries(more).flatMap(([key, text]) => (text === undefined ? [] : [[key, text] as const]));
  return {
    ...{ environment, id, type, at_ms, received_ms, source },
    ...{ name: name ?? null, flag: flag ?? null, variant: variant ?? null, user: user ?? null },
    body: { value: value ?? null, context: Object.fromEntries(given), details },
  };
}

function shownEvent({ at_ms, received_ms, user, body, ...event }: StoredEvent): ShownEvent {
  const { value, context, details } = body;
  return {
    ...event,
    at: new Date(at_ms).toISOString(),
    received_at: new Date(received_ms).toISOString(),
    value: typeof value === 'number' ? value : null,
    context: { ...(user === null ? {} : { user }), ...members(context) },
    details: members(details),
  };
}

function members(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
}

function readPosition(cursor: string | undefined): Outcome<EventFilter['before']> {
  const text = decodeCursor(LIST, cursor);
  if (!text.ok) return text;
  if (text.value === undefined) return accept(undefined);
  const cut = text.value.indexOf('.');
  const received_ms = Number(text.value.slice(0, cut));
  if (cut > 0 && Number.isSafeInteger(received_ms)) return accept({ received_ms, id: text.value.slice(cut + 1) });
  return refuse('invalid', 'This cursor does not belong to this list. Start again without a cursor.', {
    fields: [{ field: '/cursor', message: 'must be the `next` of the page before' }],
  });
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
