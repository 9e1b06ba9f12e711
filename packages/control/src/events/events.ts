import { accept, type Outcome } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import { requireAdmin } from '../access/permission.ts';
import type { Answer, Call, Page, PageRequest } from '../call.ts';
import { decodeCursor, encodeCursor, foreignCursor } from '../documents/cursor.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { Clock, EventFilter, EventType, Store, StoredEvent } from '../ports/index.ts';
import { createEventIntake, type EventIntake } from './intake.ts';

const LIST = 'events';

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
  /** The configuration that the variant came from; null where the sender did not name it. */
  readonly configuration: number | null;
  readonly value: number | null;
  readonly context: Readonly<Record<string, Json>>;
  readonly details: Readonly<Record<string, Json>>;
}

export interface EventUseCases extends EventIntake {
  list(call: Call, request: EventRequest): Answer<Page<ShownEvent>>;
}

export interface EventDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly environments: Pick<EnvironmentDirectory, 'get'>;
}

export function createEventUseCases({ store, project, clock, environments }: EventDeps): EventUseCases {
  const intake = createEventIntake({
    ...{ events: store.events, project, clock },
    wantsSigned: (environment) => environments.get(environment)?.client_contexts === 'signed',
  });
  return {
    record: intake.record,

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

function shownEvent({ at_ms, received_ms, user, body, ...event }: StoredEvent): ShownEvent {
  const { value, context, details, configuration } = body;
  return {
    ...event,
    at: new Date(at_ms).toISOString(),
    received_at: new Date(received_ms).toISOString(),
    configuration: typeof configuration === 'number' ? configuration : null,
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
  return foreignCursor();
}
