import type { LogEntry } from '@spillway/core';
import type { Json } from '@spillway/evaluator';

/** What of a credential stays inside: enough to try guesses on, for whoever gets to see an export of the log. */
const HIDDEN = 'secret_sha256';

/** The entry as readers get it. Its hash stands for the whole entry; the chain is checked here, where all of it is. */
export function shownEntry(entry: LogEntry): LogEntry {
  if (entry.noun !== 'access') return entry;
  return { ...entry, before: withoutSecret(entry.before), after: withoutSecret(entry.after) };
}

function withoutSecret(document: Json): Json {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== HIDDEN));
}
