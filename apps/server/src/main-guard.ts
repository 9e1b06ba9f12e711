import { enableCompileCache } from 'node:module';

/**
 * Loaded before a process that the launcher starts (`node --import`). The launcher holds the other end of standard
 * input: when that closes, the launcher is gone, however it went, and this process stops as if it had been asked to.
 */

/** How long stopping may take, applications that end gracefully included, before the process is ended all the same. */
const STOP_DEADLINE_MS = 60_000;

enableCompileCache();

process.stdin.once('close', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
});
process.stdin.once('error', () => undefined);
process.stdin.resume();
if ('unref' in process.stdin && typeof process.stdin.unref === 'function') process.stdin.unref();
