import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { CallOutput } from '@spillway/contract';
import { type Command, Option } from 'commander';
import { isUnwritable } from '../files/why.ts';
import { unwritable } from '../files/write-file.ts';
import { EXIT } from '../output/exit-codes.ts';
import { problemFailure } from '../output/failure.ts';
import { expectAnswer, print, printPage, tell } from '../output/print.ts';
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
  readonly environment?: string;
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
}

interface ExportOptions {
  readonly format: 'jsonl' | 'csv';
  readonly out?: string;
}

export function addAudit(program: Command): void {
  const audit = withExamples(program.command('audit').description('the change log'), [
    'spillway audit list --noun flags --key new-checkout',
    'spillway audit list -e production --actor ann --from 2026-11-25T00:00:00Z',
    'spillway audit export --format csv --out changes.csv',
    'spillway audit verify                      exits 1 and names the entry when the log was tampered with',
  ]);
  withFilters(withPages(audit.command('list').description('newest changes first'))).action(
    async (options: PageOptions & Filters) => {
      const query = { ...pageOf(options), ...filtersOf(options) };
      const page = expectAnswer(await connected(options).client.call('listChanges', { query }));
      printPage(page, options, (items) => (items.length === 0 ? 'No changes.' : items.map(line).join('\n')));
    },
  );
  withFilters(withServer(audit.command('export').description('the changes as a file, newest first')))
    .addOption(new Option('--format <format>').choices(['jsonl', 'csv']).default('jsonl'))
    .option('-o, --out <file>', 'written whole or not at all; standard output without it')
    .action(exportChanges);
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

function withFilters(command: Command): Command {
  return command
    .option('--noun <noun>', 'flags, switches, rollouts …')
    .option('--key <key>')
    .option('--actor <actor>', 'who made it, e.g. token:ann or ann')
    .option('-e, --environment <name>', 'changes of this environment, or that hold in it too')
    .option('--from <time>', 'not before this moment, e.g. 2026-11-25T12:00:00Z')
    .option('--to <time>', 'before this moment')
    .option('--search <text>', 'found in who, what, why or the documents');
}

function filtersOf({ noun, key, actor, environment, from, to, search }: Filters) {
  return { noun, key, actor, environment, from, to, search };
}

async function exportChanges(options: ServerOptions & Filters & ExportOptions): Promise<void> {
  const { format, out } = options;
  const answer = await connected(options).client.download('exportChanges', {
    query: { format, ...filtersOf(options) },
  });
  if (!answer.ok) throw problemFailure(answer.problem);
  const content = chunks(answer.content);
  if (out === undefined) {
    await pipeline(content, process.stdout, { end: false });
    return;
  }
  const unfinished = `${out}.${process.pid}.unfinished`;
  try {
    await pipeline(content, createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, out);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isUnwritable(error) ? unwritable(out, error) : error;
  }
  tell(`Written to ${out}.`);
}

async function* chunks(content: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = content.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

export function line(entry: Entry): string {
  const what = entry.summary === undefined ? '' : `: ${entry.summary}`;
  const why = entry.reason === '' ? '' : `  "${entry.reason}"`;
  return `${String(entry.seq).padStart(6)}  ${new Date(entry.at_ms).toISOString()}  ${entry.action}  ${entry.key}${what}  by ${entry.actor}${why}`;
}
