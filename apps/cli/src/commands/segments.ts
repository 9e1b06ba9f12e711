import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { readDocumentFile } from '../files/document-file.ts';
import { openUpload, uploadType } from '../files/upload-file.ts';
import { CALLED_AS } from '../output/called-as.ts';
import { expectAnswer, print, printPage, printWritten, tell } from '../output/print.ts';
import {
  describeImport,
  describeSegment,
  estimateText,
  historyTable,
  overlapText,
  segmentRow,
} from '../output/segment-view.ts';
import { table } from '../output/terminal.ts';
import { oneOf, versionNumber } from './arguments.ts';
import {
  connected,
  type PageOptions,
  pageOf,
  type ServerOptions,
  withExamples,
  withPages,
  withServer,
} from './options.ts';
import { addSegmentPreview } from './segment-preview.ts';
import { addSegmentVersions } from './segment-versions.ts';

interface WriteOptions extends ServerOptions {
  readonly file: string;
  readonly reason?: string;
  readonly version?: number;
}

interface ImportOptions extends ServerOptions {
  readonly mode: 'replace' | 'add' | 'remove';
  readonly column?: string;
  readonly reason?: string;
}

export function addSegments(program: Command): void {
  const segments = withExamples(program.command('segments').alias('segment').description('segments of users'), [
    'spillway segments create beta -f beta.yaml',
    'spillway segments create vips --list',
    'spillway segments import vips vips.csv --column customer_id',
    'spillway segments import vips new.ndjson --mode add',
    'spillway segments overlap beta vips',
    'spillway segments diff beta --from 3 --to 5',
    'spillway segments restore vips 3 --reason "the import was the wrong file"',
  ]);
  addReading(segments);
  addWriting(segments);
  addMembers(segments);
  addMeasures(segments);
  addSegmentPreview(segments);
  addSegmentVersions(segments);
}

function addReading(segments: Command): void {
  withPages(segments.command('list').description('list segments'))
    .option('--search <text>', 'in key, name, description and tags')
    .action(async (options: PageOptions & { search?: string }) => {
      const query = { ...pageOf(options), search: options.search };
      const page = expectAnswer(await connected(options).client.call('listSegments', { query }));
      printPage(page, options, (items) =>
        items.length === 0
          ? `No segments. Create one with \`${CALLED_AS} segments create KEY -f FILE\`.`
          : table(['KEY', 'TYPE', 'MEMBERS LISTED', 'DESCRIPTION'], items.map(segmentRow)),
      );
    });
  withServer(segments.command('get <key>').description('one segment, and what uses it')).action(
    async (key: string, options: ServerOptions) => {
      const { client } = connected(options);
      const segment = expectAnswer(await client.call('getSegment', { params: { key } }));
      const uses = expectAnswer(await client.call('segmentDependents', { params: { key } }));
      print({ ...segment, used_by: uses }, options, describeSegment);
    },
  );
}

function addWriting(segments: Command): void {
  withServer(segments.command('create <key>').description('create a segment from a file, or an empty list'))
    .option('-f, --file <path>', 'the segment as YAML or JSON; - reads standard input')
    .option('--list', 'an empty list, to be filled by an import')
    .option('--reason <text>', 'why')
    .action(async (key: string, options: Partial<WriteOptions> & { list?: boolean }) => {
      const file = options.file === undefined ? undefined : await readDocumentFile(options.file);
      const body = { ...fieldsOf(file?.value), key, ...(options.list === true ? { type: 'list' as const } : {}) };
      const query = options.reason === undefined ? {} : { reason: options.reason };
      const made = await connected(options).client.call('createSegment', { body, query, idempotencyKey: randomUUID() });
      print(expectAnswer(made, file), options, (one) => `created ${one.key} (${one.type}, version ${one.version})`);
    });
  withServer(segments.command('set <key>').description('replace a segment by what a file says'))
    .requiredOption('-f, --file <path>', 'the whole segment as YAML or JSON; - reads standard input')
    .option('--reason <text>', 'why')
    .option('--version <number>', 'only if the segment is still at this version', versionNumber)
    .action(async (key: string, options: WriteOptions) => {
      const file = await readDocumentFile(options.file);
      const query = options.reason === undefined ? {} : { reason: options.reason };
      const changed = await connected(options).client.call('replaceSegment', {
        ...{ params: { key }, body: { ...fieldsOf(file.value), key }, query, ifMatch: options.version },
      });
      printWritten(
        expectAnswer(changed, file),
        options,
        (one) => `${one.unchanged ? 'kept' : 'changed'} ${one.key} (version ${one.version})`,
      );
    });
  withServer(segments.command('delete <key>').description('delete a segment that nothing uses'))
    .option('--reason <text>', 'why')
    .action(async (key: string, options: ServerOptions & { reason?: string }) => {
      const query = options.reason === undefined ? {} : { reason: options.reason };
      expectAnswer(await connected(options).client.call('deleteSegment', { params: { key }, query }));
      print({ key, deleted: true }, options, () => `deleted ${key}`);
    });
}

function addMembers(segments: Command): void {
  withServer(segments.command('import <key> <file>').description("fill a segment's list from CSV or NDJSON"))
    .option('--mode <mode>', 'replace, add or remove', oneOf(['replace', 'add', 'remove']), 'replace')
    .option('--column <name>', 'the column or field with the key; else key, id, user_id or targetingKey')
    .option('--reason <text>', 'why')
    .action(async (key: string, path: string, options: ImportOptions) => {
      const query = { mode: options.mode, column: options.column, reason: options.reason };
      const imported = await connected(options).client.call('importMembers', {
        ...{ params: { key }, query, upload: { type: uploadType(path), content: await openUpload(path) } },
      });
      print(expectAnswer(imported), options, (one) => describeImport(key, one));
    });
  withServer(segments.command('check <key> <members...>').description("whether a segment's list holds these")).action(
    async (key: string, members: string[], options: ServerOptions) => {
      const answer = await connected(options).client.call('checkMembers', { params: { key }, body: { keys: members } });
      print(expectAnswer(answer), options, ({ items }) =>
        table(
          ['KEY', 'LISTED'],
          items.map((item) => [item.key, item.listed ? 'yes' : 'no']),
        ),
      );
    },
  );
}

function addMeasures(segments: Command): void {
  withServer(segments.command('estimate <key>').description('how many of the profiles belong to it')).action(
    async (key: string, options: ServerOptions) => {
      const answer = await connected(options).client.call('estimateSegment', { params: { key } });
      print(expectAnswer(answer), options, estimateText);
    },
  );
  withServer(segments.command('overlap <keys...>').description('how many profiles segments have in common')).action(
    async (keys: string[], options: ServerOptions) => {
      const answer = await connected(options).client.call('segmentOverlap', { query: { segments: keys.join(',') } });
      print(expectAnswer(answer), options, overlapText);
    },
  );
  withServer(
    segments.command('history <key>').description('who came and went over time; what was changed of it: versions'),
  ).action(async (key: string, options: ServerOptions) => {
    const answer = expectAnswer(await connected(options).client.call('segmentMembership', { params: { key } }));
    print(answer, options, historyTable);
    if (answer.items.length === 0) tell('It is measured a few seconds after profiles or the segment change.');
  });
}

/** What the file says; that it is a segment is for the server to check. */
function fieldsOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
