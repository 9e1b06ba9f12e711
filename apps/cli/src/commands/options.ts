import type { Command } from 'commander';
import { type Connection, connect } from '../connection/connect.ts';

/** Options every command that talks to a server takes. */
export interface ServerOptions {
  readonly url?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'the server (or SPILLWAY_URL); its token comes from SPILLWAY_TOKEN')
    .option('--data <directory>', 'the data directory of a server started on this machine')
    .option('--json', 'one JSON document on standard output');
}

export function connected(options: ServerOptions): Connection {
  return connect({ url: options.url, data: options.data });
}
