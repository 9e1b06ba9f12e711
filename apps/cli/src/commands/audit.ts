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

export function addAudit(program: Command): void {
  const audit = withExamples(program.command('audit').description('the change log'), [
    'spillway audit list --noun flags --key new-checkout',
    'spillway audit verify                      exits 1 and names the entry when the log was tampered with',
  ]);
  withPages(audit.command('list').description('newest changes first'))
    .option('--noun <noun>', 'flags, switches, rollouts …')
    .option('--key <key>')
    .action(async (options: PageOptions & { noun?: Entry['noun']; key?: string }) => {
      const query = { ...pageOf(options), noun: options.noun, key: options.key };
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
