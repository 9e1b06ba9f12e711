import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createWriteStream, openSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url));
/** Leaves the processor time of the process, in microseconds, in a file. */
const TELL_USAGE = `data:text/javascript,${encodeURIComponent(
  "import {writeFileSync} from 'node:fs'; process.on('exit', () => { const {user, system} = process.cpuUsage(); writeFileSync('usage', String(user + system)); })",
)}`;
const CONTEXTS = 1_000_000;
const LINES_AT_ONCE = 10_000;
const COLD_STARTS = 5;
/** Of one core. */
const ANSWERS_PER_SECOND_MIN = 300_000;
const DEFAULT_SEED = 20_261_125;

const FLAGS = `apiVersion: spillway/v1
kind: Definitions
flags:
  boolean: { environments: { production: { enabled: true } } }
  percentage: { environments: { production: { enabled: true, percentage: 25 } } }
  rules:
    environments:
      production:
        enabled: true
        percentage: 10
        rules:
          - { when: { attribute: plan, operator: in, values: [pro, team] }, serve: { variant: "on" } }
          - { when: { attribute: country, operator: equals, values: [DE] }, serve: { variant: "off" } }
`;

interface Row {
  readonly flag: string;
  readonly contexts: number;
  readonly seconds: number;
  /** The command's start, reading, evaluating and writing, all together. */
  readonly answers_per_second: number;
  /** By the processor time that the command took, which a busy machine does not stretch as much. */
  readonly answers_per_core_second: number;
  readonly megabytes_read: number;
}

/** `spillway evaluate --flags --contexts` as a person runs it: a process, a file in, a file out. */
export async function run(options: { json: boolean; check: boolean; args: readonly string[] }): Promise<number> {
  const seed = numberAfter('--seed', options.args) ?? DEFAULT_SEED;
  const count = numberAfter('--contexts', options.args) ?? CONTEXTS;
  const folder = await mkdtemp(join(tmpdir(), 'spillway-offline-'));
  try {
    await writeFile(join(folder, 'flags.yaml'), FLAGS);
    await writeContexts(join(folder, 'contexts.ndjson'), count, seed);
    const coldStartMs = await coldStart(folder);
    const rows: Row[] = [];
    for (const flag of ['boolean', 'percentage', 'rules']) rows.push(await measure(folder, flag, count));
    print(rows, coldStartMs, seed, options.json);
    return options.check ? missed(rows) : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function numberAfter(name: string, args: readonly string[]): number | undefined {
  const at = args.indexOf(name);
  const value = Number(args[at + 1]);
  return at === -1 || !Number.isSafeInteger(value) || value < 1 ? undefined : value;
}

async function writeContexts(path: string, count: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const file = createWriteStream(path);
  for (let start = 0; start < count; start += LINES_AT_ONCE) {
    const lines = Array.from({ length: Math.min(LINES_AT_ONCE, count - start) }, () =>
      JSON.stringify({
        targetingKey: `user-${Math.floor(random() * 1e12)}`,
        plan: pick(['free', 'pro', 'team']),
        country: pick(['DE', 'FR', 'US']),
      }),
    );
    if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** mulberry32: the same contexts for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function coldStart(folder: string): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < COLD_STARTS; round += 1) {
    const started = performance.now();
    await command(folder, ['--flags', 'flags.yaml', '--flag', 'percentage', '-k', 'user-1', '--json'], 'one.json');
    took.push(performance.now() - started);
  }
  return Math.round(took.sort((one, other) => one - other)[Math.floor(COLD_STARTS / 2)] ?? 0);
}

async function measure(folder: string, flag: string, count: number): Promise<Row> {
  const started = performance.now();
  const asked = ['--flags', 'flags.yaml', '--flag', flag, '--contexts', 'contexts.ndjson'];
  const coreSeconds = await command(folder, asked, 'answers.ndjson');
  const seconds = (performance.now() - started) / 1_000;
  if (statSync(join(folder, 'answers.ndjson')).size < count * 100) throw new Error(`answers of ${flag} are missing`);
  return {
    flag,
    contexts: count,
    seconds: Math.round(seconds * 100) / 100,
    answers_per_second: Math.round(count / seconds),
    answers_per_core_second: Math.round(count / coreSeconds),
    megabytes_read: Math.round(statSync(join(folder, 'contexts.ndjson')).size / 1e6),
  };
}

async function command(folder: string, args: readonly string[], output: string): Promise<number> {
  const out = openSync(join(folder, output), 'w');
  const child = spawn(process.execPath, ['--import', TELL_USAGE, MAIN, 'evaluate', ...args], {
    cwd: folder,
    stdio: ['ignore', out, 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  closeSync(out);
  if (code !== 0) throw new Error(`spillway evaluate ${args.join(' ')} exited with ${code}`);
  return Number(await readFile(join(folder, 'usage'), 'utf8')) / 1e6;
}

function print(rows: readonly Row[], coldStartMs: number, seed: number, json: boolean): void {
  const machine = {
    processors: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    load: loadavg()[0]?.toFixed(1),
  };
  if (json) {
    console.log(JSON.stringify({ machine, seed, cold_start_ms: coldStartMs, offline_evaluation: rows }, undefined, 2));
    return;
  }
  console.log(
    `Offline evaluation, the whole command · seed ${seed} · ${machine.processors} × ${machine.model}, Node ${machine.node}, load ${machine.load}`,
  );
  console.table(rows);
  console.log(`One answer from a cold start, from sources: ${coldStartMs} ms`);
}

function missed(rows: readonly Row[]): number {
  const slow = rows.filter(({ answers_per_core_second }) => answers_per_core_second < ANSWERS_PER_SECOND_MIN);
  for (const { flag, answers_per_core_second } of slow) {
    console.error(
      `missed: ${flag}: ${answers_per_core_second} answers/s of one core; ${ANSWERS_PER_SECOND_MIN} is the aim`,
    );
  }
  return slow.length === 0 ? 0 : 1;
}
