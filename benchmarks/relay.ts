import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@spillway/contract/client';
import { exitCode } from './aims/exit-code.ts';
import { prepareFlag, prepareMany } from './api/flags.ts';
import { printTable } from './api/table.ts';
import { ADMIN_TOKEN, startControlPlane } from './control-plane/start.ts';
import { type Measured, measureThroughput, type Target, type Turns } from './gateway/comparison.ts';
import { onPath, type Running, running, startScript } from './gateway/processes.ts';
import { answerTo, type Name, type Question, questionsOf } from './relay/questions.ts';
import { startRelay } from './relay/start.ts';

/** What the relay is to reach: single evaluations of what `node:http` does, and definitions of a core. */
const AIMS = { singleOfBareMin: 0.6, definitionsPerCoreMin: 3_300 } as const;
const FLAGS = 500;
const TURNS: Turns = { rounds: 3, seconds: 2 };

interface Asked {
  readonly question: Name;
  readonly is: string;
  /** Of one answer's body, as it goes over the wire. */
  readonly bytes: number;
  readonly encoding: string | undefined;
  readonly targets: readonly Measured[];
  /** The relay's rate out of that of bare `node:http`, and out of the control plane's. */
  readonly of_bare: number;
  readonly of_control_plane: number;
  /** What a core answers that does nothing else, by the relay's processor time; undefined where the system does not tell. */
  readonly per_core: number | undefined;
}

interface Report {
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    readonly node: string;
    readonly load: string;
  };
  readonly flags: number;
  readonly asked: readonly Asked[];
  readonly missed: readonly string[];
}

/** What a relay answers applications, beside the control plane and beside what `node:http` costs by itself. */
export async function run({ json, check }: { json: boolean; check: boolean }): Promise<number> {
  const report = await measure((line) => (json ? undefined : console.error(line)));
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else print(report);
  return exitCode(report.missed, { check });
}

async function measure(say: (line: string) => void): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const plane = await startControlPlane(join(directory, 'plane'), 'info');
  let relay: Running | undefined;
  try {
    const admin = createClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
    const prepared = await prepareFlag(admin);
    await prepareMany(admin, FLAGS - 1);
    relay = await startRelay(plane.url, join(directory, 'relay'), prepared.sdkKey);
    const targets = [
      { name: 'relay', process: relay },
      { name: 'plane', process: running(plane.process, Number(new URL(plane.url).port)) },
    ];
    const asked: Asked[] = [];
    for (const question of questionsOf(prepared)) {
      say(`${question.is}, in turns ...`);
      asked.push(await ask(question, targets, directory));
    }
    return conclude(asked);
  } finally {
    await Promise.all([relay?.stop(), plane.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}

async function ask(
  question: Question,
  targets: readonly Pick<Target, 'name' | 'process'>[],
  directory: string,
): Promise<Asked> {
  const port = targets.find(({ name }) => name === 'relay')?.process.port ?? 0;
  const { bytes, encoding } = await answerTo(`http://127.0.0.1:${port}`, question);
  const file = join(directory, `${question.name}.answer`);
  await writeFile(file, bytes);
  const bare = await startScript(join(import.meta.dirname, 'relay', 'bare.ts'), [file]);
  try {
    const all = [{ name: 'bare', process: bare }, ...targets];
    const measured = await measureThroughput(
      all.map((target) => ({ ...target, request: question.request })),
      TURNS,
    );
    const rate = (name: string) => measured.find((each) => each.name === name)?.per_second ?? Number.NaN;
    const cpu = measured.find(({ name }) => name === 'relay')?.cpu_us;
    return {
      question: question.name,
      is: question.is,
      bytes: bytes.length,
      encoding,
      targets: measured,
      of_bare: rate('relay') / rate('bare'),
      of_control_plane: rate('relay') / rate('plane'),
      per_core: cpu === undefined ? undefined : 1_000_000 / cpu,
    };
  } finally {
    await bare.stop();
  }
}

function conclude(asked: readonly Asked[]): Report {
  const missed: string[] = [];
  for (const { question, is, of_bare, per_core, targets } of asked) {
    if (question === 'single' && !(of_bare >= AIMS.singleOfBareMin)) {
      missed.push(`${is}: ${of_bare.toFixed(2)} of bare node:http (aim ${AIMS.singleOfBareMin})`);
    }
    const rate = per_core ?? targets.find(({ name }) => name === 'relay')?.per_second ?? Number.NaN;
    if ((question === 'definitions' || question === 'compressed') && !(rate >= AIMS.definitionsPerCoreMin)) {
      missed.push(`${is}: ${Math.round(rate)} a second per core (aim ${AIMS.definitionsPerCoreMin})`);
    }
    const failed = targets.reduce((sum, each) => sum + each.failed, 0);
    if (failed > 0) missed.push(`${is}: ${failed} failed requests`);
  }
  return {
    machine: {
      processors: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      load: onPath('wrk') ? 'wrk -t1' : 'generator of this benchmark',
    },
    flags: FLAGS,
    asked,
    missed,
  };
}

function print({ machine, flags, asked }: Report): void {
  console.log(`${machine.processors} × ${machine.model}, Node ${machine.node}, load by ${machine.load}`);
  console.log(`${flags} flags; medians of interleaved rounds\n`);
  for (const { is, bytes, encoding, targets, of_bare, of_control_plane, per_core } of asked) {
    console.log(`${is} (${bytes} bytes${encoding === undefined ? '' : `, ${encoding}`}):`);
    printTable(targets);
    const core = per_core === undefined ? '' : `, ${Math.round(per_core)} a second per core`;
    console.log(
      `  relay / bare node:http ${of_bare.toFixed(2)}, relay / control plane ${of_control_plane.toFixed(2)}${core}\n`,
    );
  }
  const { singleOfBareMin, definitionsPerCoreMin } = AIMS;
  console.log(
    `Aims: one flag ≥ ${singleOfBareMin} of bare node:http, definitions ≥ ${definitionsPerCoreMin}/s per core`,
  );
}
