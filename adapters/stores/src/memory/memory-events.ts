import type { EventFilter, Events, StoredEvent } from '@spillway/control/ports';
import { checkInteger, checkPage } from '../prepared-commit.ts';
import { prepareEvents } from '../prepared-events.ts';

/** The oracle for events. */
export function createMemoryEvents(checkOpen: () => void): Events {
  const projects = new Map<string, Map<string, StoredEvent>>();

  function eventsOf(project: string): Map<string, StoredEvent> {
    checkOpen();
    const known = projects.get(project) ?? new Map<string, StoredEvent>();
    projects.set(project, known);
    return known;
  }

  return {
    async add(project, events) {
      const kept = eventsOf(project);
      const before = kept.size;
      for (const { text, ...event } of prepareEvents(events)) {
        const id = `${event.environment}\0${event.id}`;
        if (!kept.has(id)) kept.set(id, { ...event, body: JSON.parse(text) });
      }
      return kept.size - before;
    },
    async page(project, filter) {
      checkPage(filter.limit);
      return [...eventsOf(project).values()]
        .filter((event) => fits(event, filter))
        .sort(newestFirst)
        .slice(0, filter.limit);
    },
    async exposures(project, flag, since_ms) {
      checkInteger('since_ms', since_ms);
      const groups = new Map<string, StoredEvent[]>();
      for (const event of eventsOf(project).values()) {
        if (event.type !== 'flag_evaluated' || event.flag !== flag || event.received_ms < since_ms) continue;
        const id = `${event.environment}\0${event.variant ?? ''}`;
        groups.set(id, [...(groups.get(id) ?? []), event]);
      }
      return [...groups.entries()]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .flatMap(([, events]) => {
          const [first] = events;
          const users = new Set(events.flatMap(({ user }) => user ?? [])).size;
          if (first === undefined) return [];
          return [{ environment: first.environment, variant: first.variant, events: events.length, users }];
        });
    },
    async forget(project, { before_ms, most }) {
      checkInteger('before_ms', before_ms);
      const kept = eventsOf(project);
      const sorted = [...kept.values()].sort(newestFirst);
      const beyond = sorted[most]?.received_ms ?? -1;
      for (const [id, { received_ms }] of kept) {
        if (received_ms < before_ms || received_ms <= beyond) kept.delete(id);
      }
    },
  };
}

function fits(
  event: StoredEvent,
  { environment, type, flag, name, user, from_ms, to_ms, before }: EventFilter,
): boolean {
  return (
    (environment === undefined || event.environment === environment) &&
    (type === undefined || event.type === type) &&
    (flag === undefined || event.flag === flag) &&
    (name === undefined || event.name === name) &&
    (user === undefined || event.user === user) &&
    (from_ms === undefined || event.received_ms >= from_ms) &&
    (to_ms === undefined || event.received_ms < to_ms) &&
    (before === undefined ||
      event.received_ms < before.received_ms ||
      (event.received_ms === before.received_ms && event.id < before.id))
  );
}

function newestFirst(one: StoredEvent, other: StoredEvent): number {
  return other.received_ms - one.received_ms || (one.id < other.id ? 1 : -1);
}
