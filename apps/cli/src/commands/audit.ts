import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { EXIT } from '../output/exit-codes.ts';
import { expectAnswer, print, printPage } from '../output/print.ts';
import {
  connected,
  type PageOptions,
  pageOf,
  type ServerOptions,
  withExamples,
  withPages,
  withServer,
} from './options.ts';

type Entry = CallOutput<'listChanges'>['items'][number];

interface Filters {
  readonly noun?: Entry['noun'];
  readonly key?: string;
  readonly actor?: string;
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
}

export function addAudit(program: Command): void {
  const audit = withExamples(program.command('audit').description('the change log'), [
    'spillway audit list --noun flags --key new-checkout',
    'spillway audit list --actor ann --from 2026-11-25T00:00:00Z',
    'spillway audit verify                      exits 1 and names the entry when the log was tampered with',
  ]);
  withPages(audit.command('list').description('newest changes first'))
    .option('--noun <noun>', 'flags, switches, rollouts …')
    .option('--key <key>')
    .option('--actor <actor>', 'who made it, e.g. token:ann or ann')
    .option('--from <time>', 'not before this moment, e.g. 2026-11-25T12:00:00Z')
    .option('--to <time>', 'before this moment')
    .option('--search <text>', 'found in who, what, why or the documents')
    .action(async (options: PageOptions & Filters) => {
      const { noun, key, actor, from, to, search } = options;
      const query = { ...pageOf(options), noun, key, actor, from, to, search };
      const page = expectAnswer(await connected(options).client.call('listChanges', { query }));
      printPage(page, options, (items) => (items.length === 0 ? 'No changes.' : items.map(line).join('\n')));
    });
  withServer(audit.command('verify').description('re-check the hash chain from the first entry on')).action(
    async (options: ServerOptions) => {
      const verdict = expectAnswer(await connected(options).client.call('verifyChanges', {}));
      print(verdict, options, (one) =>
        one.is === 'intact'
          ? `intact: ${one.entries} entries, head ${one.head}`
          : `BROKEN at entry ${one.seq}: ${one.problem}`,
      );
      if (verdict.is === 'broken') process.exitCode = EXIT.unexpected;
    },
  );
}

export function line(entry: Entry): string {
  const why = entry.reason === '' ? '' : `  "${entry.reason}"`;
  return `${String(entry.seq).padStart(6)}  ${new Date(entry.at_ms).toISOString()}  ${entry.action}  ${entry.key}  by ${entry.actor}${why}`;
}
