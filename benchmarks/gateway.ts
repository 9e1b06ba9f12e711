import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGatewayProcess } from '@spillway/gateway/testing';
import { type Measured, measurePaced, measureThroughput, type Target } from './gateway/comparison.ts';
import { missingPeers, PEERS, type PeerName } from './gateway/peers.ts';
import { onPath, type Running, running, startScript } from './gateway/processes.ts';
import { benchmarkRoute, measureWeightChanges, type WeightChanges } from './gateway/weight-changes.ts';

/** What the gateway is to reach. */
const AIMS = { failed: 0, perSecondMin: 500, ofNginxMin: 0.4, addedP99MaxMs: 1 } as const;
const HALF = 0.5;
/** Farther than this from the asked rate, latencies are not those of that rate. */
const RATE_TOLERANCE = 0.05;

interface Report {
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    readonly node: string;
    readonly load: string;
    /** Runnable processes in the minute before; above the number of processors, times say little. */
    readonly load_average: number;
  };
  readonly weight_changes: WeightChanges;
  readonly throughput: readonly Measured[];
  readonly half_load: { readonly rate: number; readonly targets: readonly Measured[] };
  readonly of_nginx?: number;
  readonly of_haproxy?: number;
  readonly added_p99_ms: number;
  readonly not_compared: readonly PeerName[];
  readonly missed: readonly string[];
}

/** The gateway under weight changes, and beside nginx, HAProxy and no proxy at all over the same backends. */
export async function run({
  json,
  check,
}: {
  json: boolean;
  check: boolean;
  args: readonly string[];
}): Promise<number> {
  const missing = missingPeers();
  for (const name of missing) console.error(`${name} is not on the PATH and is left out: ${PEERS[name].hint}`);
  if (missing.length > 0 && (check || process.env.CI === 'true')) {
    console.error('Without them there is nothing to compare with.');
    return 1;
  }
  const busy = loadavg()[0] ?? 0;
  if (busy > cpus().length) console.error(`The machine is busy (load ${busy.toFixed(1)}): times will say little.`);
  const report = await measure(missing, busy, json ? () => undefined : (line) => console.error(line));
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else print(report);
  if (!check) return 0;
  for (const missed of report.missed) console.error(`missed: ${missed}`);
  return report.missed.length === 0 ? 0 : 1;
}

async function measure(missing: readonly PeerName[], busy: number, say: (line: string) => void): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const started: Running[] = [];
  const keep = async (starting: Promise<Running>) => {
    const process = await starting;
    started.push(process);
    return process;
  };
  const gateway = await startGatewayProcess();
  started.push({ ...running(gateway.child, gateway.port), stop: async () => void (await gateway.stop()) });
  const gatewayProcess = running(gateway.child, gateway.port);
  try {
    const backend = join(import.meta.dirname, 'gateway', 'backend.ts');
    const one = await keep(startScript(backend));
    const two = await keep(startScript(backend));
    const urls = [`http://127.0.0.1:${one.port}`, `http://127.0.0.1:${two.port}`] as const;
    await gateway.admin.putRoute(benchmarkRoute(50_000, urls));

    say('weight changes under full load ...');
    const weight_changes = await measureWeightChanges(gateway.admin, gateway.port, urls);

    await gateway.admin.putRoute(benchmarkRoute(0, urls));
    const targets: Target[] = [
      { name: 'direct', process: one },
      { name: 'gateway', process: gatewayProcess },
    ];
    for (const name of Object.keys(PEERS) as PeerName[]) {
      if (!missing.includes(name)) targets.push({ name, process: await keep(PEERS[name].start(directory, one.port)) });
    }
    say('throughput, in turns ...');
    const throughput = await measureThroughput(targets);
    const rate = Math.round((find(throughput, 'gateway')?.per_second ?? 0) * HALF);
    say(`latency at ${rate} requests/s, in turns ...`);
    const half = await measurePaced(targets, rate);
    return conclude(busy, { weight_changes, throughput, half_load: { rate, targets: half }, not_compared: missing });
  } finally {
    await Promise.all(started.map((process) => process.stop()));
    await rm(directory, { recursive: true, force: true });
  }
}

