export { BadRelayConfig, type RelayOptions, readAllowedOrigins, readRelayKeys } from './config.ts';
export { runRelay } from './run.ts';
