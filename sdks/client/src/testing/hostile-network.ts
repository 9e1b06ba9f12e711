import { connect, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export type Manner = (socket: Socket) => unknown;

export interface Network {
  /** What it does with the next connection. */
  manner: Manner | undefined;
  readonly url: string;
  close(): void;
}

/** A network between client and server that does as it likes with each connection; `undefined` lets it through. */
export async function networkBefore(port: number, first: Manner | undefined): Promise<Network> {
  const sockets = new Set<Socket>();
  const state = { manner: first };
  const network = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (state.manner !== undefined) return state.manner(socket);
    const onwards = connect(port, '127.0.0.1');
    onwards.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => onwards.destroy());
    return socket.pipe(onwards).pipe(socket);
  });
  await new Promise<void>((resolve) => network.listen(0, '127.0.0.1', resolve));
  const address = network.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      network.close();
    },
  });
}

const answering =
  (head: string, body = ''): Manner =>
  (socket) =>
    socket.once('data', () => socket.end(`${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`));

/** A hundred kilobytes that become a hundred megabytes. */
const SWELLING = gzipSync(`data: ${'x'.repeat(100_000_000)}`);

const swelling =
  (type: string): Manner =>
  (socket) =>
    socket.once('data', () => {
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Encoding: gzip\r\nContent-Length: ${SWELLING.length}\r\n\r\n`,
      );
      socket.write(SWELLING);
    });

/** What a network may do with a payload and the event that brings it, by what it is called. None of it may change a value. */
export const mannersWith = (payload: string, event: string): Readonly<Record<string, Manner>> => ({
  'resets every connection': (socket) => socket.resetAndDestroy(),
  'says nothing': () => undefined,
  'answers a page': answering('HTTP/1.1 200 OK\nContent-Type: text/html', '<html>Sign in to the network</html>'),
  'answers a page and calls it JSON': answering('HTTP/1.1 200 OK\nContent-Type: application/json', '<html></html>'),
  'sends everybody in circles': answering('HTTP/1.1 301 Moved\nLocation: /api/v1/sdk/stream\nContent-Length: 0'),
  'moves everything to where nobody is': answering(
    'HTTP/1.1 307 Moved\nLocation: http://127.0.0.1:9/\nContent-Length: 0',
  ),
  'answers nothing with success': answering('HTTP/1.1 204 No Content'),
  'speaks no HTTP': answering('SSH-2.0-OpenSSH_9.6'),
  'cuts a whole payload short': answering(
    `HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: ${payload.length}`,
    payload.slice(0, -20),
  ),
  'cuts an event short': answering('HTTP/1.1 200 OK\nContent-Type: text/event-stream', event.slice(0, -3)),
  'says that garbage is compressed': answering(
    'HTTP/1.1 200 OK\nContent-Type: text/event-stream\nContent-Encoding: gzip',
    event,
  ),
  'breaks chunks': answering(
    'HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked',
    'ffff\r\nevent: snap',
  ),
  'dribbles its head': (socket) => {
    const text = `HTTP/1.1 200 OK\r\nX-Slow: ${'x'.repeat(10_000)}`;
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++] ?? 'x'), 5);
    socket.on('close', () => clearInterval(timer));
  },
  'has a payload swell': swelling('application/json'),
  'has an event swell': swelling('text/event-stream'),
  'sends one endless line': (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ');
      const timer = setInterval(() => socket.write('x'.repeat(1_000_000)), 20);
      socket.on('close', () => clearInterval(timer));
    });
  },
});
