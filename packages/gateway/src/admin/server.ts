import { createHash, timingSafeEqual } from 'node:crypto';
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { RouteFile } from '../routes/file.ts';
import { type GatewayRoute, parseRoute } from '../routes/route.ts';
import type { Services } from '../routes/services.ts';
import { clashing } from '../routes/table.ts';

export const ADMIN_BODY_MAX = 1_048_576;
export const ROUTES_MAX = 1_000;
const LOOPBACK = '127.0.0.1';

export type AdminAddress =
  | { readonly is: 'unix'; readonly path: string }
  | { readonly is: 'loopback'; readonly host: string; readonly port: number };

export interface AdminParts {
  readonly services: Services;
  readonly file: RouteFile;
  readonly epoch: string;
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

/** The control side, reachable from this machine only and with the token only. */
export async function openAdmin(parts: AdminParts): Promise<Admin> {
  const expected = digest(parts.token);
  // Routes are changed one after another: what is on disk and what is served never part.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<Answer>): Promise<Answer> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, parts, expected, inTurn)
      .catch((error: unknown) =>
        refusal(500, 'internal', undefined, error instanceof Error ? error.message : String(error)),
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

async function answer(
  request: IncomingMessage,
  parts: AdminParts,
  expected: Buffer,
  inTurn: (work: () => Promise<Answer>) => Promise<Answer>,
): Promise<Answer> {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), expected)) {
    return refusal(401, 'unauthenticated', undefined, 'The admin token is missing or wrong.');
  }
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (request.method === 'GET') return read(path, parts);
  const service = serviceIn(path);
  if (service === undefined) return notFound(path);
  if (request.method === 'PUT') {
    const body = await readBody(request);
    return inTurn(() => put(service, body, parts));
  }
  if (request.method === 'DELETE') return inTurn(() => remove(service, parts));
  return refusal(405, 'method_not_allowed', undefined, 'Routes take GET, PUT and DELETE.');
}

function read(path: string, { services, epoch }: AdminParts): Answer {
  if (path === '/health') return { status: 200, body: { status: 'ok', epoch, routes: services.routes().length } };
  if (path === '/routes') return { status: 200, body: { routes: services.routes() } };
  if (path === '/metrics') return { status: 200, body: { epoch, at_ms: Date.now(), services: services.readings() } };
  const service = serviceIn(path);
  const route = service === undefined ? undefined : services.route(service);
  return route ? { status: 200, body: route } : notFound(path);
}

async function put(service: string, body: string | undefined, { services, file }: AdminParts): Promise<Answer> {
  if (body === undefined) return refusal(413, 'too_large', undefined, `A route takes at most ${ADMIN_BODY_MAX} bytes.`);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refusal(400, 'invalid', undefined, 'The body is not JSON.');
  }
  const parsed = parseRoute(value);
  if (parsed.is === 'refused') return refusal(400, 'invalid', parsed.field, parsed.message);
  const { route } = parsed;
  if (route.service !== service)
    return refusal(400, 'invalid', 'service', `The path names ${service}, the body ${route.service}.`);
  const others = services.routes().filter((each) => each.service !== service);
  const rival = clashing(others, route);
  if (rival) {
    const place = `${route.hostname ?? 'any host'} ${route.path_prefix}`;
    return refusal(
      409,
      'conflict',
      'path_prefix',
      `${place} is already routed to ${rival.service}; choose another prefix or hostname.`,
    );
  }
  if (others.length >= ROUTES_MAX) return refusal(409, 'too_many', undefined, `At most ${ROUTES_MAX} routes.`);
  if (!isSame(services.route(service), route)) {
    await file.save([...others, route]);
    services.apply(route);
  }
  return { status: 200, body: route };
}

async function remove(service: string, { services, file }: AdminParts): Promise<Answer> {
  if (services.route(service)) {
    await file.save(services.routes().filter((each) => each.service !== service));
    services.remove(service);
  }
  return { status: 204, body: undefined };
}

function isSame(current: GatewayRoute | undefined, wanted: GatewayRoute): boolean {
  return current !== undefined && JSON.stringify(current) === JSON.stringify(wanted);
}

function serviceIn(path: string): string | undefined {
  const encoded = /^\/routes\/([^/]+)$/.exec(path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
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

function notFound(path: string): Answer {
  return refusal(404, 'not_found', undefined, `There is nothing at ${path}.`);
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
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

/** A socket file that nobody answers on is what a killed gateway left; one that answers belongs to another gateway. */
async function removeStaleSocket(path: string): Promise<void> {
  const state = await new Promise<'answers' | 'stale' | 'absent'>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve('answers');
    });
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'stale' : 'absent'));
  });
  if (state === 'answers') throw new Error(`Another gateway is listening on ${path}.`);
  if (state === 'stale') await unlink(path);
}
