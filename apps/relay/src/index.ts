export {
  BadRelayConfig,
  type RelayOptions,
  readAllowedOrigins,
  readClientLimits,
  readPublicKeys,
  readRelayKeys,
} from './config.ts';
export { runRelay } from './run.ts';
