import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Auth, type BodyLimits, type Route, type RouteName, routes } from '@spillway/contract';
import type { Control } from '@spillway/control';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Assets } from './assets.ts';
import { MAX_BODY_BYTES, readJson, readLargeJson } from './body/read.ts';
import { answerBrokenRequest, TUNNEL } from './broken-request.ts';
import { answerPreflight, crossOriginHeaders, isPreflight, refuseOtherOrigins } from './client-doors/cross-origin.ts';
import { authorise, type Caller, isAuth, type Site } from './credentials.ts';
import { refuseCrooked } from './crooked.ts';
import { type ProblemSettings, pathOf, sendProblem, unsupportedMediaType } from './errors.ts';
import { enterBeforeNode, type LaneConnections } from './fast-lane/before-node.ts';
import { enterBehindNode } from './fast-lane/behind-node.ts';
import { createLane } from './fast-lane/lane.ts';
import { protectiveHeaders } from './headers.ts';
import { CLIENT_LIMITS, type ClientLimits, createLimiter, senderOf } from './limits/client-limits.ts';
import type { Log } from './log.ts';
import { mountRoutes } from './mount.ts';
import type { Door } from './passage.ts';
import { RequestRefused } from './problem.ts';
import { readQuery } from './query.ts';
import { isSocketRequest, openSocketDoor } from './sockets/door.ts';
import { StreamHub } from './streams/hub.ts';
import { createUnmatched } from './unmatched.ts';
import { uploadOf } from './upload/upload.ts';
import { watchBody } from './upload/watch-body.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Where the body may hold more than usual. */
    limits?: BodyLimits;
    /** Who may call this route; the server refuses to mount a route that does not say it. */
    auth?: Auth;
    name?: string;
    refusals?: NonNullable<Route['refusals']>;
    crossOrigin?: true;
    /** Whether a ticket in the query opens it. */
    ticket?: true;
    /** Media types that the route takes as an upload. */
    upload?: readonly string[];
  }
}

export const MAX_HEADER_BYTES = 16_384;
export const MAX_PARAMETER_LENGTH = 1_024;
export const HEADERS_TIMEOUT_MS = 10_000;
/** How long a whole request, body included, may take to arrive; and one that uploads. */
export const REQUEST_TIMEOUT_MS = 30_000;
export const UPLOAD_TIMEOUT_MS = 10 * 60_000;
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How long requests under way may take once the server stops. */
export const CLOSE_GRACE_MS = 5_000;

export interface HttpServerOptions {
  readonly control: Control;
  readonly log: Log;
  /** The built dashboard; empty or absent: a page that says how to build it. */
  readonly assets?: Assets;
  /** E.g. `https://spillway.example.org`; makes cookies secure and is the only origin whose pages may write. */
  readonly publicOrigin?: string | undefined;
  /** Whose pages may call the doors for browsers, e.g. `https://shop.example`; `*`: everybody's. None when left out. */
  readonly allowedOrigins?: readonly string[];
  /** How often client keys may ask; what is left out is as `CLIENT_LIMITS` has it. */
  readonly clientLimits?: Partial<ClientLimits>;
  /** Resolves when the store answers. */
  readonly ready?: () => Promise<unknown>;
  /** Whether an error says that the store does not answer at the moment; such requests get 503 instead of 500. */
  readonly isUnavailable?: (error: unknown) => boolean;
  readonly requestTimeoutMs?: number;
  readonly heartbeatMs?: number;
  /** How long a WebSocket may take to say who it is. */
  readonly helloMs?: number;
}

export interface HttpServer {
  /** Rejects with the system's error when the port is taken. */
  listen(address: {
    readonly host: string;
    readonly port: number;
  }): Promise<{ readonly url: string; readonly port: number }>;
  /** Ends streams, finishes requests under way, at most `CLOSE_GRACE_MS`. */
  close(): Promise<void>;
  /** The framework's instance, with every route mounted. */
  readonly app: FastifyInstance;
  readonly streams: StreamHub;
  /** Ends every stream whose credential no longer counts. */
  recheck(): Promise<void>;
}

