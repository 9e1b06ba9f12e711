import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { readDocumentFile } from '../files/document-file.ts';
import { CALLED_AS } from '../output/called-as.ts';
import { usageFailure } from '../output/failure.ts';
import { describeFlag } from '../output/flag-view.ts';
import { expectAnswer, print, printPage, printWritten } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { oneOf, versionNumber } from './arguments.ts';
import { addFlagCreate, FLAG_TYPES } from './flag-create.ts';
import { addFlagPreview } from './flag-preview.ts';
import { addReferences } from './flag-references.ts';
import { addFlagUpdate } from './flag-update.ts';
import { addFlagVersions } from './flag-versions.ts';
import { addFlagWhy } from './flag-why.ts';
import {
  connected,
  type PageOptions,
  pageOf,
  type ServerOptions,
  withExamples,
  withPages,
  withServer,
} from './options.ts';
import { type ReleaseOptions, releaseOf, withRelease } from './release-options.ts';

const YES_OR_NO = ['true', 'false'] as const;

export function addFlags(program: Command): void {
  const flags = withExamples(program.command('flags').alias('flag').description('feature flags'), [
    'spillway flags create new-checkout',
    'spillway flags create new-search --kind percentage        prepared for 10 % of users, off until turned on',
    'spillway flags create theme -f theme.yaml               variants and rules from a file',
    'spillway flags set new-checkout -e staging --percentage 10',
    'spillway flags on new-checkout -e production --reason "release 2.4"',
    'spillway flags update new-checkout --owner payments --tags checkout,web',
    'spillway flags why new-checkout -e production -k user-42 -a plan=pro',
    'spillway flags diff new-checkout --from 3 --to 5',
    'spillway flags restore new-checkout 3 --reason "back to before the incident"',
  ]);
  addList(flags);
  addGet(flags);
  addFlagCreate(flags);
  addSwitching(flags);
  addSet(flags);
  addFlagUpdate(flags);
  addFlagWhy(flags);
  addFlagPreview(flags);
  addFlagVersions(flags);
  addDependents(flags);
  addEnding(flags);
  addReferences(flags);
}

function addList(flags: Command): void {
  withPages(flags.command('list').description('list flags'))
    .option('--search <text>', 'in key, description, owner and tags')
    .option('--lifecycle <state>', 'active or archived', oneOf(['active', 'archived']))
    .option('--tag <tag>')
    .option('--owner <name>')
    .option('--type <type>', 'boolean, string, number or json', oneOf(FLAG_TYPES))
    .option('--managed-by <name>', 'who keeps them in files')
    .option('-e, --environment <name>', 'those that say something about it')
    .option('--enabled <yes>', 'true or false; in the environment, or in any', oneOf(YES_OR_NO))
    .option(
      '--stale <yes>',
      'true or false: those that seem to have served their time, or the others',
      oneOf(YES_OR_NO),
    )
    .option('--sort <order>', 'key, updated or -updated (newest change first)', oneOf(['key', 'updated', '-updated']))
    .action(async (options: PageOptions & Filters) => {
      const { search, lifecycle, tag, owner, type, managedBy: managed_by, environment, enabled, stale, sort } = options;
      const filters = { search, lifecycle, tag, owner, type, managed_by, environment, enabled, stale, sort };
      const query = { ...pageOf(options), ...filters };
      const page = expectAnswer(await connected(options).client.call('listFlags', { query }));
      const isAsked = Object.values(filters).some((filter) => filter !== undefined);
      printPage(page, options, (items) =>
        items.length > 0
          ? table(['KEY', 'TYPE', 'ENVIRONMENTS', 'STALE', 'DESCRIPTION'], items.map(flagRow))
          : isAsked
            ? 'No flags like that.'
            : `No flags. Create one with \`${CALLED_AS} flags create KEY\`.`,
      );
    });
}

interface Filters {
  readonly search?: string;
  readonly lifecycle?: 'active' | 'archived';
  readonly tag?: string;
  readonly owner?: string;
  readonly type?: (typeof FLAG_TYPES)[number];
  readonly managedBy?: string;
  readonly environment?: string;
  readonly enabled?: 'true' | 'false';
  readonly stale?: 'true' | 'false';
  readonly sort?: 'key' | 'updated' | '-updated';
}

