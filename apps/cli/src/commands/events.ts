import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { expectAnswer, printPage } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { instant, oneOf } from './arguments.ts';
import { connected, type PageOptions, pageOf, withExamples, withPages } from './options.ts';

const TYPES = ['flag_evaluated', 'user_action', 'metric_recorded', 'error_occurred'] as const;

interface Filters {
  readonly environment?: string;
  readonly type?: (typeof TYPES)[number];
  readonly flag?: string;
  readonly name?: string;
  readonly user?: string;
  readonly from?: number;
  readonly to?: number;
}

/** What applications said that happened. */
export function addEvents(program: Command): void {
  const events = withExamples(program.command('events').description('what applications sent'), [
    'spillway events list -e production --type user_action --name bought',
    'spillway events list --flag new-checkout --from 2026-12-24T08:00:00Z',
  ]);
  withPages(events.command('list').description('events, received last first'))
    .option('-e, --environment <name>', 'only there')
    .option('--type <type>', TYPES.join(', '), oneOf(TYPES))
    .option('--flag <key>', 'exposures of this flag')
    .option('--name <name>', 'of the action, metric or error')
    .option('--user <key>')
    .option('--from <time>', 'received then or later', instant)
    .option('--to <time>', 'received before', instant)
    .action(async (options: PageOptions & Filters) => {
      const { environment, type, flag, name, user, from, to } = options;
      const query = {
        ...{ ...pageOf(options), environment, type, flag, name, user },
        ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
        ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
      };
      const page = expectAnswer(await connected(options).client.call('listEvents', { query }));
      printPage(page, options, (items) =>
        items.length === 0
          ? 'No events like that.'
          : table(['AT', 'ENVIRONMENT', 'TYPE', 'WHAT', 'VALUE', 'USER', 'CONFIGURATION'], items.map(eventRow)),
      );
    });
}

function eventRow(event: CallOutput<'listEvents'>['items'][number]): string[] {
  const { at, environment, type, name, flag, variant, configuration, value, context } = event;
  const what = name ?? `${flag ?? '-'} ${variant ?? '-'}`;
  const shown = [value, context.user, configuration].map((each) => String(each ?? '-'));
  return [at, environment, type, what, ...shown];
}