/** The control plane's door: REST, streams and the dashboard over one `Control`. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  return serve(options, Object.keys(routes) as RouteName[], options.assets ?? new Map());
}

/** The doors that applications use, which a relay has too. */
export const APPLICATION_ROUTES = [
  'health',
  'ready',
  'evaluateFlag',
  'evaluateFlags',
  'ofrepEvaluateFlag',
  'ofrepEvaluateFlags',
  'ofrepEventStream',
  'clientEvaluations',
  'clientStream',
  'clientAccess',
  'clientAccessStream',
  'sendSummary',
  'recordEvents',
  'snapshot',
  'stream',
] as const satisfies readonly RouteName[];

/** As much of `Control` as those doors open. */
export interface ApplicationControl extends Pick<Control, 'evaluation' | 'snapshots' | 'clientAccess'> {
  readonly access: Pick<
    Control['access'],
    'authenticate' | 'authenticateSession' | 'ticketFor' | 'authenticateTicket' | 'ticketHolder'
  >;
  readonly environments: Pick<Control['environments'], 'allowsOrigin'>;
  readonly observations: Pick<Control['observations'], 'summarise'>;
  readonly events: Pick<Control['events'], 'record'>;
}

export interface ApplicationServerOptions extends Omit<HttpServerOptions, 'control' | 'assets'> {
  readonly control: ApplicationControl;
}

/** The same server with the doors for applications alone. */
export function createApplicationServer(options: ApplicationServerOptions): HttpServer {
  // The handlers of these routes open nothing that `ApplicationControl` does not have; no other is mounted.
  return serve(options as ApplicationServerOptions & { readonly control: Control }, APPLICATION_ROUTES, undefined);
}

function serve(options: HttpServerOptions, names: readonly RouteName[], assets: Assets | undefined): HttpServer {
  const { control, log } = options;
  const everywhere = new Set(options.allowedOrigins);
  const site: Site = {
    publicOrigin: options.publicOrigin,
    allowsOrigin: (origin, environment) =>
      everywhere.has(origin) || everywhere.has('*') || control.environments.allowsOrigin(origin, environment),
  };
  const headers = protectiveHeaders(site);
  const hub = new StreamHub(control, log, options.heartbeatMs);
  const clientHub = new StreamHub(control, log, options.heartbeatMs);
  const problems = { log, isUnavailable: options.isUnavailable ?? (() => false) };
  const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const limiter = createLimiter({ ...CLIENT_LIMITS, ...options.clientLimits }, log);
  const entrance = { lane: createLane({ control, problems, headers, limiter }), log, isClosing: () => closing };
  /** One for each address that is listened at. */
  const laneConnections: LaneConnections[] = [];
  const app = createApp(problems, requestTimeoutMs, (settings, longWay) => {
    const server = createServer(settings, enterBehindNode({ ...entrance, requestTimeoutMs }, longWay));
    const { headersTimeout: firstByteMs, keepAliveTimeout: keepAliveMs } = settings;
    laneConnections.push(enterBeforeNode(server, { ...entrance, firstByteMs, keepAliveMs }));
    return server;
  });
  const callers = new WeakMap<FastifyRequest, Caller>();
  const unmatched = createUnmatched(names, assets);
  let closing = false;

  app.addHook('onRoute', ({ config, method, url }) => {
    if (!isAuth(config?.auth)) throw new Error(`${String(method)} ${url} does not say who may call it`);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id);
    if (closing) reply.header('connection', 'close');
    refuseCrooked(request.raw);
    if (isPreflight(request)) return answerPreflight(request, reply, site);
    if (request.is404) return unmatched(request, reply);
    const { auth, upload, crossOrigin, ticket } = request.routeOptions.config;
    if (crossOrigin === true) reply.headers(crossOriginHeaders(request, site));
    if (upload === undefined) watchBody(request.raw, requestTimeoutMs, log);
    if (!isAuth(auth)) throw new RequestRefused('forbidden', 'This route does not say who may call it.');
    const shown = ticket === true ? readQuery(request.url).ticket : undefined;
    const caller = await authorise(auth, { request, ticket: shown }, control, site);
    if (caller?.principal.kind === 'client') refuseOtherOrigins(request, site, caller.principal.environment);
    if (caller !== undefined) limiter.admit(caller, senderOf(request.raw));
    if (caller !== undefined) callers.set(request, caller);
    return undefined;
  });
  app.addHook('onResponse', async (request, reply) => record(log, request, reply, callers.get(request)));

  const door: Door = { control, hub, clientHub, site, headers, ready: options.ready ?? (async () => undefined) };
  const sockets = openSocketDoor({
    door,
    problems,
    limiter,
    refuseCrooked,
    ...(options.helloMs === undefined ? {} : { helloMs: options.helloMs }),
  });
  app.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket as Socket, head));
  mountRoutes(app, names, door, (request) => callers.get(request));

  return {
    app,
    streams: hub,
    async recheck() {
      await Promise.all([hub.recheck(), clientHub.recheck()]);
    },
    async listen({ host, port }) {
      await app.listen({ host, port });
      const address = app.server.address() as AddressInfo;
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      return { url: `http://${name}:${address.port}`, port: address.port };
    },
    async close() {
      closing = true;
      hub.close();
      clientHub.close();
      sockets.close();
      for (const each of laneConnections) each.close();
      const force = setTimeout(() => {
        app.server.closeAllConnections();
        sockets.closeAll();
        for (const each of laneConnections) each.closeAll();
      }, CLOSE_GRACE_MS);
      await app.close();
      clearTimeout(force);
    },
  };
}

