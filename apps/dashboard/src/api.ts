import type { CallInput, CallOutput, Problem, RouteName } from '@spillway/contract';
import { createClient } from '@spillway/contract/client';

/** Same origin, session cookie: the page never holds a secret. */
export const client = createClient({ baseUrl: '' });

/** A refusal, as something queries and mutations can carry. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Calls a route; throws `ProblemError` on a refusal, so that queries and mutations see it as their error. */
export async function ask<N extends RouteName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const result = await client.call(name, input);
  if (result.ok) return result.value;
  throw new ProblemError(result.problem);
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { type: 'about:blank', title: 'Something went wrong', status: 0, detail, code: 'unexpected' };
}

/** The server could not be reached or was not ready: worth trying again, nothing was refused. */
export function isPassing(problem: Problem): boolean {
  return ['network', 'timeout', 'unavailable', 'unreadable'].includes(problem.code) || problem.status >= 500;
}
