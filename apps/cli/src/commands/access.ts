import type { Command } from 'commander';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print, tell } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { connected, type ServerOptions, withServer } from './options.ts';

export function addAccess(program: Command): void {
  const tokens = program.command('tokens').alias('token').description('tokens for SDKs and people');
  withServer(tokens.command('create <name>').description('issue a token; its secret is shown this once'))
    .option('--kind <kind>', 'sdk or admin', 'sdk')
    .option('-e, --environment <name>', 'for sdk tokens')
    .option('--expires-in-days <days>')
    .action(async (name: string, options: ServerOptions & CreateOptions) => {
      if (options.kind !== 'sdk' && options.kind !== 'admin') throw usageFailure('--kind must be sdk or admin.');
      const expiry =
        options.expiresInDays === undefined ? {} : { expires_in_ms: Number(options.expiresInDays) * 86_400_000 };
      const environment = options.environment === undefined ? {} : { environment: options.environment };
      const body = { name, kind: options.kind, ...environment, ...expiry } as const;
      print(
        expectAnswer(await connected(options).client.call('createToken', { body })),
        options,
        (token) => token.secret,
      );
      tell('Keep it: the secret is not shown again.');
    });
  withServer(tokens.command('list').description('list tokens')).action(async (options: ServerOptions) => {
    const page = expectAnswer(await connected(options).client.call('listTokens', { query: { limit: 500 } }));
    print(page, options, ({ items }) =>
      table(
        ['TOKEN', 'KIND', 'ENVIRONMENT', 'NAME'],
        items.map((one) => [one.key, one.kind, one.environment ?? '-', one.name]),
      ),
    );
  });
  withServer(tokens.command('revoke <token>').description('revoke a token at once')).action(
    async (key: string, options: ServerOptions) => {
      expectAnswer(await connected(options).client.call('revokeToken', { params: { key } }));
      print({ revoked: key }, options, () => `${key} is revoked`);
    },
  );
  const environments = program.command('environments').alias('env').description('environments');
  withServer(environments.command('list').description('list environments')).action(async (options: ServerOptions) => {
    const page = expectAnswer(await connected(options).client.call('listEnvironments', { query: { limit: 500 } }));
    print(page, options, ({ items }) =>
      table(
        ['ENVIRONMENT', 'PROTECTED', 'DESCRIPTION'],
        items.map((one) => [one.key, one.protected ? 'yes' : 'no', one.description]),
      ),
    );
  });
  withServer(environments.command('create <key>').description('create an environment'))
    .option('--description <text>', '', '')
    .option('--protected', 'want a reason for every change')
    .action(async (key: string, options: ServerOptions & { description: string; protected?: boolean }) => {
      const body = { key, description: options.description, protected: options.protected === true };
      print(
        expectAnswer(await connected(options).client.call('createEnvironment', { body })),
        options,
        (one) => `${one.key} exists`,
      );
    });
}

interface CreateOptions {
  readonly kind: string;
  readonly environment?: string;
  readonly expiresInDays?: string;
}
