/** An application that Spillway runs and routes traffic to, in one environment. */
export interface Service {
  readonly key: string;
  readonly environment: string;
  /** Requests for this host belong to this service; absent: whichever host. */
  readonly hostname?: string;
  /** Path prefix on the gateway that belongs to this service, e.g. `/`. */
  readonly path_prefix: string;
  /** The version that has all traffic when no rollout is under way. */
  readonly live?: string;
  /** Every version that may have running instances, by name. */
  readonly versions: Readonly<Record<string, VersionSpec>>;
  readonly sticky: StickyBy;
}

/** How to run one version as local processes. */
export interface VersionSpec {
  readonly name: string;
  /** Program and arguments; started without a shell. `PORT` is in its environment. */
  readonly command: readonly string[];
  readonly directory?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly instances: number;
  readonly health: HealthCheck;
  /** How long a stopping instance may take to finish its requests before SIGKILL. */
  readonly grace_ms: number;
}

export interface HealthCheck {
  readonly path: string;
  readonly interval_ms: number;
  readonly timeout_ms: number;
  /** How long a new instance may take to answer for the first time. */
  readonly start_timeout_ms: number;
}

/** Which request property keeps a user on one version; without it the gateway sets a cookie. */
export interface StickyBy {
  readonly header?: string;
  readonly cookie: string;
}
