import { createReadStream } from 'node:fs';
import type { CallOutput } from '@spillway/contract';
import type { Configuration, EvaluationContext } from '@spillway/evaluator';
import { isUnreadable, whyUnreadable } from '../files/why.ts';
import type { Dialect } from '../importing/dialects.ts';
import type { Question } from '../offline/answers.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, usageFailure } from '../output/failure.ts';
import { print } from '../output/print.ts';
import { unknownFlags } from './unknown-flags.ts';

export interface OfflineOptions {
  readonly flags: readonly string[];
  readonly contexts?: string;
  readonly environment?: string;
  readonly at?: number;
  readonly dialect?: Dialect;
  readonly trace?: boolean;
  readonly json?: boolean;
}

type Answer = CallOutput<'evaluateFlag'>;

/** Large enough that a promise for each is nothing, small enough to begin answering at once. */
const CHUNK_BYTES = 262_144;

/** Asks flags that stand in files, without a server. What this takes is loaded when it is wanted: it is half of the command's start. */
export async function evaluateOffline(
  keys: readonly string[],
  options: OfflineOptions,
  context: EvaluationContext | undefined,
  shown: (answers: readonly Answer[]) => string,
): Promise<void> {
  const { readConfiguration } = await import('../offline/configuration.ts');
  const configuration = await readConfiguration(options.flags, options.environment);
  const [only, ...others] = keys;
  const translate = await translationOf(options.dialect);
  const question: Question = {
    configuration,
    now: options.at ?? Date.now(),
    flags: only === undefined ? 'all' : others.length === 0 ? { one: only } : { some: keys },
    trace: options.trace === true,
    ...(translate === undefined ? {} : { translate }),
  };
  const unknown = unknownIn(keys, configuration);
  if (options.contexts === undefined) await answerOne(question, context ?? {}, options, shown);
  else if (context === undefined) await answerLines(question, options.contexts, unknown);
  else throw usageFailure('Contexts come from --contexts, or one from --context and --targeting-key; not both.');
  if (unknown !== undefined) throw unknown;
}

async function translationOf(dialect: Dialect | undefined): Promise<Question['translate']> {
  if (dialect === undefined) return undefined;
  const { readerOf } = await import('../importing/contexts.ts');
  return readerOf(dialect);
}

/** Every answer says FLAG_NOT_FOUND, as a server's would; the end says what the key may have been meant to be. */
function unknownIn(keys: readonly string[], { flags }: Configuration): Failure | undefined {
  const unknown = keys.filter((key) => !flags.has(key));
  return unknown.length === 0 ? undefined : unknownFlags(unknown, 'in the files', [...flags.keys()]);
}

async function answerOne(
  question: Question,
  context: EvaluationContext,
  options: OfflineOptions,
  shown: (answers: readonly Answer[]) => string,
): Promise<void> {
  const { createAnswer } = await import('../offline/answers.ts');
  const translated = question.translate?.(context) ?? context;
  if (typeof translated === 'string') throw usageFailure(`The context ${translated}.`);
  const answer = JSON.parse(createAnswer(question)(translated)) as Answer | CallOutput<'evaluateFlags'>;
  print(answer, options, () => shown('evaluations' in answer ? answer.evaluations : [answer]));
}

async function answerLines(question: Question, file: string, unknown: Failure | undefined): Promise<void> {
  const { evaluateLines } = await import('../offline/evaluate-lines.ts');
  const input = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const { contexts, bad, firstBad } = await evaluateLines(question, input, process.stdout).catch((error: unknown) => {
    throw isUnreadable(error) ? usageFailure(`${file} cannot be read: ${whyUnreadable(error)}.`) : error;
  });
  if (bad === 0) return;
  const told = `${bad} of ${contexts + bad} lines hold no context, the first is line ${firstBad}; their answers say why.`;
  throw new Failure(unknown === undefined ? told : `${unknown.message} ${told}`, unknown?.exitCode ?? EXIT.invalid);
}
