export { type Backend, type Echoed, echo, startBackend, startTcpBackend } from './backend.ts';
export {
  type GatewayProcess,
  type GatewayProcessOptions,
  startGatewayProcess,
  TEST_ADMIN_TOKEN,
} from './gateway-process.ts';
export { exchangeRaw, openRaw, type RawClient } from './raw-client.ts';
export { eventually, routeOfTwo, routeTo } from './route.ts';
export { sharedStateDirectory } from './state-directory.ts';
