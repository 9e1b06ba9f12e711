import type { Command } from 'commander';
import { changesText } from '../output/changes-text.ts';
import { describeFlag } from '../output/flag-view.ts';
import { expectAnswer, print, printPage, printWritten } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { versionNumber } from './arguments.ts';
import { connected, type PageOptions, pageOf, type ServerOptions, withPages, withServer } from './options.ts';

/** What a flag was: its changes, the difference between two versions, and the way back to one. */
export function addFlagHistory(flags: Command): void {
  addChanges(flags);
  addDiff(flags);
  addRestore(flags);
}

function addChanges(flags: Command): void {
  withPages(
    flags.command('history <key>').description('who changed what of a flag, when and why; also one that is gone'),
  ).action(async (key: string, options: PageOptions) => {
    const query = pageOf(options);
    const page = expectAnswer(await connected(options).client.call('flagHistory', { params: { key }, query }));
    printPage(page, options, (items) =>
      table(
        ['VERSION', 'WHEN', 'WHO', 'WHAT', 'WHY'],
        items.map(({ version, at_ms, actor, summary, reason }) => [
          version === 0 ? '-' : String(version),
          new Date(at_ms).toISOString(),
          actor,
          summary,
          reason,
        ]),
      ),
    );
  });
}

function addDiff(flags: Command): void {
  withServer(flags.command('diff <key>').description('what differs between two versions of a flag'))
    .option('--from <version>', 'the one before --to unless said otherwise', versionNumber)
    .option('--to <version>', 'the newest unless said otherwise', versionNumber)
    .action(async (key: string, options: ServerOptions & { from?: number; to?: number }) => {
      const query = { from: options.from, to: options.to };
      const found = expectAnswer(
        await connected(options).client.call('compareFlagVersions', { params: { key }, query }),
      );
      print(found, options, ({ from, to, changes }) =>
        changes.length === 0
          ? `${key} is the same at versions ${from} and ${to}`
          : [`${key}, version ${from} → ${to}`, ...changesText(changes)].join('\n'),
      );
    });
}

function addRestore(flags: Command): void {
  withServer(flags.command('restore <key> <version>').description('make a flag again what it was, as a new change'))
    .option('--if-version <version>', 'only if the flag still has this version', versionNumber)
    .option('--reason <text>', 'why; protected environments want one')
    .action(async (key: string, version: string, options: ServerOptions & { ifVersion?: number; reason?: string }) => {
      const restored = await connected(options).client.call('restoreFlag', {
        params: { key },
        body: { version: versionNumber(version), reason: options.reason },
        ...(options.ifVersion === undefined ? {} : { ifMatch: options.ifVersion }),
      });
      printWritten(expectAnswer(restored), options, describeFlag);
    });
}
