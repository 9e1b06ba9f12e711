import type { LogEntry } from '@spillway/core';
import type { ChangeFilter } from '../control.ts';

/** What the store cannot look for by itself, as a question about one entry; undefined when there is nothing to ask. */
export function entryFilter({ actor, from, to, search }: ChangeFilter): ((entry: LogEntry) => boolean) | undefined {
  const needle = search?.trim().toLowerCase() ?? '';
  if (actor === undefined && from === undefined && to === undefined && needle === '') return undefined;
  return (entry) =>
    (actor === undefined || entry.actor === actor || entry.actor.slice(entry.actor.indexOf(':') + 1) === actor) &&
    (from === undefined || entry.at_ms >= from) &&
    (to === undefined || entry.at_ms < to) &&
    (needle === '' || mentions(entry, needle));
}

function mentions(entry: LogEntry, needle: string): boolean {
  const { key, actor, action, reason, before, after, because } = entry;
  if (`${key} ${actor} ${action} ${reason}`.toLowerCase().includes(needle)) return true;
  return [after, before, because].some((part) => JSON.stringify(part).toLowerCase().includes(needle));
}
