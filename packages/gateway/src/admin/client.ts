import { request as sendRequest } from 'node:http';
import type { VersionReading } from '../metrics/counters.ts';
import { type GatewayRoute, parseRoute } from '../routes/route.ts';
import type { AdminAddress } from './server.ts';

/** How long the gateway may take to answer; writing a route includes its way to the disk. */
export const ADMIN_TIMEOUT_MS = 5_000;

export interface GatewayMetrics {
  readonly epoch: string;
  readonly at_ms: number;
  /** By service, then by version. */
  readonly services: Readonly<Record<string, Readonly<Record<string, VersionReading>>>>;
}

export interface GatewayHealth {
  readonly status: 'ok';
  readonly epoch: string;
  readonly routes: number;
}

/** The gateway's admin API. Every method throws `GatewayUnreachable` or `GatewayRefusal`. */
export interface GatewayAdmin {
  putRoute(route: GatewayRoute): Promise<void>;
  deleteRoute(service: string): Promise<void>;
  route(service: string): Promise<GatewayRoute | undefined>;
  routes(): Promise<readonly GatewayRoute[]>;
  metrics(): Promise<GatewayMetrics>;
  health(): Promise<GatewayHealth>;
}

export class GatewayUnreachable extends Error {}

export class GatewayRefusal extends Error {
  readonly status: number;
  readonly field: string | undefined;

  constructor(status: number, message: string, field: string | undefined) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

export function gatewayAdmin(address: AdminAddress, token: string): GatewayAdmin {
  const call = (method: string, path: string, body?: unknown) => send(address, token, method, path, body);
  const read = async (path: string) => expectOk(await call('GET', path));
  return {
    async putRoute(route) {
      expectOk(await call('PUT', pathOf(route.service), route));
    },
    async deleteRoute(service) {
      expectOk(await call('DELETE', pathOf(service)));
    },
    async route(service) {
      const answer = await call('GET', pathOf(service));
      return answer.status === 404 ? undefined : routeIn(expectOk(answer));
    },
    async routes() {
      const body = (await read('/routes')) as { readonly routes: readonly unknown[] };
      return body.routes.map(routeIn);
    },
    metrics: async () => (await read('/metrics')) as GatewayMetrics,
    health: async () => (await read('/health')) as GatewayHealth,
  };
}

function routeIn(body: unknown): GatewayRoute {
  const parsed = parseRoute(body);
  if (parsed.is === 'refused')
    throw new GatewayRefusal(200, `The gateway gave an invalid route: ${parsed.message}`, parsed.field);
  return parsed.route;
}

function pathOf(service: string): string {
  return `/routes/${encodeURIComponent(service)}`;
}

function expectOk({ status, body }: AdminAnswer): unknown {
  if (status >= 200 && status < 300) return body;
  const refusal = (typeof body === 'object' && body !== null ? body : {}) as { message?: unknown; field?: unknown };
  const message = typeof refusal.message === 'string' ? refusal.message : `The gateway answered ${status}.`;
  throw new GatewayRefusal(status, message, typeof refusal.field === 'string' ? refusal.field : undefined);
}

function send(address: AdminAddress, token: string, method: string, path: string, body: unknown): Promise<AdminAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const unreachable = (error: Error) =>
      reject(new GatewayUnreachable(`The gateway cannot be reached: ${error.message}`, { cause: error }));
    const request = sendRequest({
      ...(address.is === 'unix' ? { socketPath: address.path } : { host: address.host, port: address.port }),
      method,
      path,
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
      signal: AbortSignal.timeout(ADMIN_TIMEOUT_MS),
    });
    request.once('error', unreachable);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', unreachable);
      response.once('end', () => {
        const content = Buffer.concat(chunks).toString('utf8');
        try {
          resolve({ status: response.statusCode ?? 0, body: content === '' ? undefined : JSON.parse(content) });
        } catch {
          unreachable(new Error('its answer is not JSON.'));
        }
      });
    });
    request.end(text);
  });
}
