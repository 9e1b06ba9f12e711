import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@spillway/contract/client';
import { exitCode } from './aims/exit-code.ts';
import { type Prepared, prepareFlag, prepareMany } from './api/flags.ts';
import { printTable } from './api/table.ts';
import { type Timed, timed } from './api/timed.ts';
import { ADMIN_TOKEN, startControlPlane } from './control-plane/start.ts';
import { type Measured, measurePaced, measureThroughput, type Target } from './gateway/comparison.ts';
import { onPath, running, startScript } from './gateway/processes.ts';

/** What evaluating over HTTP is to reach: of a server that only answers the same bytes, and with many flags. */
const AIMS = { ofBareMin: 0.6, manyP99MaxMs: 5 } as const;
const MANY_FLAGS = 5_000;
/** Of the most that it answers, for the latency with many flags: a server that is not full. */
const HALF = 0.5;

interface Report {
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    readonly node: string;
    readonly load: string;
  };
  readonly one_flag: readonly Measured[];
  readonly of_bare: number;
  readonly of_bare_cpu: number | undefined;
  readonly many: {
    readonly flags: number;
    readonly created_s: number;
    readonly rate: number;
    readonly at_rate: readonly Measured[];
    readonly requests: readonly Timed[];
  };
  readonly missed: readonly string[];
}

/** Evaluation over HTTP: the server as it runs in production, beside what `node:http` costs by itself. */
export async function run({
  json,
  check,
}: {
  json: boolean;
  check: boolean;
  args: readonly string[];
}): Promise<number> {
  const report = await measure((line) => (json ? undefined : console.error(line)));
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else print(report);
  return exitCode(report.missed, { check });
}

async function measure(say: (line: string) => void): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const plane = await startControlPlane(directory, 'info');
  const bare = await startScript(join(import.meta.dirname, 'api', 'bare.ts'));
  try {
    const admin = createClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
    const prepared = await prepareFlag(admin);
    const spillway: Target = {
      name: 'spillway',
      process: running(plane.process, Number(new URL(plane.url).port)),
      request: evaluateRequest(prepared),
    };
    say('one flag, in turns ...');
    const one_flag = await measureThroughput([
      { name: 'bare', process: bare, request: evaluateRequest(prepared) },
      spillway,
    ]);
    say(`${MANY_FLAGS} flags ...`);
    const created_s = await prepareMany(admin, MANY_FLAGS);
    const rate = Math.round((find(one_flag, 'spillway')?.per_second ?? 0) * HALF);
    const at_rate = await measurePaced([spillway], rate);
    const requests = await timed(plane.url, prepared.sdkKey);
    return conclude(one_flag, { flags: MANY_FLAGS, created_s, rate, at_rate, requests });
  } finally {
    await Promise.all([plane.stop(), bare.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}

function evaluateRequest({ sdkKey, flag, context }: Prepared): NonNullable<Target['request']> {
  return {
    path: `/api/v1/feature-flags/${flag}/evaluate`,
    headers: [`Authorization: Bearer ${sdkKey}`, 'Content-Type: application/json'],
    body: JSON.stringify({ context }),
  };
}

function conclude(oneFlag: readonly Measured[], many: Report['many']): Report {
  const own = find(oneFlag, 'spillway');
  const bare = find(oneFlag, 'bare');
  const ratio = (own?.per_second ?? Number.NaN) / (bare?.per_second ?? Number.NaN);
  const cpu = own?.cpu_us === undefined || bare?.cpu_us === undefined ? undefined : bare.cpu_us / own.cpu_us;
  const manyP99 = find(many.at_rate, 'spillway')?.p99_ms ?? Number.NaN;
  const failed = [...oneFlag, ...many.at_rate].reduce((sum, each) => sum + each.failed, 0);
  const missed: string[] = [];
  if (!(ratio >= AIMS.ofBareMin)) missed.push(`${ratio.toFixed(2)} of bare node:http (aim ${AIMS.ofBareMin})`);
  if (!(manyP99 <= AIMS.manyP99MaxMs))
    missed.push(`p99 ${manyP99.toFixed(2)} ms with ${many.flags} flags (aim ${AIMS.manyP99MaxMs} ms)`);
  if (failed > 0) missed.push(`${failed} failed requests`);
  return {
    machine: {
      processors: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      load: onPath('wrk') ? 'wrk' : 'generator of this benchmark',
    },
    one_flag: oneFlag,
    of_bare: ratio,
    of_bare_cpu: cpu,
    many,
    missed,
  };
}

function find(measured: readonly Measured[], name: string): Measured | undefined {
  return measured.find((each) => each.name === name);
}

function print({ machine, one_flag, of_bare, of_bare_cpu, many }: Report): void {
  console.log(`${machine.processors} × ${machine.model}, Node ${machine.node}, load by ${machine.load}\n`);
  console.log('POST …/evaluate, as much as each answers (medians of interleaved rounds):');
  printTable(one_flag);
  console.log(`spillway / bare node:http      ${of_bare.toFixed(2)}   (aim ≥ ${AIMS.ofBareMin})`);
  if (of_bare_cpu !== undefined) console.log(`the same by processor time     ${of_bare_cpu.toFixed(2)}`);
  console.log(`\nWith ${many.flags} flags (written in ${many.created_s.toFixed(1)} s), at ${many.rate} requests/s:`);
  printTable(many.at_rate);
  console.log('\n  one after another        p50 ms    p99 ms      bytes');
  for (const { name, p50_ms, p99_ms, bytes } of many.requests) {
    console.log(
      `  ${name.padEnd(20)} ${p50_ms.toFixed(2).padStart(10)} ${p99_ms.toFixed(2).padStart(9)} ${String(bytes).padStart(10)}`,
    );
  }
}
