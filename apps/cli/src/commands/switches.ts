import { randomUUID } from 'node:crypto';
import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { connected, type ServerOptions, withServer } from './options.ts';

type KillSwitch = CallOutput<'getSwitch'>;

interface KillOptions extends ServerOptions {
  readonly reason: string;
  readonly global?: boolean;
  readonly service?: string[];
  readonly feature?: string[];
  readonly environment?: string[];
}

export function addSwitches(program: Command): void {
  withServer(
    program.command('kill <key>').description('fire a kill switch; with a scope it is made if it does not exist'),
  )
    .option('--reason <text>', 'why', 'incident')
    .option('--global', 'turn off every flag')
    .option('--service <key...>', 'turn off the flags of these services')
    .option('--feature <flag...>', 'turn off these flags')
    .option('-e, --environment <name...>', 'only in these environments')
    .action(async (key: string, options: KillOptions) => {
      const body = { reason: options.reason, ...scopeOf(options) };
      const { client } = connected(options);
      const fired = await client.call('activateSwitch', { params: { key }, body, idempotencyKey: randomUUID() });
      print(
        expectAnswer(fired),
        options,
        (one) => `${one.key} is triggered: ${reach(one)}. Take it back: spillway restore ${one.key} --reason "…"`,
      );
    });
  withServer(program.command('restore <key>').description('release a kill switch: exactly what was there comes back'))
    .requiredOption('--reason <text>', 'why it is safe again')
    .action(async (key: string, options: ServerOptions & { reason: string }) => {
      const { client } = connected(options);
      const released = await client.call('releaseSwitch', { params: { key }, body: { reason: options.reason } });
      print(expectAnswer(released), options, (one) => `${one.key} is released`);
    });
  const switches = program.command('switches').alias('switch').description('kill switches');
  withServer(switches.command('list').description('list kill switches')).action(async (options: ServerOptions) => {
    const page = expectAnswer(await connected(options).client.call('listSwitches', { query: { limit: 500 } }));
    print(page, options, ({ items }) =>
      items.length === 0
        ? 'No kill switches. `spillway kill KEY --feature FLAG` makes and fires one.'
        : table(['KEY', 'STATE', 'REACH', 'LAST REASON'], items.map(row)),
    );
  });
}

function scopeOf(options: KillOptions) {
  const chosen = [options.global, options.service, options.feature].filter((given) => given !== undefined);
  if (chosen.length > 1) throw usageFailure('Give one of --global, --service and --feature.');
  const environments = options.environment === undefined ? {} : { environments: options.environment };
  if (options.global === true) return { scope: 'global' as const, ...environments };
  if (options.service !== undefined) return { scope: 'service' as const, affects: options.service, ...environments };
  if (options.feature !== undefined) return { scope: 'feature' as const, affects: options.feature, ...environments };
  return environments;
}

function reach(one: KillSwitch): string {
  const what = one.scope === 'global' ? 'every flag' : `${one.scope} ${one.affects.join(', ')}`;
  return one.environments.length === 0 ? `${what} in all environments` : `${what} in ${one.environments.join(', ')}`;
}

function row(one: KillSwitch): string[] {
  const last = one.state.is === 'triggered' ? one.state.activated : one.state.released;
  return [one.key, one.state.is, reach(one), last?.reason ?? ''];
}
