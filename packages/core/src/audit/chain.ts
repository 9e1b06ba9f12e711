import { canonicalise } from '@spillway/evaluator/canonical';
import { GENESIS_HASH, type LogEntry } from './entry.ts';

/** Where a chain has got to: the number and hash the next entry continues from. */
export interface ChainTip {
  readonly seq: number;
  readonly hash: string;
}

/** Every project's log starts from here. */
export const GENESIS: ChainTip = Object.freeze({ seq: 0, hash: GENESIS_HASH });

export type ChainVerdict =
  | { readonly is: 'intact'; readonly tip: ChainTip }
  | {
      readonly is: 'broken';
      /** The first entry that does not fit. */
      readonly seq: number;
      readonly fault: 'gap' | 'previous_hash' | 'hash';
      readonly expected: string | number;
      readonly actual: string | number;
    };

/** The text whose SHA-256 is the entry's hash: its canonical form without `hash`. */
export function chainInput({ before, after, because, ...facts }: Omit<LogEntry, 'hash'>): string {
  return chainInputOfTexts({
    ...facts,
    ...{ before: canonicalise(before), after: canonicalise(after), because: canonicalise(because) },
  });
}

/** An entry whose documents are canonical texts already. */
export interface WrittenEntry extends Omit<LogEntry, 'hash' | 'before' | 'after' | 'because'> {
  readonly before: string;
  readonly after: string;
  readonly because: string;
}

/** The same text without writing the documents again, which are most of it. */
export function chainInputOfTexts(entry: WrittenEntry): string {
  // Named one by one, in their order: a field that a store or a transport adds must not change the hash.
  const members = [
    `"action":${canonicalise(entry.action)}`,
    `"actor":${canonicalise(entry.actor)}`,
    `"after":${entry.after}`,
    `"at_ms":${canonicalise(entry.at_ms)}`,
    `"because":${entry.because}`,
    `"before":${entry.before}`,
    `"key":${canonicalise(entry.key)}`,
    `"noun":${canonicalise(entry.noun)}`,
    `"previous_hash":${canonicalise(entry.previous_hash)}`,
    `"project":${canonicalise(entry.project)}`,
    `"reason":${canonicalise(entry.reason)}`,
    `"seq":${canonicalise(entry.seq)}`,
    `"version":${canonicalise(entry.version)}`,
  ];
  return `{${members.join(',')}}`;
}

/**
 * Follows one project's entries in order and names the first that does not fit. A long log is verified page by page:
 * hand the tip of one page's verdict to the next. Entries cut off the end cannot be seen here; compare the last tip
 * with the head that the store reports.
 */
export function verifyChain(
  entries: Iterable<LogEntry>,
  sha256: (text: string) => string,
  from: ChainTip = GENESIS,
): ChainVerdict {
  let tip = from;
  for (const entry of entries) {
    const verdict = verifyEntry(entry, sha256, tip);
    if (verdict.is === 'broken') return verdict;
    tip = verdict.tip;
  }
  return { is: 'intact', tip };
}

function verifyEntry(entry: LogEntry, sha256: (text: string) => string, tip: ChainTip): ChainVerdict {
  const { seq } = entry;
  const next = tip.seq + 1;
  if (seq !== next) return { is: 'broken', seq, fault: 'gap', expected: next, actual: seq };
  if (entry.previous_hash !== tip.hash) {
    return { is: 'broken', seq, fault: 'previous_hash', expected: tip.hash, actual: entry.previous_hash };
  }
  const hash = hashOf(entry, sha256);
  if (entry.hash !== hash) return { is: 'broken', seq, fault: 'hash', expected: hash, actual: entry.hash };
  return { is: 'intact', tip: { seq, hash } };
}

function hashOf(entry: LogEntry, sha256: (text: string) => string): string {
  try {
    return sha256(chainInput(entry));
  } catch (fault) {
    // An entry that was altered into something without a canonical form is a broken entry, not a crash of the check.
    return fault instanceof TypeError ? fault.message : String(fault);
  }
}
