import { cpus } from 'node:os';
import type { Measured } from './comparison.ts';
import type { PeerName } from './peers.ts';
import { onPath } from './processes.ts';
import type { WeightChanges } from './weight-changes.ts';

/** What the gateway is to reach. */
const AIMS = { failed: 0, perSecondMin: 500, ofNginxMin: 0.4, addedP99MaxMs: 1 } as const;
/** Farther than this from the asked rate, latencies are not those of that rate. */
const RATE_TOLERANCE = 0.05;

/** What was measured; a part that was not asked for is absent. */
export interface Parts {
  readonly weight_changes?: WeightChanges;
  readonly throughput?: readonly Measured[];
  /** `most`: requests per second that the gateway holds when they come one by one. */
  readonly half_load?: { readonly most: number; readonly rate: number; readonly targets: readonly Measured[] };
  readonly not_compared: readonly PeerName[];
}

export interface Report extends Parts {
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    readonly node: string;
    readonly load: string;
    /** Runnable processes in the minute before; above the number of processors, times say little. */
    readonly load_average: number;
    /** What other processes took in the most disturbed round that counts, in processors. */
    readonly others_max?: number;
  };
  readonly of_nginx?: number;
  readonly of_haproxy?: number;
  /** Above the p99 without a proxy, by target. */
  readonly added_p99_ms?: Readonly<Record<string, number>>;
  readonly missed: readonly string[];
}

export function conclude(loadAverage: number, parts: Parts): Report {
  const { throughput, half_load } = parts;
  const own = find(throughput, 'gateway')?.per_second ?? Number.NaN;
  const ratio = (name: string) => {
    const peer = find(throughput, name);
    return peer ? own / peer.per_second : undefined;
  };
  const ofNginx = ratio('nginx');
  const ofHaproxy = ratio('haproxy');
  const added = half_load && addedP99(half_load.targets);
  const all = [...(throughput ?? []), ...(half_load?.targets ?? [])];
  const others = all.flatMap(({ others_max }) => (others_max === undefined ? [] : [others_max]));
  return {
    machine: {
      processors: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      load: onPath('wrk') ? 'wrk' : 'generator of this benchmark',
      load_average: loadAverage,
      ...(others.length === 0 ? {} : { others_max: Math.max(...others) }),
    },
    ...parts,
    ...(ofNginx === undefined ? {} : { of_nginx: ofNginx }),
    ...(ofHaproxy === undefined ? {} : { of_haproxy: ofHaproxy }),
    ...(added === undefined ? {} : { added_p99_ms: added }),
    missed: missedAims(parts, ofNginx, added?.gateway),
  };
}

function addedP99(targets: readonly Measured[]): Readonly<Record<string, number>> {
  const direct = find(targets, 'direct')?.p99_ms ?? Number.NaN;
  const proxies = targets.filter(({ name }) => name !== 'direct');
  return Object.fromEntries(proxies.map(({ name, p99_ms }) => [name, p99_ms - direct]));
}

function missedAims(
  { weight_changes, throughput, half_load }: Parts,
  ofNginx: number | undefined,
  added: number | undefined,
): string[] {
  const missed: string[] = [];
  if (weight_changes && weight_changes.failed > AIMS.failed)
    missed.push(`${weight_changes.failed} failed requests over weight changes (aim ${AIMS.failed})`);
  if (weight_changes && !(weight_changes.per_second >= AIMS.perSecondMin))
    missed.push(`${Math.round(weight_changes.per_second)} requests/s under weight changes (aim ${AIMS.perSecondMin})`);
  const failed = [...(throughput ?? []), ...(half_load?.targets ?? [])].find(
    (each) => each.name === 'gateway' && each.failed > 0,
  );
  if (failed) missed.push(`${failed.failed} failed requests in the comparison (aim ${AIMS.failed})`);
  if (ofNginx !== undefined && !(ofNginx >= AIMS.ofNginxMin))
    missed.push(`${ofNginx.toFixed(2)} of nginx's throughput (aim ${AIMS.ofNginxMin})`);
  if (!half_load) return missed;
  for (const name of ['direct', 'gateway']) {
    const reached = find(half_load.targets, name)?.per_second ?? Number.NaN;
    if (!(Math.abs(reached / half_load.rate - 1) <= RATE_TOLERANCE))
      missed.push(
        `${name} was asked ${Math.round(reached)} instead of ${half_load.rate} requests/s at half load: not comparable`,
      );
  }
  if (!((added ?? Number.NaN) < AIMS.addedP99MaxMs))
    missed.push(`${added?.toFixed(2)} ms added to p99 at half load (aim below ${AIMS.addedP99MaxMs} ms)`);
  return missed;
}

export function find(measured: readonly Measured[] | undefined, name: string): Measured | undefined {
  return measured?.find((each) => each.name === name);
}

export function print(report: Report): void {
  const { machine, weight_changes: changes, throughput, half_load } = report;
  console.log(
    `${machine.processors} × ${machine.model}, Node ${machine.node}, load by ${machine.load}, load average ${machine.load_average.toFixed(1)}` +
      (machine.others_max === undefined
        ? ''
        : `, other processes took up to ${machine.others_max.toFixed(2)} of a processor`),
  );
  if (changes)
    console.log(
      `\n${changes.changes} weight changes under ${Math.round(changes.per_second)} requests/s: ${changes.failed} of ${changes.requests} requests failed` +
        ` (a change took ${changes.change_p50_ms.toFixed(1)} ms at the median, ${changes.change_p99_ms.toFixed(1)} ms at p99, disk included)`,
    );
  if (throughput) {
    console.log('\nAs much as each answers (medians of interleaved rounds):');
    printTable(throughput);
  }
  if (half_load) {
    console.log(
      `\nAt ${half_load.rate} requests/s that come one by one, of which the gateway holds ${half_load.most}:`,
    );
    printTable(half_load.targets);
  }
  console.log('');
  if (report.of_nginx !== undefined)
    console.log(`gateway / nginx    ${report.of_nginx.toFixed(2)}   (aim ≥ ${AIMS.ofNginxMin})`);
  if (report.of_haproxy !== undefined) console.log(`gateway / haproxy  ${report.of_haproxy.toFixed(2)}`);
  if (report.added_p99_ms) {
    const added = Object.entries(report.added_p99_ms).map(([name, ms]) => `${name} ${ms.toFixed(2)} ms`);
    console.log(`added p99          ${added.join(', ')}   (aim for the gateway < ${AIMS.addedP99MaxMs} ms)`);
  }
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
