import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@spillway/contract/client';
import { postgresForTests } from '@spillway/tests/postgres';
import { exitCode } from './aims/exit-code.ts';
import { ADMIN_TOKEN, startControlPlane } from './control-plane/start.ts';
import { type Door, EVENTS_A_ROUND, measureRound } from './events/sending.ts';
import { startScript } from './gateway/processes.ts';

/** What an environment's servers and pages together may send must not be more than what one process takes. */
const AIMS = { eventsPerSecondMin: 4_000 } as const;
const SIZES = [50, 500] as const;
const ROUNDS = 5;

interface Target {
  readonly name: string;
  /** A place for the next round. */
  door(): Promise<Door>;
  stop(): Promise<void>;
}

interface Row {
  readonly target: string;
  readonly batch: number;
  /** Median of the rounds, and the least and the most of them. */
  readonly events_per_second: number;
  readonly range: readonly [number, number];
  readonly of_bare: number;
}

/** Events over HTTP as applications send them, stored before they are answered, beside `node:http` that only parses them. */
export async function run({ json, check }: { json: boolean; check: boolean }): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-events-'));
  const postgres = await postgresForTests({ durable: true });
  const targets: Target[] = [];
  try {
    targets.push(await bareTarget(), await planeTarget('SQLite', join(folder, 'sqlite'), {}));
    if (postgres.skip === false) {
      const variables = { SPILLWAY_STORE_URL: await postgres.database() };
      targets.push(await planeTarget('PostgreSQL', join(folder, 'postgres'), variables));
    } else console.error(`PostgreSQL is left out: ${postgres.skip}`);
    const rows: Row[] = [];
    for (const size of SIZES) rows.push(...(await measure(targets, size)));
    print(rows, json);
    const missed = rows
      .filter(({ events_per_second }) => events_per_second < AIMS.eventsPerSecondMin)
      .map((row) => `${row.target}, batches of ${row.batch}: ${row.events_per_second} events/s`);
    return exitCode(missed, { check });
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** In turns, so that whatever else the machine does meets all alike; the first turn warms up. */
async function measure(targets: readonly Target[], size: number): Promise<readonly Row[]> {
  const rates = new Map(targets.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { name, door } of targets) {
      const rate = await measureRound(await door(), size);
      if (round > 0) rates.get(name)?.push(rate);
    }
  }
  const bare = medianOf(rates.get('bare') ?? []);
  return [...rates].map(([target, all]) => ({
    ...{ target, batch: size, events_per_second: Math.round(medianOf(all)) },
    range: [Math.round(Math.min(...all)), Math.round(Math.max(...all))],
    of_bare: Math.round((medianOf(all) / bare) * 1_000) / 1_000,
  }));
}

async function bareTarget(): Promise<Target> {
  const server = await startScript(join(import.meta.dirname, 'events', 'bare.ts'));
  return { name: 'bare', door: async () => ({ port: server.port, key: 'none' }), stop: () => server.stop() };
}

async function planeTarget(
  name: string,
  directory: string,
  variables: Readonly<Record<string, string>>,
): Promise<Target> {
  const plane = await startControlPlane(directory, 'info', { variables });
  const admin = createClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
  let made = 0;
  return {
    name,
    async door() {
      made += 1;
      const key = `round-${made}`;
      const environment = await admin.call('createEnvironment', { body: { key } });
      const token = await admin.call('createToken', { body: { name: key, kind: 'sdk', environment: key } });
      if (!environment.ok || !token.ok) throw new Error('no environment was made');
      return { port: Number(new URL(plane.url).port), key: token.value.secret };
    },
    stop: () => plane.stop(),
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(rows: readonly Row[], json: boolean): void {
  const machine = { processors: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version };
  if (json) {
    console.log(JSON.stringify({ machine, rounds: ROUNDS, events_a_round: EVENTS_A_ROUND, rows, aims: AIMS }, null, 2));
    return;
  }
  console.log(
    `Events over HTTP · ${machine.processors} × ${machine.model}, Node ${machine.node}; medians of ${ROUNDS} turns`,
  );
  console.table(rows.map(({ range, ...row }) => ({ ...row, range: range.join('–') })));
  console.log(`Aim: ≥ ${AIMS.eventsPerSecondMin} events/s`);
}
