import type { LogEntry } from '@spillway/core';
import { readInChunks } from '../../documents/chunks.ts';
import { afterEntry } from '../../documents/document.ts';
import { createStopSignal } from '../../feed/stop-signal.ts';
import type { AbortSignalLike, Clock, KeptChunk, Log, Store } from '../../ports/index.ts';

/** Between two looks. */
export const SWEEP_MS = 6 * 3_600_000;
/** How long nothing has to name a chunk before it goes; no import takes as long between its chunks and its commit. */
export const UNNAMED_MS = 24 * 3_600_000;
const DIGESTS_AT_ONCE = 64;
const PAGE = 500;

export interface SweepDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Sweeper {
  /** Looks at once, then every `SWEEP_MS`. */
  start(): void;
  stop(): Promise<void>;
}

/** Clears away what imports left behind that were refused, given up or killed, and plans that nobody applied. */
export function createSweeper(deps: SweepDeps): Sweeper {
  const { clock, log } = deps;
  const stopping = createStopSignal();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const removed = await sweep(deps, stopping.signal);
        if (removed > 0) log.info({ chunks: removed }, 'Parts of lists that no segment ever had were removed');
      } catch (error) {
        log.warn({ err: error }, 'Parts of lists that nothing names were not removed; they will be looked for again');
      }
      await clock.sleep(SWEEP_MS, stopping.signal);
    }
  }

  return {
    start() {
      running = run();
    },
    async stop() {
      stopping.stop();
      await running;
    },
  };
}

/**
 * Marks the chunks that no entry of the log names, and removes those marked for `UNNAMED_MS` that still none does. An import that
 * needs one puts it again, which takes the mark away; so what is removed has been needed by nobody since it was marked, by one
 * and the same clock. May be repeated, interrupted and done by several at once. Answers how many went.
 */
export async function sweep(
  { store, project, clock }: Omit<SweepDeps, 'log'>,
  stopping?: AbortSignalLike,
): Promise<number> {
  const now = Math.floor(clock.now());
  // Listed before the log is read: what is put later is not among them, whatever names it.
  const kept = await allKept(store, project);
  if (kept.length === 0) return 0;
  const named = await namedInLog({ store, project, clock }, stopping);
  if (named === undefined) return 0;
  const unnamed = kept.filter(({ digest }) => !named.has(digest));
  const isOld = ({ marked_ms }: KeptChunk) => marked_ms !== null && marked_ms <= now - UNNAMED_MS;
  let removed = 0;
  for (const some of inGroups(unnamed.filter(isOld))) {
    removed += await store.chunks.remove(project, some, now - UNNAMED_MS);
    await clock.sleep(0);
  }
  for (const some of inGroups(unnamed.filter(({ marked_ms }) => marked_ms === null))) {
    await store.chunks.mark(project, some, now);
    await clock.sleep(0);
  }
  return removed;
}

async function allKept(store: Store, project: string): Promise<readonly KeptChunk[]> {
  const all: KeptChunk[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await store.chunks.kept(project, { ...(last && { after: last.digest }), limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** By the present and by the past, which can be asked for and restored at any time; undefined when there is no time left to look. */
async function namedInLog(
  { store, project, clock }: Omit<SweepDeps, 'log'>,
  stopping: AbortSignalLike | undefined,
): Promise<ReadonlySet<string> | undefined> {
  const named = new Set<string>();
  const entries = readInChunks(
    (last: LogEntry | undefined, limit) => store.entries(project, { noun: 'segments', after: last?.seq ?? 0, limit }),
    clock,
  );
  for await (const some of entries) {
    if (stopping?.aborted === true) return undefined;
    for (const entry of some) {
      for (const { digest } of afterEntry('segments', entry)?.members?.chunks ?? []) named.add(digest);
    }
  }
  return named;
}

function* inGroups(chunks: readonly KeptChunk[]): Generator<readonly string[]> {
  for (let start = 0; start < chunks.length; start += DIGESTS_AT_ONCE) {
    yield chunks.slice(start, start + DIGESTS_AT_ONCE).map(({ digest }) => digest);
  }
}
