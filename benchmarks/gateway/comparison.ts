import { connectionsFor, fullLoad, type Load, type LoadResult, steadyLoad } from './load.ts';
import { watchOthers } from './others.ts';
import { onPath, type Running } from './processes.ts';

/** Before anything counts, each target works as long: a process that was just started compiles while it serves. */
const WARM_UP_SECONDS = 3;
const USUAL_TURNS: Turns = { rounds: 5, seconds: 3 };
const CONNECTIONS = 32;
const STEADY_ROUNDS = 3;
const PACED_ROUNDS = 7;
const PACED_SECONDS = 4;
/** For the generator here, which is given the rate itself. */
const PACED_CONNECTIONS = 64;
/** So many times as many connections as for immediate answers are used for a rate, at most. */
const SLOWNESS_MAX = 3;
/** A round in which others took more than this of a processor is measured again; the least disturbed one counts. */
const OTHERS_MAX = 0.1;
const ATTEMPTS = 3;

/** A user who has been here before: the gateway then sends no cookie, as the peers do not. */
const HEADERS = ['Cookie: user=b5f7c1c4'];

/** How often each target is measured, and for how long each time. */
export interface Turns {
  readonly rounds: number;
  readonly seconds: number;
}

export interface Target {
  readonly name: string;
  readonly process: Running;
  /** What it is asked; absent: what the gateway is asked. */
  readonly request?: Pick<Load, 'path' | 'headers' | 'body'>;
}

export interface Measured {
  readonly name: string;
  readonly per_second: number;
  /** Smallest and largest of the rounds. */
  readonly per_second_range: readonly [number, number];
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly p99_ms_range: readonly [number, number];
  /** Processor time of the target per request; undefined where the system does not tell. */
  readonly cpu_us: number | undefined;
  readonly failed: number;
  /** What other processes took meanwhile in the most disturbed round, in processors; undefined where the system does not tell. */
  readonly others_max: number | undefined;
}

/** As much as each target answers, in turns, so that whatever else the machine does meets them all alike. */
export async function measureThroughput(
  targets: readonly Target[],
  { rounds: count, seconds }: Turns = USUAL_TURNS,
): Promise<readonly Measured[]> {
  const load = ({ process, request }: Target) => ({
    port: process.port,
    connections: CONNECTIONS,
    ...(request ?? { headers: HEADERS }),
  });
  for (const target of targets) await fullLoad({ ...load(target), seconds: Math.min(WARM_UP_SECONDS, seconds) });
  const rounds = await inTurns(targets, count, (target) => fullLoad({ ...load(target), seconds }));
  return targets.map(({ name }) => summary(name, rounds.get(name) ?? []));
}

/** As much as it answers when requests come one by one, by the median of a few turns. */
export async function measureSteadyMost({ process, request }: Target): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < STEADY_ROUNDS; round++) {
    const load = { port: process.port, connections: CONNECTIONS, seconds: WARM_UP_SECONDS };
    rates.push((await steadyLoad({ ...load, ...(request ?? { headers: HEADERS }) })).per_second);
  }
  return median(rates);
}

/** The same rate for each target: what slower answers take away from it is made up for by more connections, as a trial tells. */
export async function measurePaced(targets: readonly Target[], rate: number): Promise<readonly Measured[]> {
  const load = ({ process, request }: Target) => ({ port: process.port, rate, ...(request ?? { headers: HEADERS }) });
  const connections = new Map<string, number>();
  for (const target of targets) {
    const least = connectionsFor(rate);
    const trial = await steadyLoad({ ...load(target), seconds: WARM_UP_SECONDS, connections: least });
    const slowness = Math.min(SLOWNESS_MAX, rate / trial.per_second);
    connections.set(target.name, onPath('wrk') ? Math.round(least * slowness) : PACED_CONNECTIONS);
  }
  const rounds = await inTurns(targets, PACED_ROUNDS, (target) =>
    steadyLoad({ ...load(target), seconds: PACED_SECONDS, connections: connections.get(target.name) ?? 1 }),
  );
  return targets.map(({ name }) => summary(name, rounds.get(name) ?? []));
}

type Round = LoadResult & { readonly cpu_us: number | undefined; readonly others: number | undefined };

async function inTurns(
  targets: readonly Target[],
  count: number,
  load: (target: Target) => Promise<LoadResult>,
): Promise<ReadonlyMap<string, readonly Round[]>> {
  const rounds = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round++) {
    // Another one begins each time: whoever follows a heavy one is not always the same.
    for (let i = 0; i < targets.length; i++) {
      const target = targets[(i + round) % targets.length];
      if (target) rounds.get(target.name)?.push(await leastDisturbed(() => measure(target, load)));
    }
  }
  return rounds;
}

/** Whether a round counts depends on what others did, never on what it came to. Failures of every round count. */
async function leastDisturbed(measureOnce: () => Promise<Round>): Promise<Round> {
  let best = await measureOnce();
  let { failed } = best;
  for (let attempt = 1; attempt < ATTEMPTS && (best.others ?? 0) > OTHERS_MAX; attempt++) {
    const again = await measureOnce();
    failed += again.failed;
    if ((again.others ?? 0) < (best.others ?? 0)) best = again;
  }
  return { ...best, failed };
}

async function measure(target: Target, load: (target: Target) => Promise<LoadResult>): Promise<Round> {
  const others = watchOthers();
  const before = target.process.cpuMs();
  const result = await load(target);
  const after = target.process.cpuMs();
  const isTold = before !== undefined && after !== undefined;
  return { ...result, cpu_us: isTold ? ((after - before) * 1_000) / result.requests : undefined, others: others() };
}

function summary(name: string, rounds: readonly Round[]): Measured {
  const rates = rounds.map((round) => round.per_second);
  const p99s = rounds.map((round) => round.p99_ms);
  const others = rounds.flatMap((round) => (round.others === undefined ? [] : [round.others]));
  const cpu = rounds.flatMap((round) => (round.cpu_us === undefined ? [] : [round.cpu_us]));
  return {
    name,
    per_second: median(rates),
    per_second_range: [Math.min(...rates), Math.max(...rates)],
    p50_ms: median(rounds.map((round) => round.p50_ms)),
    p99_ms: median(p99s),
    p99_ms_range: [Math.min(...p99s), Math.max(...p99s)],
    cpu_us: cpu.length === 0 ? undefined : median(cpu),
    failed: rounds.reduce((sum, round) => sum + round.failed, 0),
    others_max: others.length === 0 ? undefined : Math.max(...others),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
