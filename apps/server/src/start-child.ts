import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** Waits between restarts of a process that keeps dying, in milliseconds; one that lived `STEADY_MS` starts over. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;
/** One that got as far as serving is wanted back sooner: what killed it is more likely to have come from outside. */
const LONGEST_WAIT_ONCE_READY_MS = 500;
const STEADY_MS = 10_000;
/** A process that has never been ready and has died this often is not going to be. */
const ATTEMPTS = 4;
/** What a process ends with that trying again cannot help: its configuration is wrong. */
const BAD_CONFIG_EXIT = 78;
/** How much of what a process said last is kept, to be shown when it cannot start. */
const REMEMBERED_LINES = 5;

export interface ChildSpec {
  readonly name: string;
  readonly script: URL;
  /** What Node itself is told, before the script. */
  readonly nodeArguments?: readonly string[];
  /** Asked anew for each start: a restart may have to keep the port that the first start was given. */
  readonly environment: () => NodeJS.ProcessEnv;
  readonly arguments: () => readonly string[];
  /** SIGTERM, then this long until SIGKILL. */
  readonly graceMs: number;
  /** What the process writes to standard error goes here, line by line. */
  readonly log: (name: string, line: string) => void;
  /** Told each ready line; the first also resolves `ready`. */
  readonly onReady?: (line: Readonly<Record<string, unknown>>) => void;
}

export interface Child {
  /** The first ready line. Rejects when the process cannot start, with what it said last. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>;
  readonly pid: number | undefined;
  readonly restarts: number;
  /** Resolves when the process is gone; it is not started again. */
  stop(): Promise<void>;
}

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

const GUARD = new URL(`./main-guard${extname(import.meta.url)}`, import.meta.url);

/** Keeps one process running: starts it again whenever it dies, with a growing wait, until `stop`. */
export function keepRunning(spec: ChildSpec): Child {
  const { promise: ready, resolve, reject } = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  const said: string[] = [];
  let running: Process | undefined;
  let timer: NodeJS.Timeout | undefined;
  let wasReady = false;
  let stopping = false;
  let restarts = 0;
  let attempt = 0;
  let gone: Promise<void> = Promise.resolve();

  function launch(): void {
    const started = performance.now();
    let served = false;
    said.length = 0;
    const child = launchProcess(spec);
    running = child;
    const over = Promise.withResolvers<void>();
    gone = over.promise;
    createInterface(child.stderr).on('line', (line) => {
      said.push(line);
      if (said.length > REMEMBERED_LINES) said.shift();
      spec.log(spec.name, line);
    });
    createInterface(child.stdout).on('line', (line) => {
      const announced = readyLine(line);
      if (announced === undefined) return;
      wasReady = true;
      served = true;
      resolve(announced);
      spec.onReady?.(announced);
    });
    child.once('error', (error) => said.push(error.message));
    child.once('close', (code, signal) => {
      running = undefined;
      over.resolve();
      const longestWaitMs = served ? LONGEST_WAIT_ONCE_READY_MS : LONGEST_WAIT_MS;
      if (!stopping) died(code, signal, performance.now() - started, longestWaitMs);
    });
  }

  function died(code: number | null, signal: string | null, lived: number, longestWaitMs: number): void {
    attempt = lived > STEADY_MS ? 1 : attempt + 1;
    if (!wasReady && (attempt >= ATTEMPTS || code === BAD_CONFIG_EXIT)) {
      reject(new Error(`The ${spec.name} does not start:\n${said.join('\n')}`));
      return;
    }
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), longestWaitMs);
    spec.log('launcher', `${spec.name} ended (${signal ?? `code ${code}`}), starting it again in ${waitMs} ms`);
    restarts += 1;
    timer = setTimeout(launch, waitMs);
  }

  launch();
  return {
    ready,
    get pid() {
      return running?.pid;
    },
    get restarts() {
      return restarts;
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const kill = setTimeout(() => running?.kill('SIGKILL'), spec.graceMs);
      running?.kill('SIGTERM');
      await gone;
      clearTimeout(kill);
    },
  };
}

function launchProcess(spec: ChildSpec): Process {
  // A group of its own: Ctrl-C in the terminal reaches the launcher alone, which then stops everybody in order.
  const node = [...(spec.nodeArguments ?? []), '--import', GUARD.href];
  return spawn(process.execPath, [...node, fileURLToPath(spec.script), ...spec.arguments()], {
    env: spec.environment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

function readyLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'ready' in value && value.ready === true) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // Not every line is for us.
  }
  return undefined;
}
