import type { Command } from 'commander';
import { type Connection, connect } from '../connection/connect.ts';
import { pageSize, serverUrl } from './arguments.ts';

/** Options every command that talks to a server takes. */
export interface ServerOptions {
  readonly url?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export interface PageOptions extends ServerOptions {
  readonly limit: number;
  readonly cursor?: string;
}

const DEFAULT_PAGE = 50;

export function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'the server (or SPILLWAY_URL); its token comes from SPILLWAY_TOKEN', serverUrl)
    .option('--data <directory>', 'the data directory of a server started on this machine')
    .option('--json', 'one JSON document on standard output');
}

export function withPages(command: Command): Command {
  return withServer(command)
    .option('--limit <count>', 'how many at most', pageSize, DEFAULT_PAGE)
    .option('--cursor <cursor>', 'where the last page ended');
}

/** What people copy, first thing below the options. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`);
}

export function connected(options: ServerOptions, timeoutMs?: number): Connection {
  return connect({ url: options.url, data: options.data, timeoutMs });
}

/** Only what was asked for: the server has the defaults. */
export function pageOf({ limit, cursor }: PageOptions): { readonly limit: number; readonly cursor?: string } {
  return cursor === undefined ? { limit } : { limit, cursor };
}
