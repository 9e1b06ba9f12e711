import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { EXIT } from '../output/exit-codes.ts';
import { expectAnswer, print } from '../output/print.ts';
import { connected, type ServerOptions, withServer } from './options.ts';

type Entry = CallOutput<'listChanges'>['items'][number];

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('the change log');
  withServer(audit.command('list').description('newest changes first'))
    .option('--noun <noun>', 'flags, switches, rollouts …')
    .option('--key <key>')
    .option('--limit <count>', 'how many at most', '50')
    .option('--cursor <cursor>', 'where the last page ended')
    .action(async (options: ServerOptions & { noun?: Entry['noun']; key?: string; limit: string; cursor?: string }) => {
      const { noun, key, cursor } = options;
      const query = { limit: Number(options.limit), noun, key, cursor };
      const page = expectAnswer(await connected(options).client.call('listChanges', { query }));
      print(page, options, ({ items }) => items.map(line).join('\n'));
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
