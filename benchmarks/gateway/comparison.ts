import { fullLoad, type Load, type LoadResult, pacedLoad } from './load.ts';
import type { Running } from './processes.ts';

const ROUNDS = 4;
const SECONDS = 3;
const CONNECTIONS = 32;
const PACED_ROUNDS = 5;
const PACED_SECONDS = 4;
const PACED_CONNECTIONS = 64;

/** A user who has been here before: the gateway then sends no cookie, as the peers do not. */
const HEADERS = ['Cookie: user=b5f7c1c4'];

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
  /** Processor time of the target per request; undefined where the system does not tell. */
  readonly cpu_us: number | undefined;
  readonly failed: number;
}

/** As much as each target answers, in turns, so that whatever else the machine does meets them all alike. */
export async function measureThroughput(targets: readonly Target[]): Promise<readonly Measured[]> {
  const rounds = await inTurns(targets, ROUNDS, async ({ process, request }) => {
    const before = process.cpuMs();
    const asked = request ?? { headers: HEADERS };
    const result = await fullLoad({ port: process.port, seconds: SECONDS, connections: CONNECTIONS, ...asked });
    const after = process.cpuMs();
    return {
      ...result,
      cpu_us: before === undefined || after === undefined ? undefined : ((after - before) * 1_000) / result.requests,
    };
  });
  return targets.map(({ name }) => summary(name, rounds.get(name) ?? []));
}

/** The same rate for each target. */
export async function measurePaced(targets: readonly Target[], rate: number): Promise<readonly Measured[]> {
  const rounds = await inTurns(targets, PACED_ROUNDS, ({ process, request }) => {
    const asked = request ?? { headers: HEADERS };
    return pacedLoad({ port: process.port, seconds: PACED_SECONDS, connections: PACED_CONNECTIONS, rate, ...asked });
  });
  return targets.map(({ name }) => summary(name, rounds.get(name) ?? []));
}

type Round = LoadResult & { readonly cpu_us?: number | undefined };

async function inTurns(
  targets: readonly Target[],
  count: number,
  measure: (target: Target) => Promise<Round>,
): Promise<ReadonlyMap<string, readonly Round[]>> {
  const rounds = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round++) {
    // Another one begins each time: whoever follows a heavy one is not always the same.
    for (let i = 0; i < targets.length; i++) {
      const target = targets[(i + round) % targets.length];
      if (target) rounds.get(target.name)?.push(await measure(target));
    }
  }
  return rounds;
}

function summary(name: string, rounds: readonly Round[]): Measured {
  const rates = rounds.map((round) => round.per_second);
  const cpu = rounds.flatMap((round) => (round.cpu_us === undefined ? [] : [round.cpu_us]));
  return {
    name,
    per_second: median(rates),
    per_second_range: [Math.min(...rates), Math.max(...rates)],
    p50_ms: median(rounds.map((round) => round.p50_ms)),
    p99_ms: median(rounds.map((round) => round.p99_ms)),
    cpu_us: cpu.length === 0 ? undefined : median(cpu),
    failed: rounds.reduce((sum, round) => sum + round.failed, 0),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
