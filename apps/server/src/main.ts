import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { BadConfig, type Config, readConfig } from './config.ts';
import { makePrivateDirectory, UnusableDirectory } from './platform-files.ts';
import { DirectoryInUse, lockFile } from './platform-lock.ts';

/** The control-plane process. SIGTERM and SIGINT stop it gracefully, a second one at once. */

/** Tells the launcher that trying again cannot help. */
const BAD_CONFIG_EXIT = 78;
/** How long an earlier process may take to leave the data directory. */
const LOCK_WAIT_MS = 10_000;

const PRIVATE_UMASK = 0o077;

enableCompileCache();
// The store and its journals are nobody else's to read.
process.umask(PRIVATE_UMASK);

async function main(): Promise<void> {
  const config = readConfig(process.env);
  makePrivateDirectory(config.dataDirectory);
  const [lock, { default: pino }, { wire }] = await Promise.all([
    lockFile(join(config.dataDirectory, 'control.lock'), LOCK_WAIT_MS),
    import('pino'),
    import('./wire.ts'),
  ]);
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const plane = await wire(config, log);
  const { url } = await plane.http.listen(config);

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    plane.close().then(
      () => {
        lock.release();
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'not stopped cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));

  log.info({ url, pid: process.pid, data: config.dataDirectory }, 'ready');
  if (config.announce) announce(config, url, plane.control.access.createSignInCode());
}

function announce(config: Config, url: string, code: string): void {
  const origin = config.publicOrigin ?? url;
  const line = { ready: true, url, sign_in_url: `${origin}/sign-in#code=${code}`, pid: process.pid };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function fail(error: unknown): never {
  process.stderr.write(`The control plane did not start: ${reason(error)}\n`);
  process.exit(error instanceof BadConfig ? BAD_CONFIG_EXIT : 1);
}

function toldStore(): boolean {
  return [process.env.SPILLWAY_STORE_URL, process.env.SPILLWAY_STORE_URL_FILE].some((told) => (told ?? '') !== '');
}

/** In words for whoever runs it. What was not foreseen leaves its stack first: the launcher shows the last lines. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const foreseen = [BadConfig, DirectoryInUse, UnusableDirectory].some((kind) => error instanceof kind);
  if (foreseen) return error.message;
  if (error.name === 'StoreError')
    return `${error.message}${toldStore() ? ' The address is from SPILLWAY_STORE_URL.' : ''}`;
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}. Stop the other program, or choose another port with --port or SPILLWAY_PORT.`;
  }
  if ('syscall' in error && (error.syscall === 'getaddrinfo' || error.syscall === 'listen')) {
    return `${error.message}. SPILLWAY_HOST (--host) and SPILLWAY_PORT (--port) must be an address of this machine and a port that this user may open.`;
  }
  process.stderr.write(`${JSON.stringify({ level: 60, msg: 'not started', err: String(error.stack) })}\n`);
  if ('code' in error && error.code === 'ERR_SQLITE_ERROR') {
    return `The database cannot be read: ${error.message}. It may be damaged: restore a backup, or name another data directory.`;
  }
  return error.message;
}

// What nobody foresaw leaves a process in a state that nobody knows: it ends, and whoever keeps it starts it anew.
process.on('uncaughtException', (error) => {
  process.stderr.write(
    `${JSON.stringify({ level: 60, msg: 'ended by an unexpected error', err: String(error.stack) })}\n`,
  );
  process.exit(1);
});

main().catch(fail);
