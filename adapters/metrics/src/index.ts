export { gatewayMetrics } from './gateway/gateway-metrics.ts';
