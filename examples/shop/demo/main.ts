import { parseArgs } from 'node:util';
import { makeInk, wantsColours } from './ink.ts';
import { openProgress } from './progress.ts';
import { makeReport, renderReport } from './report.ts';
import { tell } from './story.ts';
import { openTally } from './tally.ts';
import { openWorld } from './world.ts';

const HELP = `Usage: npm run demo [-- --json] [--rate 150] [--keep]

A small shop in three versions, real processes, real requests: v2 is rolled out and stays, v3 is broken and taken back.

  --json    one JSON document on standard output in the end; progress goes to standard error
  --rate    requests per second, 20 to 300
  --keep    leave everything running in the end, to look around in the dashboard, until Ctrl-C

Exits with 0 only if both rollouts ended as they should.
`;

const RATE = { usual: 150, min: 20, max: 300 } as const;
const INTERRUPTED = 130;

interface Settings {
  readonly json: boolean;
  readonly keep: boolean;
  readonly rate: number;
}

function readSettings(args: readonly string[]): Settings | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      rate: { type: 'string', default: String(RATE.usual) },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  const rate = Number(values.rate);
  if (!Number.isInteger(rate) || rate < RATE.min || rate > RATE.max) {
    throw new Error(`--rate must be a whole number from ${RATE.min} to ${RATE.max}, not "${values.rate}".`);
  }
  return { json: values.json, keep: values.keep, rate };
}

/** Gives the exit code. Whatever happens, nothing is left behind. */
async function demo({ json, keep, rate }: Settings, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  const stream = json ? process.stderr : process.stdout;
  const tally = openTally();
  const world = await openWorld();
  const progress = openProgress({ stream, env: process.env, tally });
  try {
    signal.throwIfAborted();
    const readyMs = performance.now() - started;
    progress.say(`Spillway is ready after ${(readyMs / 1_000).toFixed(1)} s.`);
    const until = keep ? '' : ', until the demo ends; `npm run demo -- --keep` leaves it running';
    progress.say(`Watch it live (the link works once${until}): ${world.signInUrl}`);
    const ending = await tell(world, tally, progress, rate, signal);
    progress.close();
    const timing = { durationMs: performance.now() - started, readyMs, dashboardUrl: world.url };
    const report = makeReport(ending, tally, timing);
    if (json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    else process.stdout.write(renderReport(report, makeInk(wantsColours(stream, process.env))));
    if (keep) await untilAborted(signal, stream);
    return report.ok ? 0 : 1;
  } finally {
    progress.close();
    await world.stop();
  }
}

function untilAborted(signal: AbortSignal, stream: NodeJS.WriteStream): Promise<void> {
  stream.write('Everything goes on running; Ctrl-C stops it.\n');
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function main(): Promise<number> {
  const settings = readSettings(process.argv.slice(2));
  if (settings === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  try {
    return await demo(settings, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write('The demo was interrupted; everything it had started is stopped.\n');
    return INTERRUPTED;
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
