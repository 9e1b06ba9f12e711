import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type SocketHello, socketHello } from '@spillway/contract';
import { type WebSocket, WebSocketServer } from 'ws';
import { check } from '../body/check.ts';
import { readJson } from '../body/read.ts';
import { refuseOtherOrigins } from '../client-doors/cross-origin.ts';
import { authorise, type Caller } from '../credentials.ts';
import { type ProblemSettings, pathOf, problemAnswer } from '../errors.ts';
import type { Limiter } from '../limits/client-limits.ts';
import { type Door, unwrap } from '../passage.ts';
import { RequestRefused } from '../problem.ts';
import type { OpenStream } from '../streams/hub.ts';
import { definitionsOf, type Source, valuesOf } from '../streams/sources.ts';
import { openSocketLine, sayGoodbye } from './socket-line.ts';

export const SOCKET_PATH = '/ws';
export const MAX_HELLO_BYTES = 65_536;
/** How long a reader may take to say who it is, and how many may be about to say it at once. */
export const HELLO_MS = 10_000;
export const MAX_WAITING = 1_000;

/** Statuses of HTTP as a WebSocket closes with them; 4000 to 4999 are an application's own. */
const CLOSES_WITH = 4_000;
const TRY_AGAIN_LATER = 1_013;

export interface SocketDoor {
  /** Lets go of those that have not said yet who they are; the others belong to the streams. */
  close(): void;
  /** Ends all of them at once. */
  closeAll(): void;
}

export interface SocketDoorParts {
  readonly door: Door;
  readonly problems: ProblemSettings;
  readonly helloMs?: number;
  readonly limiter: Pick<Limiter, 'admit'>;
  /** The checks that every request passes before anything of it is looked at. */
  readonly refuseCrooked: (request: IncomingMessage) => void;
}

/** Whether this is to become a WebSocket; every other wish to upgrade is passed over, as HTTP allows. */
export function isSocketRequest({ method, url, headers }: IncomingMessage): boolean {
  return method === 'GET' && pathOf(url ?? '') === SOCKET_PATH && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * The streams for applications as WebSockets. Cookies never count here, so a page of another site can do nothing with a
 * session; a key comes in the header or, from pages, in the first message, and never in the address.
 */
export function openSocketDoor(parts: SocketDoorParts): SocketDoor & {
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
} {
  const { problems } = parts;
  // Compression would keep a window of 32 KiB per reader, and what is sent once to all would be compressed for each.
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_HELLO_BYTES, perMessageDeflate: false });
  const waiting = new Set<WebSocket>();
  let closed = false;

  async function greet(webSocket: WebSocket, request: IncomingMessage, socket: Socket): Promise<void> {
    const id = randomUUID();
    const start = performance.now();
    try {
      const hello = check(socketHello, readJson(await firstMessage(webSocket, parts.helloMs ?? HELLO_MS)), 'body');
      const caller = await callerOf(parts.door, request, hello);
      parts.limiter.admit(caller, { peer: socket.remoteAddress, headers: request.headers });
      await follow(parts.door, caller, hello, webSocket, socket);
      const { name } = caller.principal;
      problems.log.debug(
        { request_id: id, path: SOCKET_PATH, caller: name, ms: performance.now() - start },
        'following',
      );
    } catch (error) {
      if (webSocket.readyState !== webSocket.OPEN) return;
      const { status, text } = problemAnswer(problems, error, { id, method: 'GET', path: SOCKET_PATH });
      problems.log.info({ request_id: id, path: SOCKET_PATH, status }, 'answered');
      webSocket.send(`{"event":"problem","data":${text}}`);
      sayGoodbye(webSocket, status === 503 ? TRY_AGAIN_LATER : CLOSES_WITH + status, 'see the last message');
    }
  }

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      const refused = refusalOf(() => {
        parts.refuseCrooked(request);
        if (request.url !== SOCKET_PATH) throw noQuery();
        if (closed || waiting.size >= MAX_WAITING) throw noRoom();
      });
      if (refused !== undefined) {
        answerPlainly(socket, problemAnswer(problems, refused, { id: randomUUID(), method: 'GET', path: SOCKET_PATH }));
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        waiting.add(webSocket);
        // What a reader breaks of the protocol closes its connection; that is all there is to it.
        webSocket.on('error', () => undefined);
        webSocket.once('close', () => waiting.delete(webSocket));
        void greet(webSocket, request, socket).finally(() => waiting.delete(webSocket));
      });
    },
    close() {
      closed = true;
      for (const webSocket of waiting) sayGoodbye(webSocket, 1001, 'the server is going away');
    },
    closeAll() {
      for (const webSocket of server.clients) webSocket.terminate();
    },
  };
}

