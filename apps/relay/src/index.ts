export { BadRelayConfig, type RelayOptions, readAllowedOrigins, readClientLimits, readRelayKeys } from './config.ts';
export { runRelay } from './run.ts';
