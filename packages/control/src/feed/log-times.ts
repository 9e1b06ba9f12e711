import type { Store } from '../ports/index.ts';

/** When entries were written; what is in the log never changes, so it is asked for once. */
export interface LogTimes {
  /** Undefined for an entry that is not there. */
  at(seq: number): Promise<number | undefined>;
  /** Of several at once. */
  ofAll(seqs: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** The newest entry that was written at or before the moment; 0 when there is none. */
  newestBefore(at_ms: number): Promise<number>;
}

/** Of times that are remembered; each costs a few dozen bytes. */
const MAX_KNOWN = 100_000;

export function createLogTimes({ store, project }: { readonly store: Store; readonly project: string }): LogTimes {
  const known = new Map<number, number>();

  async function at(seq: number): Promise<number | undefined> {
    const remembered = known.get(seq);
    if (remembered !== undefined) return remembered;
    const [entry] = await store.entries(project, { after: seq - 1, limit: 1 });
    if (entry?.seq !== seq) return undefined;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(seq, entry.at_ms);
    return entry.at_ms;
  }

  return {
    at,
    async ofAll(seqs) {
      const found = new Map<number, number>();
      for (const seq of seqs) {
        const time = await at(seq);
        if (time !== undefined) found.set(seq, time);
      }
      return found;
    },
    async newestBefore(moment) {
      const { seq: head } = await store.head(project);
      let below = 0;
      let above = head + 1;
      // Numbers have no gaps and clocks hardly go back, so halving finds the place.
      while (above - below > 1) {
        const middle = Math.floor((below + above) / 2);
        if (((await at(middle)) ?? Number.POSITIVE_INFINITY) <= moment) below = middle;
        else above = middle;
      }
      return below;
    },
  };
}
