import type { Problem } from '@spillway/contract';
import { counted } from '@spillway/core/wording/counted';
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

/** A file that a request was made from, and where in it a field stands: `file:line:column`. */
export interface Source {
  readonly path: string;
  place(field: string): { readonly at: string; readonly field: string } | undefined;
}

/** Fields that people give as options, so that a mistake is named as they know it. */
const OPTIONS: Readonly<Record<string, string>> = {
  reason: '--reason',
  environment: '--environment',
  environments: '--environment',
  noun: '--noun',
  search: '--search',
  cursor: '--cursor',
  description: '--description',
  owner: '--owner',
  column: '--column',
  path_prefix: '--path',
  hostname: '--hostname',
  expires_in_ms: '--expires-in-days',
};

export function problemFailure(problem: Problem, source?: Source): Failure {
  const placed = (problem.errors ?? []).map(({ field, message }) => ({
    ...(source?.place(field) ?? { at: undefined, field: optionFor(field) ?? field }),
    message,
  }));
  const isInFile = source !== undefined && placed.some(({ at }) => at !== undefined);
  const errors = placed.map(({ at, ...error }) => (at === undefined ? error : { ...error, at }));
  const shown = problem.errors === undefined ? problem : { ...problem, errors };
  const message = isInFile ? inFile(source.path, placed) : inWords(problem, placed);
  return new Failure(message, exitCodeOf(problem.code), shown);
}

interface Placed {
  readonly at: string | undefined;
  readonly field: string;
  readonly message: string;
}

/** As compilers do it, so that editors can jump there. */
function inFile(path: string, errors: readonly Placed[]): string {
  const lines = errors.map(({ at, field, message }) => `${at === undefined ? '' : `${at} `}${field}: ${message}`);
  const count = counted(errors.length, 'mistake');
  return [...lines, `${count} in ${path === '-' ? 'standard input' : path}; nothing was changed.`].join('\n');
}

/** The sentence often says the only error already; it is not said twice. */
function inWords({ code, detail, errors = [] }: Problem, named: readonly Placed[]): string {
  if (code === 'unauthenticated') return `${detail} It is read from SPILLWAY_TOKEN or the data directory.`;
  const [first] = errors;
  const option = first && optionFor(first.field);
  const sentence =
    first === undefined || option === undefined
      ? detail
      : detail.replace(`\`${first.field}\``, option).replace(first.field, option);
  if (errors.length === 1 && first !== undefined && detail.includes(first.message)) return sentence;
  return [sentence, ...named.map(({ field, message }) => `  ${field}: ${message}`)].join('\n');
}

/** What a body or a query calls a field, the command calls an option; a part of the path is an argument of it. */
function optionFor(field: string): string | undefined {
  const [, argument] = /^\{([a-z_]+)\}$/.exec(field) ?? [];
  if (argument !== undefined) return OPTIONS[argument] ?? `<${argument}>`;
  const [, name] = /^[/?]([a-z_]+)$/.exec(field) ?? [];
  return name === undefined ? undefined : OPTIONS[name];
}

const RETRYABLE = new Set(['network', 'timeout', 'unavailable', 'rate_limited']);

const CODE_OF_EXIT: Readonly<Record<number, string>> = {
  [EXIT.usage]: 'usage',
  [EXIT.notFound]: 'not_found',
  [EXIT.denied]: 'unauthenticated',
  [EXIT.invalid]: 'invalid',
  [EXIT.timeout]: 'timeout',
};

/** The stable form on standard error with `--json`. */
export function failureDocument(failure: Failure): string {
  const code = failure.problem?.code ?? CODE_OF_EXIT[failure.exitCode] ?? 'unexpected';
  return JSON.stringify({
    error: {
      code,
      message: failure.problem?.detail ?? failure.message,
      ...(failure.problem?.errors === undefined ? {} : { errors: failure.problem.errors }),
      retryable: RETRYABLE.has(code),
    },
  });
}
