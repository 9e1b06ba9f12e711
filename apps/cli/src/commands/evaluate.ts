import type { CallOutput } from '@spillway/contract';
import type { Json } from '@spillway/evaluator';
import type { Command } from 'commander';
import { DIALECTS, type Dialect } from '../importing/dialects.ts';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { traceText } from '../output/trace-tree.ts';
import { attributes, collected, instant, oneOf } from './arguments.ts';
import { evaluateOffline } from './evaluate-offline.ts';
import { connected, type ServerOptions, withExamples, withServer } from './options.ts';
import { failForUnknown } from './unknown-flags.ts';

interface EvaluateOptions extends ServerOptions {
  readonly environment?: string;
  readonly targetingKey?: string;
  readonly context?: Readonly<Record<string, Json>>;
  readonly flag: readonly string[];
  readonly flags: readonly string[];
  readonly contexts?: string;
  readonly at?: number;
  readonly dialect?: Dialect;
  readonly trace?: boolean;
}

type Answer = CallOutput<'evaluateFlag'>;

const EXAMPLES = [
  'spillway evaluate new-checkout -e staging -k user-42',
  `spillway evaluate -e production -k user-42 -c '{"plan":"pro","country":"DE"}'`,
  'spillway evaluate --flags flags/ --flag new-checkout -k user-42 --trace      from files, without a server',
  'spillway evaluate --flags flags/ --contexts users.ndjson > answers.ndjson    one answer a line',
];

export function addEvaluate(program: Command): void {
  withExamples(
    withServer(program.command('evaluate [keys...]').description('what a context gets: one flag, several, or all')),
    EXAMPLES,
  )
    .option('-e, --environment <name>', 'with --flags: the only one they name, else production')
    .option('-k, --targeting-key <key>', 'the user, organisation or device')
    .option('-c, --context <json>', 'attributes as a JSON object', attributes)
    .option('--flag <key>', 'a flag, as the arguments are; may be repeated', collected, [])
    .option('--flags <path>', 'ask files or folders of definitions, or a snapshot, instead of a server', collected, [])
    .option('--contexts <file>', 'with --flags: a context a line (NDJSON); - reads standard input')
    .option('--dialect <product>', 'contexts are in the shape of the product that the flags come from', oneOf(DIALECTS))
    .option('--at <time>', 'the moment to ask about, past or future, such as 2026-12-24T08:00:00Z', instant)
    .option('--trace', 'how each answer came about')
    .action(async (given: string[], options: EvaluateOptions) => {
      const keys = [...new Set([...given, ...options.flag])];
      const isOne = options.context !== undefined || options.targetingKey !== undefined;
      if (options.flags.length > 0)
        await evaluateOffline(keys, options, isOne ? contextOf(options) : undefined, withTraces);
      else await evaluateOnline(keys, options);
    });
}

async function evaluateOnline(keys: readonly string[], options: EvaluateOptions): Promise<void> {
  const { environment, trace, at } = options;
  if (options.contexts !== undefined) throw usageFailure('--contexts needs --flags: a server is asked one at a time.');
  if (environment === undefined) throw usageFailure('--environment is missing; only with --flags can it be left out.');
  const { client } = connected(options);
  const moment = at === undefined ? {} : { at: new Date(at).toISOString() };
  const question = { context: contextOf(options), environment, ...(trace === true ? { trace } : {}), ...moment };
  const asked = { client, environment, ...moment };
  const [only, ...others] = keys;
  if (only !== undefined && others.length === 0) {
    const answer = expectAnswer(await client.call('evaluateFlag', { params: { key: only }, body: question }));
    print(answer, options, (one) => withTraces([one]));
    return await failForUnknown([answer], asked);
  }
  const which = keys.length === 0 ? {} : { flags: [...keys] };
  const answer = expectAnswer(await client.call('evaluateFlags', { body: { ...question, ...which } }));
  print(answer, options, (all) => withTraces(all.evaluations));
  await failForUnknown(answer.evaluations, asked);
}

function contextOf(options: EvaluateOptions): Readonly<Record<string, Json>> {
  const { context = {}, targetingKey } = options;
  return targetingKey === undefined ? context : { ...context, targetingKey };
}

function withTraces(answers: readonly Answer[]): string {
  return [
    rows(answers),
    ...answers.flatMap(({ flagKey, trace }) => (trace ? ['', traceText(flagKey, trace)] : [])),
  ].join('\n');
}

function rows(answers: readonly Answer[]): string {
  const cells = answers.map((answer) => [
    answer.flagKey,
    JSON.stringify(answer.value ?? null),
    answer.variant ?? '-',
    answer.reason,
    because(answer),
  ]);
  return cells.length === 0 ? 'No flags.' : table(['FLAG', 'VALUE', 'VARIANT', 'REASON', 'BECAUSE'], cells);
}

/** What decided, with its name where it has one: a bare name does not say of what. */
function because({ reason, errorMessage, flagMetadata: { rule, killSwitch, prerequisite } }: Answer): string {
  if (errorMessage !== undefined) return errorMessage;
  if (killSwitch !== undefined) return `kill switch ${killSwitch}`;
  if (prerequisite !== undefined) return `prerequisite ${prerequisite}`;
  if (rule !== undefined) return `rule ${rule}`;
  return UNNAMED[reason] ?? '';
}

const UNNAMED: Readonly<Record<string, string>> = {
  STATIC: 'everyone gets it',
  SPLIT: 'the place in the split',
  DEFAULT: 'no rule matched',
  DISABLED: 'it is off here',
  TARGETING_MATCH: 'named as a target',
};