function conclude(
  busy: number,
  parts: Pick<Report, 'weight_changes' | 'throughput' | 'half_load' | 'not_compared'>,
): Report {
  const own = find(parts.throughput, 'gateway')?.per_second ?? Number.NaN;
  const ratio = (name: string) => {
    const peer = find(parts.throughput, name);
    return peer ? own / peer.per_second : undefined;
  };
  const ofNginx = ratio('nginx');
  const ofHaproxy = ratio('haproxy');
  const p99 = (name: string) => find(parts.half_load.targets, name)?.p99_ms ?? Number.NaN;
  const added = p99('gateway') - p99('direct');
  const failed = [...parts.throughput, ...parts.half_load.targets].find(
    (each) => each.name === 'gateway' && each.failed > 0,
  );
  const { weight_changes } = parts;
  const missed: string[] = [];
  if (weight_changes.failed > AIMS.failed)
    missed.push(`${weight_changes.failed} failed requests over weight changes (aim ${AIMS.failed})`);
  if (failed) missed.push(`${failed.failed} failed requests in the comparison (aim ${AIMS.failed})`);
  if (!(weight_changes.per_second >= AIMS.perSecondMin))
    missed.push(`${Math.round(weight_changes.per_second)} requests/s under weight changes (aim ${AIMS.perSecondMin})`);
  if (ofNginx !== undefined && !(ofNginx >= AIMS.ofNginxMin))
    missed.push(`${ofNginx.toFixed(2)} of nginx's throughput (aim ${AIMS.ofNginxMin})`);
  const { rate, targets } = parts.half_load;
  for (const name of ['direct', 'gateway']) {
    const reached = find(targets, name)?.per_second ?? Number.NaN;
    if (!(Math.abs(reached / rate - 1) <= RATE_TOLERANCE))
      missed.push(
        `${name} was asked ${Math.round(reached)} instead of ${rate} requests/s at half load: not comparable`,
      );
  }
  if (!(added < AIMS.addedP99MaxMs))
    missed.push(`${added.toFixed(2)} ms added to p99 at half load (aim below ${AIMS.addedP99MaxMs} ms)`);
  return {
    machine: {
      processors: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      load: onPath('wrk') ? 'wrk -t1' : 'generator of this benchmark',
      load_average: busy,
    },
    ...parts,
    ...(ofNginx === undefined ? {} : { of_nginx: ofNginx }),
    ...(ofHaproxy === undefined ? {} : { of_haproxy: ofHaproxy }),
    added_p99_ms: added,
    missed,
  };
}

function find(measured: readonly Measured[], name: string): Measured | undefined {
  return measured.find((each) => each.name === name);
}

function print(report: Report): void {
  const { weight_changes: changes, half_load, machine } = report;
  console.log(
    `${machine.processors} × ${machine.model}, Node ${machine.node}, load by ${machine.load}, load average ${machine.load_average.toFixed(1)}\n`,
  );
  console.log(
    `${changes.changes} weight changes under ${Math.round(changes.per_second)} requests/s: ${changes.failed} of ${changes.requests} requests failed` +
      ` (a change took ${changes.change_p50_ms.toFixed(1)} ms at the median, ${changes.change_p99_ms.toFixed(1)} ms at p99, disk included)\n`,
  );
  console.log('As much as each answers (medians of interleaved rounds):');
  printTable(report.throughput);
  console.log(`\nAt ${half_load.rate} requests/s, half of the gateway's most:`);
  printTable(half_load.targets);
  console.log('');
  if (report.of_nginx !== undefined)
    console.log(`gateway / nginx    ${report.of_nginx.toFixed(2)}   (aim ≥ ${AIMS.ofNginxMin})`);
  if (report.of_haproxy !== undefined) console.log(`gateway / haproxy  ${report.of_haproxy.toFixed(2)}`);
  console.log(
    `added p99          ${report.added_p99_ms.toFixed(2)} ms at half load   (aim < ${AIMS.addedP99MaxMs} ms)`,
  );
}

function printTable(rows: readonly Measured[]): void {
  console.log(
    '  target     requests/s   (range)             p50 ms    p99 ms   (range)          cpu µs/request   failed',
  );
  for (const { name, per_second, per_second_range, p50_ms, p99_ms, p99_ms_range, cpu_us, failed } of rows) {
    const range = `${Math.round(per_second_range[0])}–${Math.round(per_second_range[1])}`;
    const p99Range = p99_ms_range.map((each) => each.toFixed(2)).join('–');
    const cpu = cpu_us === undefined ? '–' : cpu_us.toFixed(1);
    console.log(
      `  ${name.padEnd(9)} ${String(Math.round(per_second)).padStart(11)}   ${range.padEnd(15)} ${p50_ms.toFixed(2).padStart(10)} ${p99_ms.toFixed(2).padStart(9)}   ${p99Range.padEnd(14)} ${cpu.padStart(16)} ${String(failed).padStart(8)}`,
    );
  }
}
