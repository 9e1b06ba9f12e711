import type { Problem } from '@spillway/contract';
import { EXIT, exitCodeOf } from './exit-codes.ts';

/** Ends the command: a message for people, a code for scripts. */
export class Failure extends Error {
  readonly exitCode: number;
  readonly problem: Problem | undefined;

  constructor(message: string, exitCode: number, problem?: Problem) {
    super(message);
    this.exitCode = exitCode;
    this.problem = problem;
  }
}

export function usageFailure(message: string): Failure {
  return new Failure(message, EXIT.usage);
}

/** `place` says where in a file a field stands, when the request was read from one. */
export function problemFailure(problem: Problem, place?: (field: string) => string | undefined): Failure {
  const lines = [problem.detail];
  for (const { field, message } of problem.errors ?? []) lines.push(`  ${place?.(field) ?? field}: ${message}`);
  return new Failure(lines.join('\n'), exitCodeOf(problem.code), problem);
}

const RETRYABLE = new Set(['network', 'timeout', 'unavailable', 'rate_limited']);

/** The stable form on standard error with `--json`. */
export function failureDocument(failure: Failure): string {
  const code = failure.problem?.code ?? (failure.exitCode === EXIT.usage ? 'usage' : 'unexpected');
  return JSON.stringify({
    error: {
      code,
      message: failure.problem?.detail ?? failure.message,
      ...(failure.problem?.errors === undefined ? {} : { errors: failure.problem.errors }),
      retryable: RETRYABLE.has(code),
    },
  });
}
