import { createHash, createHmac, randomBytes, randomUUIDv7 } from 'node:crypto';
import { request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import type { Problem } from '@spillway/contract';
import { type Control, createControl, type Store } from '@spillway/control';
import { memoryRouter } from '@spillway/routers';
import { createMemoryStore } from '@spillway/stores';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../server.ts';

/** A real control plane on a store in memory, unless another is given, behind a real socket. */
export interface World {
  readonly control: Control;
  readonly server: HttpServer;
  readonly url: string;
  readonly port: number;
  readonly adminToken: string;
  readonly sdkKey: string;
  readonly clientKey: string;
  /** Moves the clock that tokens expire by. */
  pass(ms: number): void;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly problem: Problem;
  readonly json: Readonly<Record<string, unknown>>;
}

export const ADMIN_TOKEN = 'admin-token-for-tests-0123456789';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export async function createWorld({
  store: given,
  ...options
}: Partial<HttpServerOptions> & { readonly store?: Store } = {}): Promise<World> {
  let offset = 0;
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const store = given ?? createMemoryStore({ sha256 });
  const control = createControl({
    project: 'default',
    store,
    clock: {
      now: () => Date.now() + offset,
      monotonic: () => performance.now(),
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) {
            resolve();
            return;
          }
          const timer = setTimeout(resolve, ms).unref();
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    },
    random: { id: () => randomUUIDv7(), secret: () => randomBytes(32).toString('base64url') },
    sha256,
    signatures: {
      hmacSha256: (text, secret) => createHmac('sha256', secret).update(text).digest('base64url'),
      fromBase64url: (encoded) => Buffer.from(encoded, 'base64url').toString(),
    },
    log: silent,
    target: { run: async () => undefined, stop: async () => undefined, observe: async () => [] },
    router: memoryRouter(),
    metrics: { read: async () => ({ epoch: 'none', at_ms: 0, versions: {} }) },
  });
  await control.start();
  await control.access.bootstrap(ADMIN_TOKEN);
  const server = createHttpServer({ control, log: silent, ...options });
  const { url, port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const call = (method: string, path: string, more: CallOptions = {}) => send(port, method, path, more);
  const issued = await call('POST', '/api/v1/tokens', {
    token: ADMIN_TOKEN,
    body: { name: 'test', kind: 'sdk', environment: 'production' },
  });
  const client = await call('POST', '/api/v1/tokens', {
    token: ADMIN_TOKEN,
    body: { name: 'page', kind: 'client', environment: 'production' },
  });
  return {
    control,
    server,
    url,
    port,
    adminToken: ADMIN_TOKEN,
    sdkKey: String(issued.json.secret),
    clientKey: String(client.json.secret),
    pass(ms) {
      offset += ms;
    },
    call,
    async close() {
      await server.close();
      await control.stop();
      await store.close();
    },
  };
}

/** Sends the path exactly as given: `fetch` would tidy it up first. */
function send(port: number, method: string, path: string, options: CallOptions): Promise<Answer> {
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  return new Promise((resolve, reject) => {
    const request = sendRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: false,
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...options.headers,
      },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = parse(text);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: json as Answer['json'],
          problem: json as Problem,
        });
      });
    });
    request.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Bytes to the server and back, for what no HTTP client would send. Ends when the server closes. */
export function exchange(port: number, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // A server may reset what it has refused.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    for (const piece of pieces) socket.write(piece);
  });
}
