import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { missedAims } from './evaluation/aims.ts';
import { bundleEvaluator } from './evaluation/bundle.ts';
import type { Engine } from './evaluation/engines/engine.ts';
import { peerVersion } from './evaluation/engines/installed.ts';
import { ENGINES, engineNamed } from './evaluation/engines/registry.ts';
import { BUNDLE_VARIABLE } from './evaluation/engines/spillway.ts';
import { measureMemory, measureOwnOnce, measureStarts } from './evaluation/once.ts';
import { installed, installPeers, type LeftOut } from './evaluation/peers.ts';
import { isWorkload, print, type Report } from './evaluation/report.ts';
import { type Measured, measureWorkload, PACE, QUICK_PACE } from './evaluation/rounds.ts';
import { WORKLOADS, type WorkloadName } from './evaluation/workloads.ts';

/** Everything that can be asked for with `--only`: workloads, starts and memory, and what only we promise. */
const PARTS = [...Object.keys(WORKLOADS), 'start', 'memory', 'own'];
const STARTS = 5;
const QUICK_STARTS = 1;

/**
 * The evaluator beside other flag engines and hand-written code: `[--only W1,start] [--engines spillway,floor,unleash]
 * [--quick]`. The method is in benchmarks/README.md.
 */
export async function run(options: { json: boolean; check: boolean; args: readonly string[] }): Promise<number> {
  const { json, check, args } = options;
  const parts = listed(args, '--only') ?? PARTS;
  const names = listed(args, '--engines') ?? ENGINES.map((engine) => engine.name);
  const unknown = parts.find((part) => !PARTS.includes(part)) ?? names.find((name) => !isEngine(name));
  if (unknown !== undefined) {
    console.error(`${unknown} is not known; --only takes ${PARTS.join(', ')}; --engines ${engineNames().join(', ')}`);
    return 2;
  }
  const say = json ? () => undefined : (line: string) => console.error(line);
  const report = await measure(parts, names.map(engineNamed), args.includes('--quick'), say);
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else print(report);
  if (!check) return 0;
  for (const missed of report.missed) console.error(`missed: ${missed}`);
  return report.missed.length === 0 ? 0 : 1;
}

async function measure(
  parts: readonly string[],
  wanted: readonly Engine[],
  quick: boolean,
  say: (line: string) => void,
): Promise<Report> {
  const began = performance.now();
  const load = loadavg()[0] ?? 0;
  if (parts.includes('W6') || wanted.some((engine) => engine.package !== undefined)) installPeers(say);
  const { here, leftOut } = installed(wanted);
  const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  try {
    const environment = { [BUNDLE_VARIABLE]: await bundleEvaluator(directory) };
    const out: LeftOut[] = [...leftOut];
    const workloads: Measured[] = [];
    for (const workload of parts.filter(isWorkload)) {
      say(`${workload}: ${WORKLOADS[workload]} ...`);
      const pace = quick ? QUICK_PACE : PACE;
      const measured = await measureWorkload(namesFor(workload, here), workload, pace, environment);
      workloads.push(...measured.measured);
      out.push(...measured.leftOut);
    }
    if (parts.includes('start')) say('cold starts ...');
    const times = quick ? QUICK_STARTS : STARTS;
    const starts = parts.includes('start') ? await measureStarts(here, times, directory, environment) : [];
    if (parts.includes('memory')) say('memory ...');
    const memory = parts.includes('memory') ? await measureMemory(here, directory, environment) : [];
    const own = parts.includes('own') && here.some(isOurs) ? await measureOwnOnce(environment) : undefined;
    const seconds = (performance.now() - began) / 1_000;
    const found = {
      machine: machine(load),
      versions: versions(here),
      workloads,
      starts,
      memory,
      own,
      left_out: out,
      seconds,
    };
    return { ...found, missed: missedAims(found) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** W6 compares with a provider that does nothing; nothing but W6 can. */
function namesFor(workload: WorkloadName, engines: readonly Engine[]): string[] {
  const names = engines.map((engine) => engine.name);
  return workload === 'W6' ? ['nothing', ...names] : names;
}

function isOurs(engine: Engine): boolean {
  return engine.name === 'spillway';
}

function engineNames(): string[] {
  return ENGINES.map((engine) => engine.name);
}

function isEngine(name: string): boolean {
  return engineNames().includes(name);
}

function listed(args: readonly string[], option: string): string[] | undefined {
  const inline = args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
  const at = args.indexOf(option);
  const text = inline ?? (at >= 0 ? args[at + 1] : undefined);
  return text?.split(',').filter((part) => part !== '');
}

function versions(engines: readonly Engine[]): Record<string, string> {
  return Object.fromEntries(
    engines.flatMap(({ name, package: from }) => (from === undefined ? [] : [[name, peerVersion(from) ?? 'unknown']])),
  );
}

function machine(load: number): Report['machine'] {
  return {
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    commit: commit(),
    load,
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}
