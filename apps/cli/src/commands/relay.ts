import type { Command } from 'commander';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, usageFailure } from '../output/failure.ts';
import { listenAddress, portNumber, serverUrl } from './arguments.ts';
import { withExamples } from './options.ts';

interface RelayCommandOptions {
  readonly upstream: string;
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly verifyWith?: string;
  readonly json?: boolean;
}

const DEFAULT_PORT = 4610;

export function addRelay(program: Command): void {
  withExamples(
    program
      .command('relay')
      .description('serve flags near the applications, also while the control plane is away')
      .requiredOption('--upstream <url>', 'the control plane, or another relay', serverUrl)
      .option('--host <address>', 'address to listen on', listenAddress, '127.0.0.1')
      .option('--port <port>', 'port to listen on; 0 takes a free one', portNumber, DEFAULT_PORT)
      .option('--data <directory>', 'where the last snapshots are kept', './.spillway-relay')
      .option('--verify-with <keys>', 'refuse what none of these public keys has signed; commas between')
      .option('--json', 'one JSON document when ready'),
    ['SPILLWAY_RELAY_TOKENS=KEY,KEY spillway relay --upstream https://spillway.example.com'],
  ).action(async ({ data, json, verifyWith, ...options }: RelayCommandOptions) => {
    const relay = await import('@spillway/relay');
    try {
      const keys = relay.readRelayKeys(process.env);
      const publicKeys = relay.readPublicKeys(process.env, verifyWith);
      const verifying = publicKeys === undefined ? {} : { verifyWith: publicKeys };
      const browsers = {
        allowedOrigins: relay.readAllowedOrigins(process.env),
        clientLimits: relay.readClientLimits(process.env),
      };
      await relay.runRelay({ ...options, ...browsers, ...verifying, keys, dataDirectory: data }, (url) => {
        const line = `The relay answers at ${url}, with ${keys.length === 1 ? 'one key' : `${keys.length} keys`} of ${options.upstream}`;
        console.log(json === true ? JSON.stringify({ url, keys: keys.length }) : line);
      });
    } catch (error) {
      if (error instanceof relay.BadRelayConfig) throw usageFailure(error.message);
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure(`The relay did not start: ${reason}`, EXIT.unexpected);
    }
    process.exit(EXIT.ok);
  });
}
