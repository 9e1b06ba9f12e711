import { StoreError } from '../store-error.ts';

export const MAX_WAITING_COMMITS = 10_000;
export const MAX_BATCH_COMMITS = 128;
/** A batch takes at least one commit, however large. */
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;

interface Waiting<Job, Answer> {
  readonly job: Job;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: unknown) => void;
}

export interface CommitQueue<Job, Answer> {
  /** Answered when the batch that holds the job is durable. */
  add(job: Job): Promise<Answer>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

/**
 * Group commit: what arrives while a batch is being written shares the next one, so that the cost of making it durable
 * is paid once for all. `write` answers for each job in order, or throws for the whole batch, having written nothing.
 */
export function createCommitQueue<Job extends { readonly bytes: number }, Answer>(
  write: (jobs: readonly Job[]) => Promise<readonly Answer[]>,
): CommitQueue<Job, Answer> {
  let waiting: Waiting<Job, Answer>[] = [];
  let pump: Promise<void> | undefined;

  function takeBatch(): readonly Waiting<Job, Answer>[] {
    let bytes = 0;
    const end = waiting.findIndex(({ job }, index) => {
      bytes += job.bytes;
      return index > 0 && (index >= MAX_BATCH_COMMITS || bytes > MAX_BATCH_BYTES);
    });
    const batch = end === -1 ? waiting : waiting.slice(0, end);
    waiting = end === -1 ? [] : waiting.slice(end);
    return batch;
  }

  async function writeBatch(batch: readonly Waiting<Job, Answer>[]): Promise<void> {
    try {
      const answers = await write(batch.map(({ job }) => job));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new Error('The batch has no answer for this commit.'));
        else resolve(answer);
      }
    } catch (fault) {
      await settleFailed(batch, fault);
    }
  }

  async function settleFailed(batch: readonly Waiting<Job, Answer>[], fault: unknown): Promise<void> {
    const unknown = fault instanceof StoreError && fault.code === 'outcome_unknown';
    if (batch.length === 1 || unknown) {
      for (const { reject } of batch) reject(fault);
      return;
    }
    // One commit that the database chokes on must not take its neighbours with it.
    for (const alone of batch) await writeBatch([alone]);
  }

  async function run(): Promise<void> {
    // Lets all that was started in the same turn into the first batch.
    await Promise.resolve();
    while (waiting.length > 0) await writeBatch(takeBatch());
    pump = undefined;
  }

  return {
    add(job) {
      if (waiting.length >= MAX_WAITING_COMMITS) {
        const message = `${MAX_WAITING_COMMITS} commits are waiting for the database already. Try again in a moment.`;
        return Promise.reject(new StoreError('busy', message));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        pump ??= run();
      });
    },
    async drain() {
      while (pump !== undefined) await pump;
    },
  };
}
