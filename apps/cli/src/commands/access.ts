import type { Command } from 'commander';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print, printPage, tell } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { days, oneOf } from './arguments.ts';
import {
  connected,
  type PageOptions,
  pageOf,
  type ServerOptions,
  withExamples,
  withPages,
  withServer,
} from './options.ts';

export function addAccess(program: Command): void {
  withServer(program.command('login').description('a link that signs a browser in to the dashboard')).action(login);
  const tokens = withExamples(program.command('tokens').alias('token').description('tokens for SDKs and people'), [
    'spillway tokens create shop -e production',
    'spillway tokens create web --kind client -e production',
    'spillway tokens create ci --kind admin --expires-in-days 90',
  ]);
  withServer(tokens.command('create <name>').description('issue a token; its secret is shown this once'))
    .option(
      '--kind <kind>',
      'sdk for servers, client for browsers, or admin',
      oneOf(['client', 'sdk', 'admin']),
      'sdk' as const,
    )
    .option('-e, --environment <name>', 'for sdk and client tokens')
    .option('--expires-in-days <days>', 'never, unless given', days)
    .action(async (name: string, options: ServerOptions & CreateOptions) => {
      if (options.kind !== 'admin' && options.environment === undefined) {
        throw usageFailure(`A token of kind ${options.kind} belongs to one environment: give it with -e.`);
      }
      const expiry = options.expiresInDays === undefined ? {} : { expires_in_ms: options.expiresInDays };
      const environment = options.environment === undefined ? {} : { environment: options.environment };
      const body = { name, kind: options.kind, ...environment, ...expiry } as const;
      print(
        expectAnswer(await connected(options).client.call('createToken', { body })),
        options,
        (token) => token.secret,
      );
      if (options.json !== true) tell('Keep it: the secret is not shown again.');
    });
  withPages(tokens.command('list').description('list tokens')).action(async (options: PageOptions) => {
    const page = expectAnswer(await connected(options).client.call('listTokens', { query: pageOf(options) }));
    printPage(page, options, (items) =>
      table(
        ['TOKEN', 'KIND', 'ENVIRONMENT', 'EXPIRES', 'NAME'],
        items.map((one) => [one.key, one.kind, one.environment ?? '-', expiryOf(one.expires_at_ms), one.name]),
      ),
    );
  });
  withServer(tokens.command('revoke <token>').description('revoke a token at once')).action(
    async (key: string, options: ServerOptions) => {
      expectAnswer(await connected(options).client.call('revokeToken', { params: { key } }));
      print({ revoked: key }, options, () => `${key} is revoked`);
    },
  );
}

interface CreateOptions {
  readonly kind: 'sdk' | 'client' | 'admin';
  readonly environment?: string;
  readonly expiresInDays?: number;
}

async function login(options: ServerOptions): Promise<void> {
  const { client, url } = connected(options);
  const made = expectAnswer(await client.call('createSignInCode', {}));
  const link = { url: `${url.replace(/\/+$/, '')}${made.path}`, expires_at_ms: made.expires_at_ms };
  print(link, options, () => link.url);
  if (options.json !== true) tell(`It works once, until ${new Date(made.expires_at_ms).toTimeString().slice(0, 5)}.`);
}

function expiryOf(at_ms: number | undefined): string {
  return at_ms === undefined ? 'never' : new Date(at_ms).toISOString().slice(0, 10);
}
