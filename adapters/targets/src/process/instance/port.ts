import { createServer } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections: a port that waits for its app's restart is not
 * taken by a proxy's connection meanwhile.
 */
const PORT_FIRST = 20_000;
const PORT_LAST = 32_767;
const TRIES_MAX = 500;

/** A port nobody listens on and that is not in `reserved`. Throws when none is found. */
export async function chooseFreePort(reserved: ReadonlySet<number>, random: () => number): Promise<number> {
  for (let tried = 0; tried < TRIES_MAX; tried += 1) {
    const port = PORT_FIRST + Math.floor(random() * (PORT_LAST - PORT_FIRST + 1));
    if (!reserved.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(`No free port was found between ${PORT_FIRST} and ${PORT_LAST}.`);
}

/** Whether an app could listen there now, be it on loopback or on all addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, undefined)) && (await canListen(port, '127.0.0.1'));
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
