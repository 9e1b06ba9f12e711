import type { CallOutput } from '@spillway/contract';
import type { Command } from 'commander';
import { CALLED_AS } from '../output/called-as.ts';
import { expectAnswer, print, printPage, printWritten } from '../output/print.ts';
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

interface PutOptions extends ServerOptions {
  readonly environment: string;
  readonly path: string;
  readonly hostname?: string;
  readonly stickyHeader?: string;
}

export function addServices(program: Command): void {
  const services = withExamples(
    program.command('services').alias('service').description('applications that Spillway runs and routes to'),
    [
      'spillway services put shop -e production',
      'spillway services put api -e production --path /api --sticky-header x-user-id',
      'spillway services status shop -e production',
    ],
  );
  withServer(services.command('put <key>').description('create a service or change how it is reached'))
    .requiredOption('-e, --environment <name>', 'in which environment; required')
    .option('--path <prefix>', 'path prefix at the gateway', '/')
    .option('--hostname <name>', 'only requests for this host')
    .option('--sticky-header <name>', 'request header that keeps a user on one version')
    .action(async (key: string, options: PutOptions) => {
      const sticky = options.stickyHeader === undefined ? {} : { header: options.stickyHeader };
      const put = await connected(options).client.call('putService', {
        params: { environment: options.environment, key },
        body: { path_prefix: options.path, hostname: options.hostname, sticky },
      });
      printWritten(
        expectAnswer(put),
        options,
        (service) => `${service.environment}/${service.key} at ${service.path_prefix}`,
      );
    });
  withPages(services.command('list').description('list services')).action(async (options: PageOptions) => {
    const page = expectAnswer(await connected(options).client.call('listServices', { query: pageOf(options) }));
    printPage(page, options, (items) =>
      items.length === 0
        ? `No services. Create one with \`${CALLED_AS} services put KEY -e ENVIRONMENT\`.`
        : table(
            ['SERVICE', 'ENVIRONMENT', 'LIVE', 'PATH'],
            items.map((one) => [one.key, one.environment, one.live ?? '-', one.path_prefix]),
          ),
    );
  });
  withServer(services.command('status <key>').description('instances and traffic split'))
    .requiredOption('-e, --environment <name>', 'in which environment; required')
    .action(async (key: string, options: ServerOptions & { environment: string }) => {
      const params = { environment: options.environment, key };
      const status = expectAnswer(await connected(options).client.call('serviceStatus', { params }));
      print(status, options, instancesTable);
    });
}

/** Why an instance is not healthy has a column only when there is something to say. */
export function instancesTable(status: CallOutput<'serviceStatus'>): string {
  if (status.instances.length === 0)
    return `${status.key} runs nowhere yet. Release a version: ${CALLED_AS} rollout apply`;
  const hasProblem = status.instances.some(({ problem }) => problem !== undefined);
  const header = ['INSTANCE', 'VERSION', 'STATE', 'SHARE', 'RESTARTS', 'URL'];
  return table(
    hasProblem ? [...header, 'PROBLEM'] : header,
    status.instances.map(({ id, version, state, restarts, url, problem }) => {
      const share = `${(status.actual_shares?.[version] ?? 0) / 1000} %`;
      const row = [id, version, state.replace('_', ' '), share, String(restarts), url];
      return hasProblem ? [...row, onOneLine(problem ?? '-')] : row;
    }),
  );
}

/** A problem may quote what an app wrote, which must not steer the terminal. */
function onOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
