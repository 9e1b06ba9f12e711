import { randomUUID } from 'node:crypto';
import type { CallOutput, Client } from '@spillway/contract';
import type { Command } from 'commander';
import { CALLED_AS } from '../output/called-as.ts';
import { problemFailure, usageFailure } from '../output/failure.ts';
import { expectAnswer, printPage, printWritten } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import {
  connected,
  type PageOptions,
  pageOf,
  type ServerOptions,
  withExamples,
  withPages,
  withServer,
} from './options.ts';

type KillSwitch = CallOutput<'getSwitch'>;

interface KillOptions extends ServerOptions {
  readonly reason: string;
  readonly global?: boolean;
  readonly service?: string[];
  readonly feature?: string[];
  readonly segment?: string[];
  readonly environment?: string[];
}

export function addSwitches(program: Command): void {
  withExamples(
    withServer(
      program.command('kill <key>').description('fire a kill switch; with a scope it is made if it does not exist'),
    ),
    [
      'spillway kill payments --feature new-checkout          one flag, everywhere',
      'spillway kill payments --service checkout -e production',
      'spillway kill everything --global --reason "incident 42"',
    ],
  )
    .option('--reason <text>', 'why; without it the log says that none was given', 'no reason given')
    .option('--global', 'turn off every flag')
    .option('--service <key...>', 'turn off the flags of these services')
    .option('--feature <flag...>', 'turn off these flags')
    .option('--segment <segment...>', 'turn off every flag for the members of these segments')
    .option('-e, --environment <name...>', 'only in these environments')
    .action(async (key: string, options: KillOptions) => {
      const body = { reason: options.reason, ...scopeOf(options) };
      const { client } = connected(options);
      const fired = await client.call('activateSwitch', { params: { key }, body, idempotencyKey: randomUUID() });
      if (!fired.ok && fired.problem.code === 'not_found' && body.scope === undefined) {
        throw problemFailure({ ...fired.problem, detail: await remedyFor(client, key) });
      }
      printWritten(
        expectAnswer(fired),
        options,
        (one) => `${one.key} is triggered: ${reach(one)}. Take it back: ${CALLED_AS} restore ${one.key} --reason "…"`,
      );
    });
  withServer(program.command('restore <key>').description('release a kill switch: exactly what was there comes back'))
    .requiredOption('--reason <text>', 'why it is safe again')
    .action(async (key: string, options: ServerOptions & { reason: string }) => {
      const { client } = connected(options);
      const released = await client.call('releaseSwitch', { params: { key }, body: { reason: options.reason } });
      printWritten(expectAnswer(released), options, (one) => `${one.key} is released`);
    });
  const switches = program.command('switches').alias('switch').description('kill switches');
  withPages(switches.command('list').description('list kill switches')).action(async (options: PageOptions) => {
    const page = expectAnswer(await connected(options).client.call('listSwitches', { query: pageOf(options) }));
    printPage(page, options, (items) =>
      items.length === 0
        ? `No kill switches. \`${CALLED_AS} kill KEY --feature FLAG\` makes and fires one.`
        : table(['KEY', 'STATE', 'REACH', 'LAST REASON'], items.map(row)),
    );
  });
}

/** Whoever is in a hurry gives the flag's key: what turns it off is said, rather than done. */
async function remedyFor(client: Client, key: string): Promise<string> {
  const flag = await client.call('getFlag', { params: { key } });
  return flag.ok
    ? `${key} is a flag, and no kill switch has that name. This makes one and fires it: ${CALLED_AS} kill ${key} --feature ${key}`
    : `There is no kill switch "${key}". With --global, --service, --feature or --segment it is made and fired at once.`;
}

interface Scope {
  readonly scope?: 'global' | 'service' | 'user_segment' | 'feature';
  readonly affects?: string[];
  readonly environments?: string[];
}

function scopeOf(options: KillOptions): Scope {
  const chosen = [options.global, options.service, options.feature, options.segment];
  if (chosen.filter((given) => given !== undefined).length > 1) {
    throw usageFailure('Give one of --global, --service, --feature and --segment.');
  }
  const environments = options.environment === undefined ? {} : { environments: options.environment };
  if (options.global === true) return { scope: 'global' as const, ...environments };
  if (options.service !== undefined) return { scope: 'service' as const, affects: options.service, ...environments };
  if (options.feature !== undefined) return { scope: 'feature' as const, affects: options.feature, ...environments };
  if (options.segment !== undefined)
    return { scope: 'user_segment' as const, affects: options.segment, ...environments };
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
