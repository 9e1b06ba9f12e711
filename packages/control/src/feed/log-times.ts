import type { Store } from '../ports/index.ts';

/** When entries were written; what is in the log never changes, so it is asked for once. */
export interface LogTimes {
  /** Of a page of entries, by their numbers; without those that are not there. */
  ofAll(seqs: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** The newest entry that was written at or before the moment; 0 when there is none. */
  newestBefore(at_ms: number): Promise<number>;
}

/** Of times that are remembered; each costs a few dozen bytes. */
const MAX_KNOWN = 100_000;

export function createLogTimes({ store, project }: { readonly store: Store; readonly project: string }): LogTimes {
  const known = new Map<number, number>();

  async function learn(seqs: readonly number[]): Promise<void> {
    const unknown = seqs.filter((seq) => !known.has(seq));
    if (unknown.length === 0) return;
    const times = await store.timesOf(project, unknown);
    if (known.size + times.size > MAX_KNOWN) known.clear();
    for (const [seq, time] of times) known.set(seq, time);
  }

  return {
    async ofAll(seqs) {
      await learn(seqs);
      return known;
    },
    newestBefore: (moment) => store.seqAt(project, moment),
  };
}
