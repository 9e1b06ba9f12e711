import { createHash, timingSafeEqual } from 'node:crypto';
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { isService, isVersionName, parseSpec } from '../desired/spec.ts';
import type { Fleet } from '../fleet.ts';
import type { AdminAddress } from './address.ts';

export const ADMIN_BODY_MAX = 1_048_576;
export const LOG_TAIL_BYTES = 65_536;
const LOOPBACK = '127.0.0.1';

export interface AdminParts {
  readonly fleet: Fleet;
  readonly token: string;
  readonly listen: { readonly is: 'unix'; readonly path: string } | { readonly is: 'loopback'; readonly port: number };
}

export interface Admin {
  readonly address: AdminAddress;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The supervisor's door, on this machine only and with the token only:
 * `PUT|DELETE /services/<service>/versions/<version>`, `GET /services/<service>/instances`,
 * `GET /instances/<id>/log`, `GET /health`. Names are percent-encoded.
 */
export async function openAdmin(parts: AdminParts): Promise<Admin> {
  const expected = digest(parts.token);
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, parts.fleet, expected)
      .catch((error: unknown) =>
        refusal(503, 'unavailable', undefined, error instanceof Error ? error.message : String(error)),
      )
      .then((result) => send(response, result))
      .catch(() => response.destroy());
  });
  const address = await listen(server, parts.listen);
  return {
    address,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, fleet: Fleet, expected: Buffer): Promise<Answer> {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), expected)) {
    return refusal(401, 'unauthenticated', undefined, 'The admin token is missing or wrong.');
  }
  const path = namesIn(request.url ?? '');
  if (path === undefined) return refusal(400, 'invalid', undefined, 'The path is not valid percent-encoding.');
  const [noun, name = '', part, version] = path;
  if (request.method === 'GET') return read(path, fleet);
  if (noun !== 'services' || part !== 'versions' || version === undefined || path.length !== 4) return notFound();
  if (!isService(name)) return refusal(400, 'invalid', 'service', 'must be environment/key');
  if (!isVersionName(version)) return refusal(400, 'invalid', 'version', 'must be a version name');
  if (request.method === 'PUT') return run(name, version, await readBody(request), fleet);
  if (request.method === 'DELETE') {
    await fleet.stop(name, version);
    return { status: 204, body: undefined };
  }
  return refusal(405, 'method_not_allowed', undefined, 'Versions take PUT and DELETE.');
}

async function read(path: readonly string[], fleet: Fleet): Promise<Answer> {
  const [noun, name = '', part] = path;
  if (noun === 'health' && path.length === 1) return { status: 200, body: { status: 'ok', pid: process.pid } };
  if (path.length !== 3) return notFound();
  if (noun === 'services' && part === 'instances') return { status: 200, body: { instances: fleet.observe(name) } };
  const log = noun === 'instances' && part === 'log' ? fleet.log(name) : undefined;
  return log === undefined ? notFound() : { status: 200, body: { log: await log.tail(LOG_TAIL_BYTES) } };
}

async function run(service: string, version: string, body: string | undefined, fleet: Fleet): Promise<Answer> {
  if (body === undefined) {
    return refusal(413, 'too_large', undefined, `A version takes at most ${ADMIN_BODY_MAX} bytes.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refusal(400, 'invalid', undefined, 'The body is not JSON.');
  }
  const parsed = parseSpec(value);
  if (parsed.is === 'refused') return refusal(400, 'invalid', parsed.field, parsed.message);
  if (parsed.spec.name !== version) {
    return refusal(400, 'invalid', 'name', `The path names ${version}, the body ${parsed.spec.name}.`);
  }
  const outcome = await fleet.run(service, parsed.spec);
  if (outcome.is === 'refused') return refusal(409, 'conflict', outcome.field, outcome.message);
  return { status: 204, body: undefined };
}

function namesIn(url: string): readonly string[] | undefined {
  try {
    return (url.split('?', 1)[0] ?? '').split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > ADMIN_BODY_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function refusal(status: number, code: string, field: string | undefined, message: string): Answer {
  return { status, body: { code, message, ...(field === undefined ? {} : { field }) } };
}

function notFound(): Answer {
  return refusal(404, 'not_found', undefined, 'There is nothing at this path.');
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

async function listen(server: Server, where: AdminParts['listen']): Promise<AdminAddress> {
  if (where.is === 'unix') await removeStaleSocket(where.path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (where.is === 'unix') server.listen(where.path, resolve);
    else server.listen(where.port, LOOPBACK, resolve);
  });
  if (where.is === 'unix') {
    await chmod(where.path, 0o600);
    return { is: 'unix', path: where.path };
  }
  const address = server.address();
  return { is: 'loopback', host: LOOPBACK, port: typeof address === 'object' && address ? address.port : where.port };
}

/** A socket file that nobody answers on is what a killed supervisor left. */
async function removeStaleSocket(path: string): Promise<void> {
  const state = await new Promise<'answers' | 'stale' | 'absent'>((resolve) => {
    const attempt = connect(path);
    attempt.once('connect', () => {
      attempt.destroy();
      resolve('answers');
    });
    attempt.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'stale' : 'absent'),
    );
  });
  if (state === 'answers') throw new Error(`Another process listens on ${path}.`);
  if (state === 'stale') await unlink(path);
}
