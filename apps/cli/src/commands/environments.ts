import type { Command } from 'commander';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print, printPage, printWritten } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { names, oneOf, versionNumber } from './arguments.ts';
import { connected, type PageOptions, pageOf, type ServerOptions, withPages, withServer } from './options.ts';

const SETTINGS = ['off', 'hashed', 'full'] as const;
const CLIENT_CONTEXTS = ['any', 'signed'] as const;

interface UpdateOptions extends ServerOptions {
  readonly description?: string;
  readonly protected?: boolean;
  readonly recentContexts?: (typeof SETTINGS)[number];
  readonly uniqueUsers?: boolean;
  readonly privateAttributes?: readonly string[];
  readonly clientContexts?: (typeof CLIENT_CONTEXTS)[number];
  readonly allowedOrigins?: readonly string[];
  readonly ifVersion?: number;
  readonly reason?: string;
}

export function addEnvironments(program: Command): void {
  const environments = program.command('environments').alias('env').description('environments');
  withPages(environments.command('list').description('list environments')).action(async (options: PageOptions) => {
    const page = expectAnswer(await connected(options).client.call('listEnvironments', { query: pageOf(options) }));
    printPage(page, options, (items) =>
      table(
        ['ENVIRONMENT', 'PROTECTED', 'DESCRIPTION', 'RECENT CONTEXTS'],
        items.map((one) => [one.key, one.protected ? 'yes' : 'no', one.description, one.recent_contexts]),
      ),
    );
  });
  withServer(environments.command('create <key>').description('create an environment'))
    .option('--description <text>', '', '')
    .option('--protected', 'want a reason for every change')
    .action(async (key: string, options: ServerOptions & { description: string; protected?: boolean }) => {
      const body = { key, description: options.description, protected: options.protected === true };
      const made = expectAnswer(await connected(options).client.call('createEnvironment', { body }));
      print(made, options, (one) => `${one.key} exists`);
    });
  addUpdate(environments);
}

function addUpdate(environments: Command): void {
  withServer(environments.command('update <key>').description('change settings; what is not given stays'))
    .option('--description <text>')
    .option('--protected', 'want a reason for every change from now on')
    .option('--no-protected', 'want none any more; this change wants one')
    .option('--recent-contexts <setting>', 'what SDKs may tell of users: off, hashed or full', oneOf(SETTINGS))
    .option('--private-attributes <names>', 'attributes that never leave an application, separated by commas', names)
    .option('--unique-users', 'tell users apart, by sketches without their keys')
    .option('--no-unique-users', 'count evaluations only')
    .option('--client-contexts <setting>', 'whom client keys may ask for, any or signed ones', oneOf(CLIENT_CONTEXTS))
    .option('--allowed-origins <origins>', 'whose pages may use client keys, separated by commas', names)
    .option('--if-version <version>', 'only if the environment still has this version', versionNumber)
    .option('--reason <text>', 'why; protected environments want one')
    .action(async (key: string, options: UpdateOptions) => {
      const { ifVersion, reason } = options;
      const body = bodyOf(options);
      if (Object.keys(body).length === 0) throw usageFailure('Say what to change, such as --recent-contexts hashed.');
      const conditions = ifVersion === undefined ? {} : { ifMatch: ifVersion };
      const asked = { params: { key }, query: { reason }, body, ...conditions };
      const changed = expectAnswer(await connected(options).client.call('updateEnvironment', asked));
      printWritten(changed, options, (one) => {
        const hidden = one.private_attributes.length === 0 ? '' : `, without ${one.private_attributes.join(', ')}`;
        const guarded = one.protected ? 'protected' : 'not protected';
        const signed = one.client_contexts === 'signed' ? '; client keys ask for signed contexts only' : '';
        const pages = one.allowed_origins.length === 0 ? '' : `; pages of ${one.allowed_origins.join(', ')}`;
        const users = one.unique_users ? '' : '; users are not told apart';
        return `${one.key}: recent contexts ${one.recent_contexts}${hidden}${users}${signed}${pages} (version ${one.version}), ${guarded}`;
      });
    });
}

function bodyOf(options: UpdateOptions) {
  const { description, recentContexts, privateAttributes, clientContexts, allowedOrigins } = options;
  return {
    ...(description === undefined ? {} : { description }),
    ...(options.protected === undefined ? {} : { protected: options.protected }),
    ...(recentContexts === undefined ? {} : { recent_contexts: recentContexts }),
    ...(privateAttributes === undefined ? {} : { private_attributes: [...privateAttributes] }),
    ...(options.uniqueUsers === undefined ? {} : { unique_users: options.uniqueUsers }),
    ...(clientContexts === undefined ? {} : { client_contexts: clientContexts }),
    ...(allowedOrigins === undefined ? {} : { allowed_origins: [...allowedOrigins] }),
  };
}
