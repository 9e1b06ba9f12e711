import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Started, startSpillway, withoutSpillway } from '../../apps/server/src/start-testing.ts';

const MAIN = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));
const COMMAND_MAX_MS = 60_000;

/** A folder in which a whole Spillway has been started, as a person would have done it. */
export interface World {
  readonly directory: string;
  readonly url: string;
  readonly gatewayUrl: string;
  readonly token: string;
  /** Runs the command in the folder, without a terminal. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The same with `--json`, which must succeed: the document it printed. */
  json(args: readonly string[]): Promise<Json>;
  /** Runs the command, which must succeed and print this. */
  says(args: readonly string[], expected: RegExp): Promise<void>;
  /** Writes a file into the folder; its path. */
  file(name: string, text: string): string;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly cwd?: string;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a test reads out of an answer; missing members are undefined, and then the test fails. */
export interface Json {
  readonly [name: string]: Json;
}

export async function createWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-cli-'));
  const data = join(directory, '.spillway');
  let server: Started | undefined = await startSpillway(data);
  const { url, gateway_url } = server;
  const { token } = JSON.parse(await readFile(join(data, 'client.json'), 'utf8')) as { token: string };
  const stopServer = async () => {
    await server?.stop();
    server = undefined;
  };
  const run = (args: readonly string[], options: RunOptions = {}) => spillway(args, { cwd: directory, ...options });
  return {
    directory,
    url,
    gatewayUrl: gateway_url,
    token,
    run,
    async json(args) {
      const { code, stdout, stderr } = await run([...args, '--json']);
      if (code !== 0) throw new Error(`spillway ${args.join(' ')} exited with ${code}: ${stderr}`);
      return JSON.parse(stdout) as Json;
    },
    async says(args, expected) {
      const { code, stdout, stderr } = await run(args);
      assert.equal(code, 0, stderr);
      assert.match(stdout, expected);
    },
    file(name, text) {
      const path = join(directory, name);
      writeFileSync(path, text);
      return path;
    },
    stopServer,
    async startServer() {
      server = await startSpillway(data);
    },
    async close() {
      await stopServer();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The command as it is in the sources. */
export async function spillway(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return runToEnd(process.execPath, [MAIN, ...args], options);
}

/** The command at a terminal of its own, where `input` is typed; both outputs come as one. Needs `script`. */
export function spillwayAtTerminal(args: readonly string[], options: RunOptions & Typing): Promise<Ran> {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  return runToEnd('script', ['--quiet', '--return', '--command', command, '/dev/null'], options);
}

interface Typing {
  /** Sees everything shown so far whenever something is added, and answers the keys to press. */
  type?(shown: string): string | undefined;
}

export async function runToEnd(file: string, args: readonly string[], options: RunOptions & Typing): Promise<Ran> {
  const child = spawn(file, args, {
    cwd: options.cwd ?? tmpdir(),
    env: { ...withoutSpillway(process.env), NO_COLOR: undefined, FORCE_COLOR: undefined, ...options.env },
    stdio: 'pipe',
  });
  const giveUp = setTimeout(() => child.kill('SIGKILL'), COMMAND_MAX_MS);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const keys = options.type?.(stdout);
    if (keys !== undefined) child.stdin.write(keys);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // Whoever reads may have enough before the end.
  child.stdin.on('error', () => undefined);
  // Somebody who types stays at the keyboard.
  if (options.type === undefined) child.stdin.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(giveUp);
  return { code, stdout, stderr };
}
