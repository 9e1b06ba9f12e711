import type { StoredEvent } from '@spillway/control/ports';
import { canonicalise } from '@spillway/core';
import { checkIndexedText, checkInteger, checkText, MAX_BODY_BYTES } from './prepared-commit.ts';

/** Events that one `add` may take. */
export const MAX_EVENTS = 1_000;
const MAX_TEXT_BYTES = 800;

export interface PreparedEvent extends Omit<StoredEvent, 'body'> {
  readonly text: string;
}

/** The first of each id, in one order everywhere, so that replicas that write the same rows do not block one another. */
export function prepareEvents(events: readonly StoredEvent[]): readonly PreparedEvent[] {
  if (events.length > MAX_EVENTS) throw new RangeError(`At most ${MAX_EVENTS} events are added at once.`);
  const first = new Map<string, PreparedEvent>();
  for (const { body, ...event } of events) {
    for (const name of ['environment', 'id'] as const) checkIndexedText(name, event[name]);
    for (const name of ['name', 'flag', 'variant', 'user'] as const) {
      checkText(name, event[name] ?? '', MAX_TEXT_BYTES);
    }
    for (const name of ['at_ms', 'received_ms'] as const) checkInteger(name, event[name]);
    const text = canonicalise(body);
    if (Buffer.byteLength(text, 'utf8') > MAX_BODY_BYTES) throw new RangeError(`The event ${event.id} is too large.`);
    const id = `${event.environment}\0${event.id}`;
    if (!first.has(id)) first.set(id, { ...event, text });
  }
  return [...first.keys()].sort().flatMap((id) => first.get(id) ?? []);
}
