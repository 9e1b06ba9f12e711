import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { readDocumentFile } from '../files/document-file.ts';
import { usageFailure } from '../output/failure.ts';
import { previewText } from '../output/preview-view.ts';
import { expectAnswer, print } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { percentage } from './arguments.ts';
import { connected, type ServerOptions, withExamples, withServer } from './options.ts';

interface PreviewOptions extends ServerOptions {
  readonly environment?: string;
  readonly percentage?: number;
  readonly file?: string;
  readonly contexts?: string;
}

/** What a change would do before it is made, and who asks for a flag at all. */
export function addFlagPreview(flags: Command): void {
  withExamples(
    withServer(flags.command('preview <key>').description('who would get something else; nothing is changed')),
    [
      'spillway flags preview new-checkout -e staging --percentage 40',
      'spillway flags preview new-checkout -e staging -f state.yaml',
      'spillway flags preview new-checkout -f flag.yaml          the whole flag, in every environment',
    ],
  )
    .option('-e, --environment <name>', 'change its state there; without it the file is the whole flag')
    .option('--percentage <number>', 'turn it on for this share of users', percentage)
    .option('-f, --file <path>', 'the change as YAML or JSON; - reads standard input')
    .option('--contexts <path>', 'a YAML or JSON list of contexts to try it on; without it, recent ones')
    .action(async (key: string, options: PreviewOptions) => {
      const { environment, percentage: share } = options;
      const file = options.file === undefined ? undefined : await readDocumentFile(options.file);
      if (file === undefined && share === undefined) throw usageFailure('Say what to try: --percentage or --file.');
      if (environment === undefined && share !== undefined) throw usageFailure('Say where with --environment.');
      const given = fieldsOf(file?.value);
      const update = { ...given, ...(share === undefined ? {} : { percentage: share, enabled: true }) };
      const change = environment === undefined ? { flag: { ...given, key } } : { environment, update };
      const body = { ...change, ...(await contextsIn(options.contexts)) };
      const source = file && { ...file, place: (field: string) => file.place(field.replace(/^\/(flag|update)/, '')) };
      const answer = await connected(options).client.call('previewFlag', { params: { key }, body });
      print(expectAnswer(answer, source), options, ({ environments }) => previewText(environments));
    });
  withServer(flags.command('usage <key>').description('how often it was asked for lately'))
    .option('-e, --environment <name>', 'only there')
    .action(async (key: string, options: ServerOptions & { environment?: string }) => {
      const query = { environment: options.environment };
      const usage = await connected(options).client.call('flagUsage', { params: { key }, query });
      print(expectAnswer(usage), options, usageText);
    });
}

/** Contexts from a file, as the part of a request that carries them. */
export async function contextsIn(path: string | undefined): Promise<{ contexts?: Record<string, never>[] }> {
  if (path === undefined) return {};
  const { value } = await readDocumentFile(path);
  if (!Array.isArray(value)) throw usageFailure(`${path} must be a list of contexts.`);
  // What each of them holds is for the server to check.
  return { contexts: value as Record<string, never>[] };
}

function usageText({ environments }: CallOutput<'flagUsage'>): string {
  const rows = Object.entries(environments).map(([name, usage]) => {
    const { evaluations, last_evaluated_at, variants, configurations, unique_users } = usage;
    const users = unique_users.last_35_days;
    const shares = Object.entries(variants).map(([variant, count]) => {
      const met = Object.hasOwn(users.variants, variant) ? ` (≈ ${users.variants[variant]})` : '';
      const span = Object.hasOwn(configurations, variant) ? configurations[variant] : undefined;
      return `${variant} ${count}${met}${span === undefined ? '' : ` from ${configurationWords(span)}`}`;
    });
    const total = users.total === 0 ? '-' : `≈ ${users.total}`;
    return [name, String(evaluations), last_evaluated_at ?? 'never', total, shares.join(', ') || '-'];
  });
  const [first] = Object.values(environments);
  const error = first === undefined ? '' : ` (± ${(first.unique_users.standard_error * 100).toFixed(1)} %)`;
  const told = table(['ENVIRONMENT', 'ANSWERS', 'LAST', 'USERS', 'VARIANTS'], rows);
  return `${told}\nUsers, also those in brackets, are estimates${error}. All of it is of the last 35 days.`;
}

function configurationWords({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? `configuration ${first}` : `configurations ${first}-${last}`;
}

function fieldsOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
