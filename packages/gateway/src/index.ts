export { type GatewayAdmin, type GatewayHealth, type GatewayMetrics, gatewayAdmin } from './admin/client.ts';
export {
  ADMIN_TOKEN_LENGTH_MIN,
  DEFAULT_TIMEOUTS,
  type Gateway,
  type GatewayOptions,
  type GatewayTimeouts,
  startGateway,
} from './gateway.ts';
export type { ErrorClass, VersionReading } from './metrics/counters.ts';
export {
  FULL_SHARE,
  type GatewayRoute,
  type GatewayRouteVersion,
  type ParsedRoute,
  parseRoute,
} from './routes/route.ts';
