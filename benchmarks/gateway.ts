import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGatewayProcess } from '@spillway/gateway/testing';
import { exitCode } from './aims/exit-code.ts';
import { measurePaced, measureSteadyMost, measureThroughput, type Target } from './gateway/comparison.ts';
import { missingPeers, PEERS, type PeerName } from './gateway/peers.ts';
import { type Running, running, startScript } from './gateway/processes.ts';
import { conclude, type Parts, print } from './gateway/report.ts';
import { benchmarkRoute, measureWeightChanges } from './gateway/weight-changes.ts';

const HALF = 0.5;
/** What can be asked for with `--only`. */
const PARTS = ['weight-changes', 'throughput', 'half-load'] as const;

interface Asked {
  readonly parts: readonly string[];
  /** For `half-load`, instead of half of what the gateway holds. */
  readonly rate: number | undefined;
  /** Beside a process of Node that only passes bytes on. */
  readonly pipe: boolean;
}

/**
 * The gateway under weight changes, and beside nginx, HAProxy and no proxy at all over the same backends:
 * `[--only throughput,half-load] [--rate 26000] [--pipe]`.
 */
export async function run({
  json,
  check,
  args,
}: {
  json: boolean;
  check: boolean;
  args: readonly string[];
}): Promise<number> {
  const asked = readArguments(args);
  if (typeof asked === 'string') {
    console.error(asked);
    return 2;
  }
  const missing = missingPeers();
  for (const name of missing) console.error(`${name} is not on the PATH and is left out: ${PEERS[name].hint}`);
  if (missing.length > 0 && (check || process.env.CI === 'true')) {
    console.error('Without them there is nothing to compare with.');
    return 1;
  }
  const busy = loadavg()[0] ?? 0;
  if (busy > cpus().length) console.error(`The machine is busy (load ${busy.toFixed(1)}): times will say little.`);
  const report = conclude(busy, await measure(asked, missing, json ? () => undefined : (line) => console.error(line)));
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else print(report);
  return exitCode(report.missed, { check });
}

/** What is asked, or what is wrong with it. */
function readArguments(args: readonly string[]): Asked | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rate: { type: 'string' },
      pipe: { type: 'boolean', default: false },
      json: { type: 'boolean' },
      check: { type: 'boolean' },
    },
  });
  const parts = values.only?.split(',') ?? PARTS;
  const unknown = parts.find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) return `${unknown} is not known; --only takes ${PARTS.join(', ')}`;
  const rate = values.rate === undefined ? undefined : Number(values.rate);
  if (rate !== undefined && !(rate > 0)) return '--rate must be a number of requests per second';
  return { parts, rate, pipe: values.pipe };
}

async function measure(
  { parts, rate, pipe }: Asked,
  missing: readonly PeerName[],
  say: (line: string) => void,
): Promise<Parts> {
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

    let measured: Parts = { not_compared: missing };
    if (parts.includes('weight-changes')) {
      say('weight changes under full load ...');
      measured = { ...measured, weight_changes: await measureWeightChanges(gateway.admin, gateway.port, urls) };
    }
    await gateway.admin.putRoute(benchmarkRoute(0, urls));
    const targets: Target[] = [
      { name: 'direct', process: one },
      { name: 'gateway', process: gatewayProcess },
    ];
    for (const name of Object.keys(PEERS) as PeerName[]) {
      if (!missing.includes(name)) targets.push({ name, process: await keep(PEERS[name].start(directory, one.port)) });
    }
    if (pipe) {
      const script = join(import.meta.dirname, 'gateway', 'pipe.ts');
      targets.push({ name: 'pipe', process: await keep(startScript(script, [String(one.port)])) });
    }
    if (parts.includes('throughput')) {
      say('throughput, in turns ...');
      measured = { ...measured, throughput: await measureThroughput(targets) };
    }
    if (!parts.includes('half-load')) return measured;
    say('how many requests the gateway holds that come one by one ...');
    const most = await measureSteadyMost({ name: 'gateway', process: gatewayProcess });
    const half = rate ?? Math.round(most * HALF);
    say(`latency at ${half} requests/s, in turns ...`);
    return {
      ...measured,
      half_load: { most: Math.round(most), rate: half, targets: await measurePaced(targets, half) },
    };
  } finally {
    await Promise.all(started.map((process) => process.stop()));
    await rm(directory, { recursive: true, force: true });
  }
}
