import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { readDocumentFile } from '../connection/document-file.ts';
import { usageFailure } from '../output/failure.ts';
import { describeFlag } from '../output/flag-view.ts';
import { expectAnswer, print, printPage } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { oneOf, percentage, versionNumber } from './arguments.ts';
import { addReferences } from './flag-references.ts';
import {
  connected,
  type PageOptions,
  pageOf,
  type ServerOptions,
  withExamples,
  withPages,
  withServer,
} from './options.ts';

type Flag = CallOutput<'getFlag'>;

const FLAG_TYPES = ['boolean', 'string', 'number', 'json'] as const;

export function addFlags(program: Command): void {
  const flags = withExamples(program.command('flags').alias('flag').description('feature flags'), [
    'spillway flags create new-checkout',
    'spillway flags create theme -f theme.yaml               variants and rules from a file',
    'spillway flags set new-checkout -e staging --percentage 10',
    'spillway flags on new-checkout -e production --reason "release 2.4"',
  ]);
  addList(flags);
  addGet(flags);
  addCreate(flags);
  addSwitching(flags);
  addSet(flags);
  addEnding(flags);
  addReferences(flags);
}

function addList(flags: Command): void {
  withPages(flags.command('list').description('list flags'))
    .option('--search <text>', 'in key, description and tags')
    .action(async (options: PageOptions & { search?: string }) => {
      const { client } = connected(options);
      const query = { ...pageOf(options), search: options.search };
      const page = expectAnswer(await client.call('listFlags', { query }));
      printPage(page, options, (items) =>
        items.length === 0
          ? 'No flags. Create one with `spillway flags create KEY`.'
          : table(['KEY', 'TYPE', 'ENVIRONMENTS', 'DESCRIPTION'], items.map(flagRow)),
      );
    });
}

function flagRow(flag: Flag): string[] {
  const states = Object.entries(flag.environments).map(([name, state]) => `${name} ${state.enabled ? 'on' : 'off'}`);
  return [flag.key, flag.type, states.join(', ') || '-', flag.description];
}

function addGet(flags: Command): void {
  withServer(flags.command('get <key>').description('one flag with its rules')).action(
    async (key: string, options: ServerOptions) => {
      const flag = expectAnswer(await connected(options).client.call('getFlag', { params: { key } }));
      print(flag, options, describeFlag);
    },
  );
}

function addCreate(flags: Command): void {
  withServer(flags.command('create <key>').description('create a flag, off everywhere, or as a file says'))
    .option('--type <type>', 'boolean, string, number or json', oneOf(FLAG_TYPES))
    .option('--description <text>')
    .option('--owner <name>')
    .option('-f, --file <path>', 'the flag as YAML or JSON; - reads standard input')
    .option('--reason <text>', 'why')
    .action(async (key: string, options: ServerOptions & CreateOptions) => {
      const file = options.file === undefined ? undefined : await readDocumentFile(options.file);
      const fromFile = typeof file?.value === 'object' && file.value !== null ? file.value : {};
      const body = {
        ...fromFile,
        key,
        ...(options.type === undefined ? {} : { type: options.type }),
        ...(options.description === undefined ? {} : { description: options.description }),
        ...(options.owner === undefined ? {} : { owner: options.owner }),
      };
      const { client } = connected(options);
      const created = await client.call('createFlag', { body, query: { reason: options.reason } });
      // The key is an argument, whatever the file says.
      const source = file && { ...file, place: (field: string) => (field === '/key' ? undefined : file.place(field)) };
      print(expectAnswer(created, source), options, describeFlag);
    });
}

interface CreateOptions {
  readonly type?: (typeof FLAG_TYPES)[number];
  readonly description?: string;
  readonly owner?: string;
  readonly file?: string;
  readonly reason?: string;
}

function addSwitching(flags: Command): void {
  for (const [verb, enabled] of [
    ['on', true],
    ['off', false],
  ] as const) {
    withServer(flags.command(`${verb} <key>`).description(`turn a flag ${verb} in one environment`))
      .requiredOption('-e, --environment <name>')
      .option('--reason <text>', 'why; protected environments want one')
      .action(async (key: string, options: ServerOptions & { environment: string; reason?: string }) => {
        const changed = await connected(options).client.call('updateFlagEnvironment', {
          params: { key, environment: options.environment },
          query: { reason: options.reason },
          body: { enabled },
        });
        print(
          expectAnswer(changed),
          options,
          (flag) => `${key} is ${verb} in ${options.environment} (version ${flag.version})`,
        );
      });
  }
}

function addSet(flags: Command): void {
  withServer(flags.command('set <key>').description("change a flag's state in one environment"))
    .requiredOption('-e, --environment <name>')
    .option('--percentage <number>', 'turn it on for this share of users', percentage)
    .option('-f, --file <path>', 'the state as YAML or JSON (rules, targets, fallthrough …)')
    .option('--if-version <version>', 'only if the flag still has this version', versionNumber)
    .option('--reason <text>', 'why; protected environments want one')
    .action(async (key: string, options: ServerOptions & SetOptions) => {
      const file = options.file === undefined ? undefined : await readDocumentFile(options.file);
      const fromFile = typeof file?.value === 'object' && file.value !== null ? file.value : {};
      const share = options.percentage === undefined ? {} : { percentage: options.percentage, enabled: true };
      if (Object.keys({ ...fromFile, ...share }).length === 0)
        throw usageFailure('Say what to set: --percentage or --file.');
      const changed = await connected(options).client.call('updateFlagEnvironment', {
        params: { key, environment: options.environment },
        query: { reason: options.reason },
        body: { ...fromFile, ...share },
        ...(options.ifVersion === undefined ? {} : { ifMatch: options.ifVersion }),
      });
      print(expectAnswer(changed, file), options, describeFlag);
    });
}

interface SetOptions {
  readonly environment: string;
  readonly percentage?: number;
  readonly file?: string;
  readonly ifVersion?: number;
  readonly reason?: string;
}

function addEnding(flags: Command): void {
  withServer(flags.command('archive <key>').description('take a flag out of use and keep its history'))
    .option('--reason <text>', 'why')
    .action(async (key: string, options: ServerOptions & { reason?: string }) => {
      const { client } = connected(options);
      const archived = await client.call('archiveFlag', { params: { key }, body: { reason: options.reason } });
      print(expectAnswer(archived), options, () => `${key} is archived`);
    });
  withServer(flags.command('delete <key>').description('delete a flag'))
    .requiredOption('--yes', 'deleting cannot be undone: say that you mean it')
    .option('--reason <text>', 'why')
    .action(async (key: string, options: ServerOptions & { reason?: string }) => {
      const { client } = connected(options);
      expectAnswer(await client.call('deleteFlag', { params: { key }, query: { reason: options.reason } }));
      print({ deleted: key }, options, () => `${key} is deleted`);
    });
}
