import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from './processes.ts';

const run = promisify(execFile);

export interface Load {
  readonly port: number;
  readonly seconds: number;
  readonly connections: number;
  /** Requests per second, evenly spread; absent: as many as are answered. */
  readonly rate?: number;
  /** More header lines. */
  readonly headers?: readonly string[];
  readonly path?: string;
  /** Sent by POST; absent: GET. */
  readonly body?: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly failed: number;
  readonly failures: Readonly<Record<string, number>>;
}

/** `wrk` where it is installed, because it takes less processor time from what is measured; else the generator here. */
export function fullLoad(load: Load): Promise<LoadResult> {
  const wrk = onPath('wrk');
  if (!wrk) return generatedLoad(load);
  const post = join(import.meta.dirname, 'post.lua');
  return wrkLoad(wrk, load, { threads: 1, ...(load.body === undefined ? {} : { script: [post, load.body] }) });
}

/** Mean time between the answer that a connection of `steady.lua` got and its next question. */
const THINK_US = 2_000;

/** Connections that think for `THINK_US` on average between their requests and get their answers at once. */
export function connectionsFor(rate: number): number {
  return Math.max(1, Math.round((rate * THINK_US) / 1_000_000));
}

/**
 * Requests that come one by one, at random moments that know nothing of each other: at a given rate, or as many as are answered.
 * `wrk` gives each of `connections` a thread of its own, which thinks between its requests: the slower the answers, the more of
 * them a rate takes. Without it the generator here sends what is due each millisecond, at a higher price in processor time.
 */
export function steadyLoad(load: Load): Promise<LoadResult> {
  const wrk = onPath('wrk');
  if (!wrk) return generatedLoad(load);
  const script = join(import.meta.dirname, 'steady.lua');
  return wrkLoad(wrk, load, {
    threads: load.connections,
    script: [script, String(load.rate === undefined ? 0 : THINK_US), ...(load.body === undefined ? [] : [load.body])],
  });
}

async function generatedLoad({
  port,
  seconds,
  connections,
  rate,
  headers = [],
  path,
  body,
}: Load): Promise<LoadResult> {
  const args = ['--port', String(port), '--seconds', String(seconds), '--connections', String(connections)];
  if (rate !== undefined) args.push('--rate', String(rate));
  if (path !== undefined) args.push('--path', path);
  if (body !== undefined) args.push('--body', body);
  for (const header of headers) args.push('--header', header);
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'generator.ts'), ...args]);
  return JSON.parse(stdout) as LoadResult;
}

interface WrkOptions {
  readonly threads: number;
  /** A file, and what it is given. */
  readonly script?: readonly [string, ...string[]];
}

async function wrkLoad(
  wrk: string,
  { port, seconds, connections, headers = [], path = '/' }: Load,
  { threads, script }: WrkOptions,
): Promise<LoadResult> {
  const args = [`-t${threads}`, `-c${connections}`, `-d${Math.ceil(seconds)}s`, '--latency', '--timeout', '5s'];
  for (const header of headers) args.push('-H', header);
  const [file, ...given] = script ?? [];
  if (file !== undefined) args.push('-s', file);
  const { stdout } = await run(wrk, [...args, `http://127.0.0.1:${port}${path}`, '--', ...given]);
  const failures: Record<string, number> = {};
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout);
  ['connect', 'read', 'write', 'timeout'].forEach((kind, i) => {
    const count = Number(socketErrors?.[i + 1] ?? 0);
    if (count > 0) failures[kind] = count;
  });
  const badStatus = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0);
  if (badStatus > 0) failures.status = badStatus;
  return {
    requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
    per_second: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p50_ms: milliseconds(/\n\s+50%\s+([\d.]+)(us|ms|s)/.exec(stdout)),
    p99_ms: milliseconds(/\n\s+99%\s+([\d.]+)(us|ms|s)/.exec(stdout)),
    failed: Object.values(failures).reduce((sum, count) => sum + count, 0),
    failures,
  };
}

function milliseconds(match: RegExpExecArray | null): number {
  const factor = { us: 0.001, ms: 1, s: 1_000 }[match?.[2] ?? ''] ?? Number.NaN;
  return Number(match?.[1]) * factor;
}
