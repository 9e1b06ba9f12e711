/** Instants are milliseconds of any clock that only goes forward. */
export interface CircuitLimits {
  /** Failures and slow calls within `windowMs` that open the circuit. */
  readonly failures: number;
  readonly windowMs: number;
  /** Trial calls in a row that must succeed before the circuit closes. */
  readonly successes: number;
  /** How long an open circuit admits nobody. */
  readonly openMs: number;
  /** Trial calls that may be underway at once. */
  readonly trials: number;
  /** A call that took longer counts as failed, whatever it answered. Left out: only failures count. */
  readonly slowMs?: number;
}

export const CIRCUIT_LIMITS: CircuitLimits = {
  failures: 5,
  windowMs: 60_000,
  successes: 5,
  openMs: 60_000,
  trials: 3,
};

/** `period` counts the states gone through, so that a call is only held against the one it was made in. */
export type Circuit =
  | { readonly is: 'closed'; readonly period: number; readonly failedAt: readonly number[] }
  | { readonly is: 'open'; readonly period: number; readonly since: number }
  | {
      readonly is: 'half_open';
      readonly period: number;
      readonly since: number;
      readonly underway: number;
      readonly succeeded: number;
    };

export interface Call {
  readonly period: number;
  readonly began: number;
}

export type Admission =
  | { readonly is: 'admitted'; readonly circuit: Circuit; readonly call: Call }
  | { readonly is: 'refused'; readonly circuit: Circuit; readonly retryAfterMs: number };

export const CLOSED: Circuit = { is: 'closed', period: 0, failedAt: [] };

/** Whether a call may be made now. */
export function admit(circuit: Circuit, now: number, limits: CircuitLimits): Admission {
  if (circuit.is === 'closed') return { is: 'admitted', circuit, call: { period: circuit.period, began: now } };
  const waitedMs = now - circuit.since;
  if (circuit.is === 'open') {
    if (waitedMs < limits.openMs) return { is: 'refused', circuit, retryAfterMs: limits.openMs - waitedMs };
    return tryFirst(circuit, now);
  }
  if (circuit.underway < limits.trials) {
    const trying = { ...circuit, underway: circuit.underway + 1 };
    return { is: 'admitted', circuit: trying, call: { period: circuit.period, began: now } };
  }
  // Trials that never come back must not keep the circuit from ever closing.
  if (waitedMs >= limits.openMs) return tryFirst(circuit, now);
  return { is: 'refused', circuit, retryAfterMs: limits.openMs - waitedMs };
}

/** The circuit after a call has ended. */
export function settle(
  circuit: Circuit,
  call: Call,
  outcome: 'succeeded' | 'failed',
  now: number,
  limits: CircuitLimits,
): Circuit {
  if (call.period !== circuit.period || circuit.is === 'open') return circuit;
  const slow = limits.slowMs !== undefined && now - call.began > limits.slowMs;
  const good = outcome === 'succeeded' && !slow;
  if (circuit.is === 'half_open') {
    if (!good) return opened(circuit, now);
    const succeeded = circuit.succeeded + 1;
    if (succeeded >= limits.successes) return { is: 'closed', period: circuit.period + 1, failedAt: [] };
    return { ...circuit, underway: circuit.underway - 1, succeeded };
  }
  if (good) return circuit;
  const failedAt = [...circuit.failedAt.filter((at) => now - at < limits.windowMs), now];
  return failedAt.length >= limits.failures ? opened(circuit, now) : { ...circuit, failedAt };
}

function tryFirst(circuit: Circuit, now: number): Admission {
  const period = circuit.period + 1;
  const trying: Circuit = { is: 'half_open', period, since: now, underway: 1, succeeded: 0 };
  return { is: 'admitted', circuit: trying, call: { period, began: now } };
}

function opened(circuit: Circuit, now: number): Circuit {
  return { is: 'open', period: circuit.period + 1, since: now };
}
