import { bucketIndex, LAST_BUCKET } from '@spillway/statistics';

/** How a request of a version ended, as its judge sees it. `client_gone` is nobody's fault and no error. */
export type RequestOutcome = 'answered' | 'status_5xx' | 'connect' | 'timeout' | 'reset' | 'protocol' | 'client_gone';

export type ErrorClass = Exclude<RequestOutcome, 'answered' | 'client_gone'>;

/** Cumulative since the gateway started. `requests` counts ended ones; `in_flight` those still under way. */
export interface VersionReading {
  readonly requests: number;
  /** The sum of `errors_by_class`. */
  readonly errors: number;
  readonly errors_by_class: Readonly<Record<ErrorClass, number>>;
  /** Clients that left before the answer was complete: in `requests`, but neither in `errors` nor in `latency`. */
  readonly client_gone: number;
  /** Attempts repeated on another connection or instance; users did not see them. */
  readonly retries: number;
  readonly in_flight: number;
  /** Milliseconds from a request's head to its answer's head (or failure), by bucket of `statistics/histogram`. */
  readonly latency: Readonly<Record<string, number>>;
}

/** Counts for one version; written on the hot path, so plain numbers and one typed array. */
export class VersionCounters {
  inFlight = 0;
  retries = 0;
  readonly #ended: Record<RequestOutcome, number> = {
    answered: 0,
    status_5xx: 0,
    connect: 0,
    timeout: 0,
    reset: 0,
    protocol: 0,
    client_gone: 0,
  };
  readonly #latency = new Float64Array(LAST_BUCKET + 1);

  end(outcome: RequestOutcome, latencyMs: number): void {
    this.#ended[outcome] += 1;
    if (outcome === 'client_gone') return;
    const bucket = bucketIndex(latencyMs);
    this.#latency[bucket] = (this.#latency[bucket] ?? 0) + 1;
  }

  read(): VersionReading {
    const { answered, client_gone, ...errors_by_class } = this.#ended;
    const errors = Object.values(errors_by_class).reduce((sum, count) => sum + count, 0);
    const latency: Record<string, number> = {};
    this.#latency.forEach((count, bucket) => {
      if (count > 0) latency[bucket] = count;
    });
    return {
      requests: answered + errors + client_gone,
      errors,
      errors_by_class,
      client_gone,
      retries: this.retries,
      in_flight: this.inFlight,
      latency,
    };
  }
}