function firstMessage(webSocket: WebSocket, withinMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSilent()), withinMs);
    webSocket.once('message', (data: Buffer) => {
      clearTimeout(timer);
      webSocket.on('message', () => sayGoodbye(webSocket, 1008, 'one message says it all'));
      resolve(data);
    });
    webSocket.once('close', () => {
      clearTimeout(timer);
      reject(new Error('closed'));
    });
  });
}

async function callerOf({ control, site }: Door, request: IncomingMessage, hello: SocketHello): Promise<Caller> {
  const { cookie: _, ...headers } = request.headers;
  const token = headers.authorization === undefined ? hello.token : undefined;
  const shown = { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const caller = await authorise(
    'sdk_or_client',
    { request: { method: 'GET', headers: shown }, ticket: undefined },
    control,
    site,
  );
  if (caller === undefined) throw new Error('a stream was declared public');
  if (caller.principal.kind === 'client') refuseOtherOrigins(request, site, caller.principal.environment);
  return caller;
}

async function follow(
  door: Door,
  caller: Caller,
  hello: SocketHello,
  webSocket: WebSocket,
  socket: Socket,
): Promise<void> {
  const isClient = caller.principal.kind === 'client';
  const hub = isClient ? door.clientHub : door.hub;
  if (hub.isFull) throw noRoom();
  const source = isClient ? valuesFor(door, hello) : definitionsFor(door, hello);
  let stream: OpenStream | undefined;
  const opened = () => {
    stream ??= hub.open(openSocketLine(webSocket, socket), caller);
    return stream;
  };
  const call = { principal: caller.principal };
  const subscription = unwrap(await source(call, hello.last_event_id, (event) => opened().send(event)));
  if (webSocket.readyState === webSocket.OPEN) opened().attach(subscription);
  else subscription.close();
}

function valuesFor({ control }: Door, { context }: SocketHello): Source {
  if (context === undefined) throw misfit('/context', 'must be given with a client key');
  return valuesOf(control, context);
}

function definitionsFor({ control }: Door, { context }: SocketHello): Source {
  if (context !== undefined) throw misfit('/context', 'belongs to a client key; an SDK key gets the definitions');
  return definitionsOf(control);
}

function misfit(field: string, message: string): RequestRefused {
  return new RequestRefused('invalid', `\`${field}\` ${message}.`, { fields: [{ field, message }] });
}

function noRoom(): RequestRefused {
  return new RequestRefused('unavailable', 'No room for another stream; poll or try again.', {
    headers: { 'retry-after': '5' },
  });
}

function noQuery(): RequestRefused {
  return new RequestRefused(
    'malformed',
    'The address takes no query: a key in it would be logged. Send the first message.',
    {
      fields: [{ field: '?', message: 'must be left out' }],
    },
  );
}

function tooSilent(): RequestRefused {
  return new RequestRefused('timeout', 'Nothing was said after connecting; send the first message at once.', {
    fields: [{ field: 'body', message: 'did not arrive in time' }],
  });
}

function refusalOf(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Before there is a WebSocket the answer is HTTP's. */
function answerPlainly(socket: Socket, { status, headers, type, text }: ReturnType<typeof problemAnswer>): void {
  const lines = Object.entries({
    ...headers,
    'content-type': type,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`);
}
