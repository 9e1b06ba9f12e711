import type { VersionSpec } from '@spillway/core';

/** Runs versions of services; `service` is `environment/key`. Every method may be called again with the same arguments without further effect. */
export interface Target {
  /** Makes `version.instances` instances wanted; returns when that is recorded durably, before they are healthy. */
  run(service: string, version: VersionSpec): Promise<void>;
  /** Makes no instance wanted; running ones get SIGTERM, finish their requests and are gone after the grace time. */
  stop(service: string, version: string): Promise<void>;
  observe(service: string): Promise<readonly Instance[]>;
}

export interface Instance {
  readonly id: string;
  readonly version: string;
  /** Where it listens, e.g. `http://127.0.0.1:40001`; stable over restarts of the same instance. */
  readonly url: string;
  readonly state: 'starting' | 'healthy' | 'unhealthy' | 'backing_off' | 'stopping';
  readonly restarts: number;
  /** Why it is not healthy, in words for a person; absent while there is nothing to say. */
  readonly problem?: string;
  readonly cpu_usage?: number;
  readonly memory_usage?: number;
}