function flagRow(flag: CallOutput<'listFlags'>['items'][number]): string[] {
  const states = Object.entries(flag.environments).map(([name, state]) => `${name} ${state.enabled ? 'on' : 'off'}`);
  const stale = flag.stale === null ? '-' : flag.stale.reason.replaceAll('_', ' ');
  return [flag.key, flag.type, states.join(', ') || '-', stale, flag.description];
}

function addDependents(flags: Command): void {
  withServer(
    flags.command('dependents <key>').description('the flags, kill switches and code that depend on a flag'),
  ).action(async (key: string, options: ServerOptions) => {
    const found = expectAnswer(await connected(options).client.call('flagDependents', { params: { key } }));
    print(found, options, dependentsText);
  });
}

function dependentsText({ flags, switches, references }: CallOutput<'flagDependents'>): string {
  const lines = [
    ...flags.map(({ flag, child, environments, variants }) => {
      const where = environments.length === 0 ? '' : ` requires ${variants.join(', ')} in ${environments.join(', ')}`;
      return `flag ${flag}${child ? ' is a child of it' : ''}${where}`;
    }),
    ...switches.map((key) => `kill switch ${key} covers it`),
    ...references.map(({ repository, path, line }) => `${repository} ${path}:${line}`),
  ];
  return lines.length === 0 ? 'Nothing that is known depends on it.' : lines.join('\n');
}

function addGet(flags: Command): void {
  withServer(flags.command('get <key>').description('one flag with its rules')).action(
    async (key: string, options: ServerOptions) => {
      const flag = expectAnswer(await connected(options).client.call('getFlag', { params: { key } }));
      print(flag, options, describeFlag);
    },
  );
}

function addSwitching(flags: Command): void {
  for (const [verb, enabled] of [
    ['on', true],
    ['off', false],
  ] as const) {
    withServer(flags.command(`${verb} <key>`).description(`turn a flag ${verb} in one environment`))
      .requiredOption('-e, --environment <name>', 'in which environment; required')
      .option('--reason <text>', 'why; protected environments want one')
      .action(async (key: string, options: ServerOptions & { environment: string; reason?: string }) => {
        const changed = await connected(options).client.call('updateFlagEnvironment', {
          params: { key, environment: options.environment },
          query: { reason: options.reason },
          body: { enabled },
        });
        printWritten(
          expectAnswer(changed),
          options,
          (flag) => `${key} is ${verb} in ${options.environment} (version ${flag.version})`,
        );
      });
  }
}

function addSet(flags: Command): void {
  const set = withServer(flags.command('set <key>').description("change a flag's state in one environment"));
  withRelease(set.requiredOption('-e, --environment <name>', 'in which environment; required'), 'turn it on')
    .option('-f, --file <path>', 'the state as YAML or JSON (rules, targets, fallthrough …)')
    .option('--if-version <version>', 'only if the flag still has this version', versionNumber)
    .option('--reason <text>', 'why; protected environments want one')
    .action(async (key: string, options: ServerOptions & SetOptions) => {
      const file = options.file === undefined ? undefined : await readDocumentFile(options.file);
      const fromFile = typeof file?.value === 'object' && file.value !== null ? file.value : {};
      const strategy = releaseOf(options);
      const released = strategy === undefined ? {} : { strategy, enabled: true };
      if (Object.keys({ ...fromFile, ...released }).length === 0)
        throw usageFailure('Say what to set: --percentage, --users, --all-users or --file.');
      const changed = await connected(options).client.call('updateFlagEnvironment', {
        params: { key, environment: options.environment },
        query: { reason: options.reason },
        body: { ...fromFile, ...released },
        ...(options.ifVersion === undefined ? {} : { ifMatch: options.ifVersion }),
      });
      printWritten(expectAnswer(changed, file), options, describeFlag);
    });
}

interface SetOptions extends ReleaseOptions {
  readonly environment: string;
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
      printWritten(expectAnswer(archived), options, () => `${key} is archived`);
    });
  withServer(flags.command('delete <key>').description('delete a flag'))
    .requiredOption('--yes', 'applications get their fallback from then on: say that you mean it')
    .option('--reason <text>', 'why')
    .action(async (key: string, options: ServerOptions & { reason?: string }) => {
      const { client } = connected(options);
      expectAnswer(await client.call('deleteFlag', { params: { key }, query: { reason: options.reason } }));
      print({ deleted: key }, options, () => `${key} is deleted`);
    });
}
