import { admit, CIRCUIT_LIMITS, type Circuit, type CircuitLimits, CLOSED, settle } from './circuit.ts';

export type BreakerState = 'closed' | 'open' | 'half_open' | 'forced_open';

export interface BreakerOptions extends Partial<CircuitLimits> {
  /** Named in errors. */
  readonly name?: string;
  /** Asked before every call; while it says yes nobody is admitted. Usually the answer of a flag. */
  readonly forcedOpen?: () => boolean;
  /** Milliseconds of a clock that only goes forward; the process's own when left out. */
  readonly now?: () => number;
}

export interface BreakerChange {
  readonly from: BreakerState;
  readonly to: BreakerState;
}

export interface Breaker {
  /** Makes the call if it is admitted; otherwise answers with `otherwise`, or rejects with `CircuitOpenError`. */
  run<T>(call: () => Promise<T>, otherwise?: (refusal: CircuitOpenError) => T | Promise<T>): Promise<T>;
  state(): BreakerState;
  on(event: 'change', listener: (change: BreakerChange) => void): () => void;
}

/** The call was not made. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  /** Until the next trial may be made; absent while the circuit is forced open, which no time ends. */
  readonly retryAfterMs: number | undefined;

  constructor(breaker: string, retryAfterMs: number | undefined) {
    super(`${breaker} is not called: its circuit is ${retryAfterMs === undefined ? 'forced open' : 'open'}`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Stops calling what keeps failing, and tries it again after a while. A limit below 1 is a RangeError. */
export function createBreaker(options: BreakerOptions = {}): Breaker {
  const { name = 'the call', forcedOpen = () => false, now = () => performance.now(), ...given } = options;
  const limits = checked({ ...CIRCUIT_LIMITS, ...given });
  const listeners = new Set<(change: BreakerChange) => void>();
  let circuit: Circuit = CLOSED;
  let forced = false;

  const state = (): BreakerState => (forced ? 'forced_open' : circuit.is);
  const become = (next: Circuit, isForced = forced) => {
    const from = state();
    circuit = next;
    forced = isForced;
    const to = state();
    if (from !== to) for (const listener of listeners) tell(listener, { from, to });
  };
  const isForced = () => {
    become(circuit, forcedOpen());
    return forced;
  };

  return {
    async run(call, otherwise) {
      const refuse = (retryAfterMs: number | undefined) => {
        const refusal = new CircuitOpenError(name, retryAfterMs);
        if (otherwise === undefined) throw refusal;
        return otherwise(refusal);
      };
      if (isForced()) return refuse(undefined);
      const admission = admit(circuit, now(), limits);
      become(admission.circuit);
      if (admission.is === 'refused') return refuse(Math.ceil(admission.retryAfterMs));
      const end = (outcome: 'succeeded' | 'failed') => become(settle(circuit, admission.call, outcome, now(), limits));
      try {
        const answer = await call();
        end('succeeded');
        return answer;
      } catch (error) {
        end('failed');
        throw error;
      }
    },
    state() {
      isForced();
      return state();
    },
    on(_event, listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** One that throws must change neither the call's outcome nor the circuit. */
function tell(listener: (change: BreakerChange) => void, change: BreakerChange): void {
  try {
    listener(change);
  } catch (error) {
    console.warn(`spillway: a breaker's listener threw: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checked(limits: CircuitLimits): CircuitLimits {
  for (const [limit, value] of Object.entries(limits)) {
    if (value !== undefined && !(value >= 1)) throw new RangeError(`${limit} must be at least 1, not ${value}`);
  }
  return limits;
}
