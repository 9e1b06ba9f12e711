import type { MetricReading } from '@spillway/core';

/** Cumulative counters per version of a service; `service` is `environment/key`. */
export interface MetricSource {
  /** Throws when the source cannot be reached. */
  read(service: string): Promise<MetricReading>;
}
