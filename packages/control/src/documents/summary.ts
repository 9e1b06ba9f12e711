import type { LogEntry } from '@spillway/core';
import { flagSummary, segmentSummary } from '@spillway/core/wording';
import { afterEntry, beforeEntry } from './document.ts';

/** What a change did, in a line for people; undefined for nouns whose actions say it all. */
export function summaryOf(entry: LogEntry): string | undefined {
  if (entry.noun === 'flags') return flagSummary(beforeEntry('flags', entry), afterEntry('flags', entry));
  if (entry.noun === 'segments') return segmentSummary(beforeEntry('segments', entry), afterEntry('segments', entry));
  return undefined;
}
