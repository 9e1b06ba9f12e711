import type { CallResult, RouteName } from '@spillway/contract';
import { problemFailure, type Source } from './failure.ts';
import { harmless } from './terminal.ts';

interface OutputOptions {
  readonly json?: boolean | undefined;
}

/** Data goes to standard output: one JSON document with `--json`, otherwise text for people. */
export function print<T>(value: T, options: OutputOptions, human: (value: T) => string): void {
  process.stdout.write(`${options.json === true ? JSON.stringify(value) : harmless(human(value))}\n`);
}

/** One page of a list, and for people how to get the next one. */
export function printPage<T extends { readonly items: readonly unknown[]; readonly next?: string | undefined }>(
  page: T,
  options: OutputOptions,
  human: (items: T['items']) => string,
): void {
  print(page, options, ({ items }) => human(items));
  if (page.next !== undefined && options.json !== true) tell(`There are more: --cursor ${page.next}`);
}

/** What a change left behind, and for people that there was nothing to change. */
export function printWritten<T extends { readonly unchanged?: true | undefined }>(
  written: T,
  options: OutputOptions,
  human: (written: T) => string,
): void {
  print(written, options, human);
  if (written.unchanged === true && options.json !== true) tell('Nothing changed: it was so already.');
}

/** Messages and progress go to standard error, so that they never mix with data. */
export function tell(text: string): void {
  process.stderr.write(`${harmless(text)}\n`);
}

/** `source` is the file that the request was read from, so that mistakes can be shown in it. */
export function expectAnswer<N extends RouteName>(
  result: CallResult<N>,
  source?: Source,
): Extract<CallResult<N>, { ok: true }>['value'] {
  if (result.ok) return result.value;
  throw problemFailure(result.problem, source);
}