function createApp(
  settings: ProblemSettings,
  requestTimeout: number,
  listening: (settings: ReturnType<typeof readingOf>, longWay: RequestListener) => Server,
): FastifyInstance {
  const app = fastify({
    serverFactory: (longWay) => listening(readingOf(requestTimeout), longWay as RequestListener),
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: MAX_PARAMETER_LENGTH,
      // Queries are read strictly by `readQuery`.
      querystringParser: () => ({}),
    },
    frameworkErrors: (error, request, reply) => sendProblem(settings, error, request, reply),
    clientErrorHandler: (error, socket) => answerBrokenRequest(settings.log, error, socket),
  });
  app.server.on('connect', (_, socket) => {
    answerBrokenRequest(settings.log, Object.assign(new Error('CONNECT'), { code: TUNNEL }), socket as Socket);
  });
  // Node would answer by itself, without a word.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.setErrorHandler((error, request, reply) => sendProblem(settings, error, request, reply));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    const type = request.headers['content-type'] ?? '';
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity' || /charset=(?!"?utf-8"?\s*(?:;|$))/i.test(type)) throw unsupportedMediaType();
    const { limits, auth } = request.routeOptions.config;
    const numbers = auth === 'admin' ? 'exact' : 'nearest';
    return limits === undefined ? readJson(body, numbers) : readLargeJson(body, limits, numbers);
  });
  const uploads = [...new Set(Object.values(routes).flatMap((route: Route) => route.upload ?? []))];
  app.addContentTypeParser(uploads, async (request: FastifyRequest, payload: IncomingMessage) => {
    const { upload } = request.routeOptions.config;
    if (upload === undefined) throw unsupportedMediaType();
    return uploadOf(request, payload, upload);
  });
  return app;
}

/** How patiently Node reads requests. */
function readingOf(requestTimeout: number) {
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeout),
    // Node knows one limit for all requests; those that upload nothing are watched more closely.
    requestTimeout: UPLOAD_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: Math.min(5_000, requestTimeout),
    // Checked by our own hook, which answers with a problem document.
    requireHostHeader: false,
    shouldUpgradeCallback: isSocketRequest,
  };
}

/** Read, although by POST: a context does not belong into an address. */
const EVALUATIONS: ReadonlySet<string> = new Set([
  'evaluateFlag',
  'evaluateFlags',
  'ofrepEvaluateFlag',
  'ofrepEvaluateFlags',
  'clientEvaluations',
] satisfies RouteName[]);

/** One line per request. The query stays out of it, and so does everything a caller could forge a line with. */
function record(log: Log, request: FastifyRequest, reply: FastifyReply, caller: Caller | undefined): void {
  const line = {
    request_id: request.id,
    method: request.method,
    path: pathOf(request.url).slice(0, 512),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    ...(caller === undefined ? {} : { caller: caller.principal.name }),
  };
  const isRead = request.method === 'GET' || EVALUATIONS.has(request.routeOptions.config?.name ?? '');
  if (isRead && reply.statusCode < 400) log.debug(line, 'answered');
  else log.info(line, 'answered');
}
