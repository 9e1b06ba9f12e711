import { cpus, loadavg } from 'node:os';
import { exitCode } from './aims/exit-code.ts';
import { measureSdks, printSdks, type SdksReport } from './propagation/sdks.ts';
import { row } from './propagation/spread.ts';
import { measureStreams, type SideReport, type StreamsReport } from './propagation/streams.ts';
import { missedBy } from './propagation/verdicts.ts';

const DEFAULT_CLIENTS = 100;
const DEFAULT_STREAMS = [1_000, 10_000];
const MOST = 10_000;
/** As many as make about 300,000 events for each server, within bounds. */
const EVENTS = 300_000;
const MOST_CHANGES = 150;
const FEWEST_CHANGES = 30;

interface Report {
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    readonly node: string;
    readonly load: number;
  };
  readonly sdks?: SdksReport;
  readonly streams: readonly StreamsReport[];
  readonly missed: readonly string[];
}

export async function run(options: { json: boolean; check: boolean; args: readonly string[] }): Promise<number> {
  const asked = askedFor(options.args);
  const load = loadavg()[0] ?? 0;
  const sdks = asked.clients === undefined ? undefined : await measureSdks(asked.clients);
  if (sdks !== undefined && !options.json) printSdks(sdks);
  const streams: StreamsReport[] = [];
  for (const count of asked.streams) {
    const changes = Math.max(FEWEST_CHANGES, Math.min(MOST_CHANGES, Math.round(EVENTS / count)));
    const measured = await measureStreams(count, changes);
    streams.push(measured);
    if (!options.json) printStreams(measured);
  }
  const report: Report = {
    machine: { processors: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version, load },
    ...(sdks === undefined ? {} : { sdks }),
    streams,
    missed: [...(sdks?.missed ?? []), ...streams.flatMap(missedBy)],
  };
  if (options.json) console.log(JSON.stringify(report, undefined, 2));
  return exitCode(report.missed, options);
}

/** `--clients N`: whole SDKs alone; `--streams N[,N]`: streams alone; neither: both, as many as the aims are for. */
function askedFor(args: readonly string[]): { readonly clients?: number; readonly streams: readonly number[] } {
  const clients = numbersAfter(args, '--clients');
  const streams = numbersAfter(args, '--streams');
  if (clients === undefined && streams === undefined) return { clients: DEFAULT_CLIENTS, streams: DEFAULT_STREAMS };
  const [one] = clients ?? [];
  return { ...(one === undefined ? {} : { clients: one }), streams: streams ?? [] };
}

function numbersAfter(args: readonly string[], name: string): readonly number[] | undefined {
  const at = args.indexOf(name);
  if (at < 0) return undefined;
  const numbers = (args[at + 1] ?? '').split(',').map(Number);
  if (numbers.every((count) => Number.isInteger(count) && count > 0 && count <= MOST)) return numbers;
  throw new Error(`${name} takes a whole number from 1 to ${MOST}`);
}

function printStreams({ streams, changes, spillway, bare, storm }: StreamsReport): void {
  console.log(`\n${changes} changes to ${streams} streams of one process, in turns with a bare server's (ms)`);
  console.log('                                            p50      p99      max');
  console.log(row('request sent → a reader has it', spillway.seen_ms));
  console.log(row('request sent → the last reader has it', spillway.last_seen_ms));
  console.log(row('bare: sent → a reader has it', bare.seen_ms));
  console.log(row('bare: sent → the last reader has it', bare.last_seen_ms));
  const side = (name: string, each: SideReport) =>
    console.log(
      `${name.padEnd(10)} ${each.resident_kb_per_stream} kB of memory per stream, ${each.heap_kb_per_stream} kB of them ` +
        `on the heap; ${each.processor_us_per_event} µs of processor per event`,
    );
  side('Spillway', spillway);
  side('bare', bare);
  console.log(`after a restart all streams were open again in ${storm.settled_ms} ms; ${storm.lost} were lost`);
}
