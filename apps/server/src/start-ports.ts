import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** An earlier start that is just going away may hold its ports a moment longer. */
const PATIENCE_MS = 1_500;
const RETRY_MS = 100;

/** What the system says when the address is at fault, and not the port. */
const NOT_HERE: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EINVAL', 'ENOTFOUND', 'EAI_AGAIN']);

/** Throws, with the remedy, when another program has the port. Port 0 is never taken. */
export async function requireFreePort(host: string, port: number, option: string): Promise<void> {
  if (port === 0) return;
  const started = performance.now();
  while (true) {
    const problem = await tryPort(host, port);
    if (problem === undefined) return;
    if (NOT_HERE.has(problem))
      throw new Error(`${host} is no address of this machine (${problem}). Name another with --host or SPILLWAY_HOST.`);
    if (problem !== 'EADDRINUSE')
      throw new Error(`Cannot listen on ${host}:${port} (${problem}). Choose another port with ${option}.`);
    if (performance.now() - started > PATIENCE_MS) {
      throw new Error(
        `Port ${port} is in use by another program. Stop that program, or choose another port with ${option}.`,
      );
    }
    await wait(RETRY_MS);
  }
}

function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port }, () => probe.close(() => resolve(undefined)));
  });
}
