import type { StickyBy } from '@spillway/core';

/** What the router should do for one service; `service` is `environment/key`. Shares out of 100,000 sum to 100,000. */
export interface Route {
  readonly service: string;
  readonly hostname?: string;
  readonly path_prefix: string;
  readonly sticky: StickyBy;
  readonly seed: string;
  readonly versions: readonly RouteVersion[];
}

export interface RouteVersion {
  readonly version: string;
  readonly share: number;
  readonly urls: readonly string[];
}

/** Sends shares of traffic to versions. */
export interface Router {
  /** Returns when new requests follow the route and it is kept on disk; requests under way end where they began. */
  apply(route: Route): Promise<void>;
  /** What is applied now; undefined when the service has no route. Throws when the router cannot be reached. */
  observe(service: string): Promise<Route | undefined>;
}
