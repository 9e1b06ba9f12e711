import { type ChannelAddress, ChannelRefusal, channelClient } from '@spillway/private-channel';
import type { VersionReading } from '../metrics/counters.ts';
import { type GatewayRoute, parseRoute } from '../routes/route.ts';

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

/** The gateway's admin API. Every method throws `ChannelUnreachable` or `ChannelRefusal`. */
export interface GatewayAdmin {
  putRoute(route: GatewayRoute): Promise<void>;
  deleteRoute(service: string): Promise<void>;
  route(service: string): Promise<GatewayRoute | undefined>;
  routes(): Promise<readonly GatewayRoute[]>;
  metrics(): Promise<GatewayMetrics>;
  health(): Promise<GatewayHealth>;
}

export function gatewayAdmin(address: ChannelAddress, token: string): GatewayAdmin {
  const { call } = channelClient({ address, token, peer: 'gateway' });
  return {
    async putRoute(route) {
      await call('PUT', pathOf(route.service), route);
    },
    async deleteRoute(service) {
      await call('DELETE', pathOf(service));
    },
    async route(service) {
      try {
        return routeIn(await call('GET', pathOf(service)));
      } catch (error) {
        if (error instanceof ChannelRefusal && error.status === 404) return undefined;
        throw error;
      }
    },
    async routes() {
      const body = (await call('GET', '/routes')) as { readonly routes: readonly unknown[] };
      return body.routes.map(routeIn);
    },
    metrics: async () => (await call('GET', '/metrics')) as GatewayMetrics,
    health: async () => (await call('GET', '/health')) as GatewayHealth,
  };
}

function routeIn(body: unknown): GatewayRoute {
  const parsed = parseRoute(body);
  if (parsed.is === 'refused')
    throw new ChannelRefusal(200, `The gateway gave an invalid route: ${parsed.message}`, parsed.field);
  return parsed.route;
}

function pathOf(service: string): string {
  return `/routes/${encodeURIComponent(service)}`;
}
