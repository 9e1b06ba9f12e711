import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { readDocumentFile } from '../files/document-file.ts';
import { CALLED_AS } from '../output/called-as.ts';
import { usageFailure } from '../output/failure.ts';
import { describeFlag } from '../output/flag-view.ts';
import { expectAnswer, print, printPage, printWritten } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { collected, names, oneOf, percentage, versionNumber } from './arguments.ts';
import { addFlagPreview } from './flag-preview.ts';
import { addReferences } from './flag-references.ts';
import { addFlagUpdate, FLAG_KINDS } from './flag-update.ts';
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

const YES_OR_NO = ['true', 'false'] as const;
const FLAG_TYPES = ['boolean', 'string', 'number', 'json'] as const;

export function addFlags(program: Command): void {
  const flags = withExamples(program.command('flags').alias('flag').description('feature flags'), [
    'spillway flags create new-checkout',
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
  addCreate(flags);
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

function addCreate(flags: Command): void {
  withServer(flags.command('create <key>').description('create a flag, off everywhere, or as a file says'))
    .option('--type <type>', 'boolean, string, number or json', oneOf(FLAG_TYPES))
    .option('--description <text>')
    .option('--owner <name>')
    .option('--tags <tags>', 'separated by commas', names)
    .option('--kind <kind>', `what it is for: ${FLAG_KINDS.join(', ')}`, oneOf(FLAG_KINDS))
    .option('--parent <flag>', 'the flag serves its off variant while this one serves its own')
    .option('--target-environment <name>', 'the only environment it may be enabled in; may be repeated', collected)
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
        ...(options.tags === undefined ? {} : { tags: [...options.tags] }),
        ...(options.kind === undefined ? {} : { kind: options.kind }),
        ...(options.parent === undefined ? {} : { parent: options.parent }),
        ...(options.targetEnvironment === undefined ? {} : { target_environments: [...options.targetEnvironment] }),
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
  readonly tags?: readonly string[];
  readonly kind?: (typeof FLAG_KINDS)[number];
  readonly parent?: string;
  readonly targetEnvironment?: readonly string[];
  readonly file?: string;
  readonly reason?: string;
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
  withServer(flags.command('set <key>').description("change a flag's state in one environment"))
    .requiredOption('-e, --environment <name>', 'in which environment; required')
    .option('--percentage <number>', 'turn it on for this share of users', percentage)
    .option('--users <keys>', 'turn it on for these users alone, separated by commas')
    .option('--all-users', 'turn it on for everyone that no rule says otherwise about')
    .option('-f, --file <path>', 'the state as YAML or JSON (rules, targets, fallthrough …)')
    .option('--if-version <version>', 'only if the flag still has this version', versionNumber)
    .option('--reason <text>', 'why; protected environments want one')
    .action(async (key: string, options: ServerOptions & SetOptions) => {
      const file = options.file === undefined ? undefined : await readDocumentFile(options.file);
      const fromFile = typeof file?.value === 'object' && file.value !== null ? file.value : {};
      const released = releaseOf(options);
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

/** Who gets it, as the one option that was given says. */
function releaseOf({ percentage: share, users, allUsers }: SetOptions) {
  const given = [share, users, allUsers].filter((option) => option !== undefined);
  if (given.length > 1) throw usageFailure('--percentage, --users and --all-users exclude one another; give one.');
  if (share !== undefined) return { percentage: share, enabled: true };
  if (allUsers === true) return { strategy: { type: 'all_users' }, enabled: true } as const;
  if (users === undefined) return {};
  const keys = users.split(',').map((user) => user.trim());
  return { strategy: { type: 'user_list', users: keys.filter((user) => user !== '') }, enabled: true } as const;
}

interface SetOptions {
  readonly environment: string;
  readonly percentage?: number;
  readonly users?: string;
  readonly allUsers?: boolean;
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
