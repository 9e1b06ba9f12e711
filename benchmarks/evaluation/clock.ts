import { getHeapStatistics } from 'node:v8';
import { median } from './own.ts';

export type Ask = (context: unknown) => unknown;

/** A power of two, so that the next context is found without a division. */
export const CONTEXTS = 2_048;
const MASK = CONTEXTS - 1;
const BATCH_MS = 2;

/**
 * Where every answer is put: what no one can see, an optimising compiler need not compute. Putting it down costs the same for
 * whatever it is, which comparing would not.
 */
export const seen: { last: unknown } = { last: undefined };

function batch(ask: Ask, contexts: readonly unknown[], from: number, count: number): void {
  for (let index = from; index < from + count; index += 1) seen.last = ask(contexts[index & MASK]);
}

async function batchAwaited(ask: Ask, contexts: readonly unknown[], from: number, count: number): Promise<void> {
  for (let index = from; index < from + count; index += 1) seen.last = await ask(contexts[index & MASK]);
}

/** A turn of the event loop, not timed: finalizers run there, without which an engine in WebAssembly never frees memory. */
export function rest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export type Stopwatch = ReturnType<typeof stopwatch>;

/** Two things timed in turns for about `ms` each: the first one's nanoseconds, and the median of its slices' times by the other's next to them. */
export async function timeInTurns(one: Stopwatch, other: Stopwatch, ms: number) {
  const times: number[] = [];
  const ratios: number[] = [];
  for (let slice = 0; slice * BATCH_MS < ms; slice += 1) {
    const ns = await one.time(BATCH_MS);
    times.push(ns);
    ratios.push(ns / (await other.time(BATCH_MS)));
  }
  return { value: median(times), ofNothing: median(ratios) };
}

/** Asks again and again for one process's one workload; the loop is compiled for that alone. */
export function stopwatch(ask: Ask, contexts: readonly unknown[], waits: boolean) {
  let at = 0;
  let size = 1;

  const runBatch = async (count: number): Promise<void> => {
    if (waits) await batchAwaited(ask, contexts, at, count);
    else batch(ask, contexts, at, count);
    at = (at + count) & MASK;
  };

  /** Nanoseconds per question over about `ms`. */
  const time = async (ms: number): Promise<number> => {
    let count = 0;
    let elapsed = 0;
    while (elapsed < ms) {
      const began = performance.now();
      await runBatch(size);
      const took = performance.now() - began;
      elapsed += took;
      count += size;
      if (took < BATCH_MS && size < 2 ** 24) size *= 2;
      await rest();
    }
    return (elapsed * 1e6) / count;
  };

  /** Bytes allocated on JavaScript's heap per question, by V8's own count of all bytes ever allocated. */
  const allocated = async (): Promise<number> => {
    await rest();
    const before = getHeapStatistics().total_allocated_bytes;
    await runBatch(size);
    return Math.max(0, getHeapStatistics().total_allocated_bytes - before) / size;
  };

  return { time, allocated };
}
