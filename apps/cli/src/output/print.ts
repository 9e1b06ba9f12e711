import type { CallResult, RouteName } from '@spillway/contract';
import { problemFailure } from './failure.ts';

/** Data goes to standard output: one JSON document with `--json`, otherwise text for people. */
export function print<T>(
  value: T,
  options: { readonly json?: boolean | undefined },
  human: (value: T) => string,
): void {
  process.stdout.write(`${options.json === true ? JSON.stringify(value) : human(value)}\n`);
}

/** Messages and progress go to standard error, so that they never mix with data. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function expectAnswer<N extends RouteName>(
  result: CallResult<N>,
  place?: (field: string) => string | undefined,
): Extract<CallResult<N>, { ok: true }>['value'] {
  if (result.ok) return result.value;
  throw problemFailure(result.problem, place);
}
