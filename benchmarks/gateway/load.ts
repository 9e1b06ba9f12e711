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
  return wrk ? wrkLoad(wrk, load) : generatedLoad(load);
}

/** Mean time that a connection of `think.lua` waits before it asks again. */
const THINK_MS = 5;

/** Connections that think for `THINK_MS` on average between their requests and get their answers at once. */
export function connectionsFor(rate: number): number {
  return Math.max(1, Math.round((rate * THINK_MS) / 1_000));
}

/**
 * A given rate. `wrk` gets `connections`, each of which thinks for a random time between its requests: the slower the answers, the
 * more of them it takes. Without it the generator here spreads requests evenly, at a much higher price in processor time.
 */
export function pacedLoad(load: Load & { readonly rate: number }): Promise<LoadResult> {
  const wrk = onPath('wrk');
  return wrk ? wrkLoad(wrk, load, ['-s', join(import.meta.dirname, 'think.lua')]) : generatedLoad(load);
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

async function wrkLoad(
  wrk: string,
  { port, seconds, connections, headers = [], path = '/', body }: Load,
  more: readonly string[] = [],
): Promise<LoadResult> {
  const args = [...more, '-t1', `-c${connections}`, `-d${Math.ceil(seconds)}s`, '--latency', '--timeout', '5s'];
  for (const header of headers) args.push('-H', header);
  if (body !== undefined) args.push('-s', join(import.meta.dirname, 'post.lua'));
  const { stdout } = await run(wrk, [
    ...args,
    `http://127.0.0.1:${port}${path}`,
    ...(body === undefined ? [] : ['--', body]),
  ]);
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
