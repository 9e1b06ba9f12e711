export { BadRelayConfig, type RelayOptions, readRelayKeys } from './config.ts';
export { runRelay } from './run.ts';
