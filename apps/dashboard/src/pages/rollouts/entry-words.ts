import type { Change } from '../../documents.ts';
import { actionWord, actorName } from '../audit/words.ts';
import { becauseOf } from './because.ts';

type Entry = Pick<Change, 'action' | 'actor' | 'reason' | 'because'>;

/** Decisions whose summary repeats why the rollout went back. */
const ENDINGS: ReadonlySet<string> = new Set(['rolled_back', 'failed']);

/**
 * What the timeline says of an entry: what was decided, and the words of whoever asked for it. `cause` is why the rollout went
 * back, which stands above the timeline and in the entry that made it so; the ending says it no third time.
 */
export function entryWords(
  entry: Entry,
  cause: string | undefined,
): { readonly decided: string; readonly asked: string } {
  const because = becauseOf(entry);
  const summary = because?.summary ?? '';
  const isEnding = cause !== undefined && because !== undefined && ENDINGS.has(because.decision);
  const news = isEnding ? summary.replace(cause, () => '').trim() : summary;
  const decided = news === '' ? sentence(actionWord(entry.action)) : news;
  return { decided, asked: askedFor(entry, decided) };
}

/** The control plane's own reasons are its decisions over again. */
function askedFor({ actor, reason }: Entry, decided: string): string {
  if (reason === '' || actor === 'system') return '';
  const name = actorName(actor);
  return decided.includes(` by ${name}`) ? `“${reason}”` : `${name}: “${reason}”`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
