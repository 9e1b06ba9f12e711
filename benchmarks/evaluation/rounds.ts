import { type Child, isProblem, startChild } from './children.ts';
import { median } from './own.ts';
import type { LeftOut } from './peers.ts';
import type { Timed } from './worker.ts';
import type { WorkloadName } from './workloads.ts';

/** One engine on one workload; times in nanoseconds per question. */
export interface Measured {
  readonly engine: string;
  readonly workload: WorkloadName;
  readonly ns: number;
  /** Least and most of the rounds. */
  readonly spread: readonly [number, number];
  readonly details_ns?: number;
  /** Median over rounds of details by value, both of one round. */
  readonly details_ratio?: number;
  /** Median over rounds of the time by that of a provider that does nothing, both in the same process. */
  readonly of_nothing?: number;
  /** On JavaScript's heap. */
  readonly bytes: number;
  /** By round, so that ratios can be taken between neighbours. */
  readonly rounds: readonly number[];
}

export interface Pace {
  /** One after another for each engine: text is hashed differently in each, which moves what a set costs. */
  readonly processes: number;
  /** In each process. */
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmMs: number;
}

export const PACE: Pace = { processes: 3, rounds: 5, roundMs: 40, warmMs: 300 };
export const QUICK_PACE: Pace = { processes: 1, rounds: 3, roundMs: 20, warmMs: 120 };

const STARTED_AT_ONCE = 4;

interface Running {
  readonly engine: string;
  readonly child: Child;
  problem?: string;
}

/** What the processes of one engine took, round by round. */
interface Found {
  readonly times: Timed[];
  readonly bytes: number[];
}

/** All engines on one workload, in turns, each in a process of its own, and in a new one after some rounds. */
export async function measureWorkload(
  engines: readonly string[],
  workload: WorkloadName,
  pace: Pace,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly measured: Measured[]; readonly leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = [];
  const found = new Map(engines.map((engine): [string, Found] => [engine, { times: [], bytes: [] }]));
  const working = new Map(found);
  for (let process = 0; process < pace.processes; process += 1) {
    for (const gone of await measureProcesses(working, workload, pace, environment)) {
      leftOut.push(gone);
      working.delete(gone.engine);
    }
  }
  const measured = [...found].flatMap(([engine, { times, bytes }]) => {
    return bytes.length === 0 ? [] : [summed(engine, workload, times, Math.max(...bytes))];
  });
  return { measured, leftOut };
}

/** Adds what each engine takes to what was found of it, all in turns: whatever disturbs the machine disturbs all. Tells which gave up. */
async function measureProcesses(
  found: ReadonlyMap<string, Found>,
  workload: WorkloadName,
  pace: Pace,
  environment: Readonly<Record<string, string>>,
): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = [];
  const running: Running[] = [];
  try {
    const engines = [...found.keys()];
    // Not all at once: they start faster that way, and slow starters do not run into each other's time limit.
    for (let at = 0; at < engines.length; at += STARTED_AT_ONCE) {
      const some = engines.slice(at, at + STARTED_AT_ONCE);
      const started = some.map((engine) => startChild({ is: 'workload', engine, workload }, environment));
      for (const [index, child] of (await Promise.all(started)).entries()) {
        const engine = some[index] ?? '';
        if (!isProblem(child.first)) running.push({ engine, child });
        else {
          leftOut.push({ engine, reason: `${workload}: ${child.first.problem}` });
          child.stop();
        }
      }
    }
    for (const { child } of running) await child.ask({ do: 'warm', ms: pace.warmMs });
    for (let round = 0; round < pace.rounds; round += 1) {
      for (const each of running) {
        if (each.problem !== undefined) continue;
        const timed = await each.child.ask({ do: 'time', ms: pace.roundMs });
        if (isTimed(timed)) found.get(each.engine)?.times.push(timed);
        else each.problem = isProblem(timed) ? timed.problem : 'it answered something else';
      }
    }
    for (const { engine, child, problem } of running) {
      const bytes = problem === undefined ? await child.ask({ do: 'allocations' }) : undefined;
      if (typeof bytes === 'number') found.get(engine)?.bytes.push(bytes);
      else leftOut.push({ engine, reason: `${workload}, while measured: ${problem ?? 'allocations not told'}` });
    }
    return leftOut;
  } finally {
    for (const { child } of running) child.stop();
  }
}

function summed(engine: string, workload: WorkloadName, times: readonly Timed[], bytes: number): Measured {
  const rounds = times.map(({ value }) => value);
  const withDetails = times.flatMap(({ value, details }) => (details === undefined ? [] : [{ value, details }]));
  const ofNothing = times.flatMap((each) => each.ofNothing ?? []);
  return {
    engine,
    workload,
    ns: median(rounds),
    spread: [Math.min(...rounds), Math.max(...rounds)],
    ...(withDetails.length === 0
      ? {}
      : {
          details_ns: median(withDetails.map(({ details }) => details)),
          details_ratio: median(withDetails.map(({ value, details }) => details / value)),
        }),
    ...(ofNothing.length === 0 ? {} : { of_nothing: median(ofNothing) }),
    bytes,
    rounds,
  };
}

function isTimed(answer: unknown): answer is Timed {
  return typeof answer === 'object' && answer !== null && 'value' in answer && typeof answer.value === 'number';
}

/** Median over rounds of one engine's time by another's, both of one round. */
export function ratio(one: Measured, other: Measured): number {
  return median(one.rounds.map((ns, round) => ns / (other.rounds[round] ?? Number.NaN)));
}
