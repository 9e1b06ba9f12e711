import type { CallOutput } from '@spillway/contract';
import { counted } from '@spillway/core/wording/counted';
import type { Command } from 'commander';
import { CALLED_AS } from '../output/called-as.ts';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print, tell } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import {
  connected,
  type PageOptions,
  pageOf,
  type ServerOptions,
  withExamples,
  withPages,
  withServer,
} from './options.ts';

interface InEnvironment {
  readonly environment: string;
}

interface DeleteOptions extends ServerOptions, InEnvironment {
  readonly key?: string;
  readonly yes?: boolean;
}

/** The contexts that previews are tried on. */
export function addContexts(program: Command): void {
  const contexts = withExamples(program.command('contexts').description('whom an environment was asked for lately'), [
    'spillway contexts list -e staging',
    'spillway contexts delete -e staging --key user-42',
    'spillway contexts delete -e staging --yes               all of them',
  ]);
  withPages(contexts.command('list').description('a sample, as far as the environment lets SDKs tell'))
    .requiredOption('-e, --environment <name>', 'in which environment; required')
    .action(async (options: PageOptions & InEnvironment) => {
      const asked = { params: { key: options.environment }, query: pageOf(options) };
      const page = expectAnswer(await connected(options).client.call('listContexts', asked));
      print(page, options, (one) => contextsText(options.environment, one));
      if (page.next !== undefined && options.json !== true) tell(`There are more: --cursor '${page.next}'`);
    });
  withServer(contexts.command('delete').description('delete recent contexts for good'))
    .requiredOption('-e, --environment <name>', 'in which environment; required')
    .option('--key <key>', 'only those of this targeting key, or of the digest that the list shows')
    .option('--yes', 'without --key: all of them')
    .action(async (options: DeleteOptions) => {
      const { environment, key } = options;
      if (key === undefined && options.yes !== true) {
        throw usageFailure('This deletes all of them. Name one with --key, or say --yes; nothing was deleted.');
      }
      const asked = { params: { key: environment }, query: { targeting_key: key } };
      const gone = expectAnswer(await connected(options).client.call('deleteContexts', asked));
      print(gone, options, ({ deleted }) =>
        deleted === 1 ? '1 context is deleted' : `${deleted} contexts are deleted`,
      );
    });
}

function contextsText(environment: string, page: CallOutput<'listContexts'>): string {
  const { recent_contexts, count, oldest_at, newest_at, items } = page;
  if (recent_contexts === 'off') {
    return `${environment} collects no contexts. Let it with \`${CALLED_AS} environments update ${environment} --recent-contexts hashed\`.`;
  }
  const head = `${counted(count, 'context')} (${recent_contexts})`;
  if (count === 0) return `${head}; they come with the summaries of SDKs`;
  const rows = items.map(({ seen_at, context: { targetingKey = '', ...attributes } }) => [
    ...[String(targetingKey), seen_at, JSON.stringify(attributes)],
  ]);
  return `${head}, seen from ${oldest_at} to ${newest_at}\n${table(['KEY', 'SEEN', 'ATTRIBUTES'], rows)}`;
}
