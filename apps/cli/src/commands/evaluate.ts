import type { CallOutput } from '@spillway/contract';
import type { Json } from '@spillway/evaluator';
import type { Command } from 'commander';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { connected, type ServerOptions, withExamples, withServer } from './options.ts';

interface EvaluateOptions extends ServerOptions {
  readonly environment: string;
  readonly targetingKey?: string;
  readonly context?: string;
}

type Answer = CallOutput<'evaluateFlag'>;

export function addEvaluate(program: Command): void {
  withExamples(
    withServer(program.command('evaluate [keys...]').description('what a context gets: one flag, several, or all')),
    [
      'spillway evaluate new-checkout -e staging -k user-42',
      `spillway evaluate -e production -k user-42 -c '{"plan":"pro","country":"DE"}'`,
    ],
  )
    .requiredOption('-e, --environment <name>')
    .option('-k, --targeting-key <key>', 'the user, organisation or device')
    .option('-c, --context <json>', 'attributes as a JSON object')
    .action(async (keys: string[], options: EvaluateOptions) => {
      const { client } = connected(options);
      const context = contextOf(options);
      const [only, ...others] = keys;
      if (only !== undefined && others.length === 0) {
        const body = { context, environment: options.environment };
        print(expectAnswer(await client.call('evaluateFlag', { params: { key: only }, body })), options, (one) =>
          rows([one]),
        );
        return;
      }
      const which = keys.length === 0 ? {} : { flags: keys };
      const body = { context, environment: options.environment, ...which };
      print(expectAnswer(await client.call('evaluateFlags', { body })), options, (all) => rows(all.evaluations));
    });
}

function contextOf(options: EvaluateOptions): Record<string, Json> {
  const attributes = options.context === undefined ? {} : parseObject(options.context);
  return options.targetingKey === undefined ? attributes : { ...attributes, targetingKey: options.targetingKey };
}

function parseObject(text: string): Record<string, Json> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, Json>;
  } catch {
    // The same remedy as for any other text that is not an object.
  }
  throw usageFailure(`--context must be a JSON object like '{"plan":"pro"}', not ${text}`);
}

function rows(answers: readonly Answer[]): string {
  const cells = answers.map((answer) => [
    answer.flagKey,
    JSON.stringify(answer.value ?? null),
    answer.variant ?? '-',
    answer.reason,
    answer.errorMessage ?? answer.flagMetadata.rule ?? answer.flagMetadata.killSwitch ?? '',
  ]);
  return cells.length === 0 ? 'No flags.' : table(['FLAG', 'VALUE', 'VARIANT', 'REASON', 'BECAUSE'], cells);
}
