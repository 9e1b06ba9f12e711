import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { EventFault, LinkState, WholeFault } from '../scenario.ts';
import { dataOf, EventFaults } from './event-faults.ts';

/** In pieces of so many bytes, each by itself, everything arrives while the link is slow. */
const SLOW_BYTES = 48;
const SLOW_MS = 1;

/** Stands between a client and its server and does what networks do. */
export interface FaultProxy {
  readonly url: string;
  /**
   * `down`: connections break and none is made. `mute`: nothing arrives any more, in either direction, and nothing says
   * so; connections of that time stay mute for ever. `slow`: everything arrives in small pieces.
   */
  link(state: LinkState): void;
  /** Spoils the next `count` events of streams. */
  events(fault: EventFault, count: number): void;
  /** Spoils every answer that holds everything, until it is `as_sent` again. */
  whole(fault: WholeFault): void;
  close(): Promise<void>;
}

export async function startFaultProxy(upstream: () => string): Promise<FaultProxy> {
  const events = new EventFaults();
  const sockets = new Set<Socket>();
  const muted = new WeakSet<Socket>();
  let link: LinkState = 'up';
  let whole: WholeFault = 'as_sent';
  let firstWhole: Buffer | undefined;

  const server = createServer({ keepAlive: false }, (asked, answer) => {
    const { socket } = asked;
    if (muted.has(socket)) {
      asked.resume();
      return;
    }
    forward(asked, answer);
  });
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    if (link === 'down') {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (link === 'mute') muted.add(socket);
  });

  function forward(asked: IncomingMessage, answer: ServerResponse): void {
    const onward = request(`${upstream()}${asked.url ?? '/'}`, {
      method: asked.method,
      headers: asked.headers,
      agent: false,
    });
    const give = () => answer.destroy();
    onward.on('error', give);
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
    onward.on('response', (received) => {
      received.on('error', give);
      if (muted.has(asked.socket)) return;
      if (received.headers['content-type']?.startsWith('text/event-stream') === true) stream(received, answer);
      else void once(asked, received, answer).catch(give);
    });
  }

  async function once(asked: IncomingMessage, received: IncomingMessage, answer: ServerResponse): Promise<void> {
    let body = await bodyOf(received);
    if (muted.has(asked.socket)) return;
    let status = received.statusCode ?? 502;
    if (/\/sdk\/snapshot$|\/client\/evaluations$/.test(asked.url ?? '') && status === 200) {
      firstWhole ??= body;
      [status, body] = spoilt(status, body);
    }
    const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...headers } = received.headers;
    // What was spoilt must be asked for again: an entity tag would let the next answer be "unchanged".
    if (whole !== 'as_sent') delete headers.etag;
    answer.writeHead(status, { ...headers, 'content-length': body.length, connection: 'close' });
    await send(answer, body);
    answer.end();
  }

  function spoilt(status: number, body: Buffer): [number, Buffer] {
    switch (whole) {
      case 'as_sent':
        return [status, body];
      case 'malformed':
        return [status, body.subarray(0, body.length >> 1)];
      case 'nonsense':
        return [status, Buffer.from('{"unexpected":[null,1,"x"]}')];
      case 'empty':
        return [status, Buffer.alloc(0)];
      case 'older': {
        const data = events.first === undefined ? undefined : dataOf(events.first);
        return [status, data === undefined ? (firstWhole ?? body) : Buffer.from(data)];
      }
      case 'absent':
        return [404, Buffer.from('{}')];
      case 'unavailable':
        return [503, Buffer.from('{}')];
    }
  }

  function stream(received: IncomingMessage, answer: ServerResponse): void {
    answer.useChunkedEncodingByDefault = false;
    answer.writeHead(received.statusCode ?? 502, { ...received.headers, connection: 'close' });
    answer.flushHeaders();
    let rest: Buffer = Buffer.alloc(0);
    let sending: Promise<void> = Promise.resolve();
    received.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const passed = events.pass(rest.subarray(0, end + 2));
        rest = rest.subarray(end + 2);
        sending = sending.then(() => send(answer, ...passed.bytes));
        if (passed.ends) sending = sending.then(() => void answer.destroy());
      }
    });
    received.on('close', () => {
      sending = sending.then(() => void answer.destroy());
    });
  }

  async function send(answer: ServerResponse, ...parts: readonly Buffer[]): Promise<void> {
    for (const part of parts) {
      const size = link === 'slow' ? SLOW_BYTES : Math.max(1, part.length);
      for (let at = 0; at < part.length; at += size) {
        const { socket } = answer;
        if (socket === null || muted.has(socket) || answer.destroyed) return;
        answer.write(part.subarray(at, at + size));
        if (size < part.length) await wait(SLOW_MS);
      }
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    link(state) {
      link = state;
      if (state === 'down') breakAll();
      if (state === 'mute') for (const socket of sockets) muted.add(socket);
    },
    events: (fault, count) => events.spoil(fault, count),
    whole(fault) {
      whole = fault;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
