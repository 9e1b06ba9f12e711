import type { Command } from 'commander';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';
import { listenAddress, portNumber } from './arguments.ts';

interface StartCommandOptions {
  readonly host?: string;
  readonly port?: number;
  readonly gatewayPort?: number;
  readonly data?: string;
  readonly json?: boolean;
}

export function addStart(program: Command): void {
  program
    .command('start')
    .description('start the control plane, the gateway and the dashboard on this machine')
    .option('--host <address>', 'address to listen on (127.0.0.1)', listenAddress)
    .option('--port <port>', 'control plane and dashboard (4600); 0 takes a free one', portNumber)
    .option('--gateway-port <port>', 'where users come in (4680); 0 takes a free one', portNumber)
    .option('--data <directory>', 'where everything is kept (./.spillway)')
    .option('--json', 'one JSON document when ready')
    .action(async (options: StartCommandOptions) => {
      const { start } = await import('@spillway/server');
      try {
        await start({
          host: options.host,
          port: options.port,
          gatewayPort: options.gatewayPort,
          dataDirectory: options.data,
          json: options.json,
        });
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw new Failure(
          `Spillway did not start: ${error instanceof Error ? error.message : String(error)}`,
          EXIT.unexpected,
        );
      }
      process.exit(EXIT.ok);
    });
}
