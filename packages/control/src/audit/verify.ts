import { type ChainVerdict, GENESIS, type LogEntry, verifyChain } from '@spillway/core';
import { readInChunks } from '../documents/chunks.ts';
import type { Clock, Sha256, Store } from '../ports/index.ts';
import type { Verification } from './use-cases.ts';

/** Re-checks the whole chain against the head as it is now, a page at a time, and names the first entry that does not fit. */
export async function verifyLog(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly sha256: Sha256;
}): Promise<Verification> {
  const { store, clock, project, sha256 } = deps;
  const head = await store.head(project);
  let tip = GENESIS;
  const upToHead = { before: head.seq + 1 };
  const read = (last: LogEntry | undefined, limit: number) =>
    store.entries(project, { ...upToHead, after: last?.seq ?? tip.seq, limit });
  for await (const chunk of readInChunks(read, clock)) {
    const verdict = verifyChain(chunk, sha256, tip);
    if (verdict.is === 'broken') return { is: 'broken', ...describe(verdict) };
    tip = verdict.tip;
  }
  if (tip.seq < head.seq) {
    return { is: 'broken', seq: tip.seq + 1, problem: `is missing: the log should go on to ${head.seq}` };
  }
  if (tip.seq === head.seq && tip.hash === head.hash) return { is: 'intact', entries: tip.seq, head: tip.hash };
  return { is: 'broken', seq: head.seq, problem: 'is not the entry that the store calls its newest' };
}

function describe(verdict: Extract<ChainVerdict, { is: 'broken' }>): { seq: number; problem: string } {
  switch (verdict.fault) {
    case 'gap':
      return { seq: Number(verdict.expected), problem: `is missing: the next entry there is ${verdict.actual}` };
    case 'previous_hash':
      return { seq: verdict.seq, problem: 'does not continue from the entry before it: one of the two was changed' };
    case 'hash':
      return { seq: verdict.seq, problem: 'was changed after it was written: its hash does not fit its content' };
  }
}
