import { concernsEnvironment, type LogEntry } from '@spillway/core';
import type { ChangeFilter } from './use-cases.ts';

/** What the store cannot look for by itself, as a question about one entry; undefined when there is nothing to ask. */
export function entryFilter(filter: ChangeFilter): ((entry: LogEntry) => boolean) | undefined {
  const { actor, environment, from, to, search } = filter;
  const needle = search?.trim().toLowerCase() ?? '';
  const asked = [actor, environment, from, to].some((part) => part !== undefined) || needle !== '';
  if (!asked) return undefined;
  return (entry) =>
    (actor === undefined || entry.actor === actor || entry.actor.slice(entry.actor.indexOf(':') + 1) === actor) &&
    (from === undefined || entry.at_ms >= from) &&
    (to === undefined || entry.at_ms < to) &&
    (environment === undefined || concernsEnvironment(entry, environment)) &&
    (needle === '' || mentions(entry, needle));
}

function mentions(entry: LogEntry, needle: string): boolean {
  const { key, actor, action, reason, before, after, because } = entry;
  if (`${key} ${actor} ${action} ${reason}`.toLowerCase().includes(needle)) return true;
  return [after, before, because].some((part) => JSON.stringify(part).toLowerCase().includes(needle));
}
