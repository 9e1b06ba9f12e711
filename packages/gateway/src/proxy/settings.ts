import type { Services } from '../routes/services.ts';

/** What every exchange needs to know; one per gateway. */
export interface ProxySettings {
  readonly services: Services;
  /** Keep what clients say in X-Forwarded-* and Forwarded: only behind another proxy that sets them. */
  readonly trustForwarded: boolean;
  /** True once the gateway stops: answers then close their connection. */
  readonly draining: () => boolean;
}
