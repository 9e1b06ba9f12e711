import type { Client } from '@spillway/contract/client';
import type { Command } from 'commander';
import { print, printPage, printWritten } from '../output/print.ts';
import { comparisonText, type Found, historyText, type Listed } from '../output/versions-view.ts';
import { versionNumber } from './arguments.ts';
import { connected, type PageOptions, pageOf, type ServerOptions, withPages, withServer } from './options.ts';

interface Written {
  readonly unchanged?: true | undefined;
}

export interface Restoring {
  readonly body: { readonly version: number; readonly reason?: string | undefined };
  readonly ifMatch?: number;
}

/** What has versions, and how the server is asked about them. */
export interface VersionedNoun<W extends Written> {
  readonly name: string;
  /** What the command is called that lists the changes. */
  readonly listing: string;
  changes(client: Client, key: string, query: ReturnType<typeof pageOf>): Promise<Listed>;
  compare(
    client: Client,
    key: string,
    query: { readonly from: number | undefined; readonly to: number | undefined },
  ): Promise<Found>;
  restore(client: Client, key: string, restoring: Restoring): Promise<W>;
  differences(changes: Found['changes']): readonly string[];
  describe(written: W): string;
}

/** What something was: its changes, the difference between two versions, and the way back to one. */
export function addVersions<W extends Written>(commands: Command, noun: VersionedNoun<W>): void {
  addChanges(commands, noun);
  addDiff(commands, noun);
  addRestore(commands, noun);
}

function addChanges<W extends Written>(commands: Command, { name, listing, changes }: VersionedNoun<W>): void {
  withPages(
    commands
      .command(`${listing} <key>`)
      .description(`who changed what of a ${name}, when and why; also one that is gone`),
  ).action(async (key: string, options: PageOptions) => {
    const page = await changes(connected(options).client, key, pageOf(options));
    printPage(page, options, historyText);
  });
}

function addDiff<W extends Written>(commands: Command, { name, compare, differences }: VersionedNoun<W>): void {
  withServer(commands.command('diff <key>').description(`what differs between two versions of a ${name}`))
    .option('--from <version>', 'the one before --to unless said otherwise', versionNumber)
    .option('--to <version>', 'the newest unless said otherwise', versionNumber)
    .action(async (key: string, options: ServerOptions & { from?: number; to?: number }) => {
      const found = await compare(connected(options).client, key, { from: options.from, to: options.to });
      print(found, options, (comparison) => comparisonText(key, comparison, differences));
    });
}

function addRestore<W extends Written>(commands: Command, { name, restore, describe }: VersionedNoun<W>): void {
  withServer(
    commands.command('restore <key> <version>').description(`make a ${name} again what it was, as a new change`),
  )
    .option('--if-version <version>', `only if the ${name} still has this version`, versionNumber)
    .option('--reason <text>', 'why; protected environments want one')
    .action(async (key: string, version: string, options: ServerOptions & { ifVersion?: number; reason?: string }) => {
      const restored = await restore(connected(options).client, key, {
        body: { version: versionNumber(version), reason: options.reason },
        ...(options.ifVersion === undefined ? {} : { ifMatch: options.ifVersion }),
      });
      printWritten(restored, options, describe);
    });
}
