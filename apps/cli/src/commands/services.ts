import type { Command } from 'commander';
import { expectAnswer, print } from '../output/print.ts';
import { table } from '../output/terminal.ts';
import { connected, type ServerOptions, withServer } from './options.ts';

interface PutOptions extends ServerOptions {
  readonly environment: string;
  readonly path: string;
  readonly hostname?: string;
  readonly stickyHeader?: string;
}

export function addServices(program: Command): void {
  const services = program
    .command('services')
    .alias('service')
    .description('applications that Spillway runs and routes to');
  withServer(services.command('put <key>').description('create a service or change how it is reached'))
    .requiredOption('-e, --environment <name>')
    .option('--path <prefix>', 'path prefix at the gateway', '/')
    .option('--hostname <name>', 'only requests for this host')
    .option('--sticky-header <name>', 'request header that keeps a user on one version')
    .action(async (key: string, options: PutOptions) => {
      const sticky = options.stickyHeader === undefined ? {} : { header: options.stickyHeader };
      const put = await connected(options).client.call('putService', {
        params: { environment: options.environment, key },
        body: { path_prefix: options.path, hostname: options.hostname, sticky },
      });
      print(expectAnswer(put), options, (service) => `${service.environment}/${service.key} at ${service.path_prefix}`);
    });
  withServer(services.command('list').description('list services')).action(async (options: ServerOptions) => {
    const page = expectAnswer(await connected(options).client.call('listServices', { query: { limit: 500 } }));
    print(page, options, ({ items }) =>
      items.length === 0
        ? 'No services. Create one with `spillway services put KEY -e ENVIRONMENT`.'
        : table(
            ['SERVICE', 'ENVIRONMENT', 'LIVE', 'PATH'],
            items.map((one) => [one.key, one.environment, one.live ?? '-', one.path_prefix]),
          ),
    );
  });
  withServer(services.command('status <key>').description('instances and traffic split'))
    .requiredOption('-e, --environment <name>')
    .action(async (key: string, options: ServerOptions & { environment: string }) => {
      const params = { environment: options.environment, key };
      const status = expectAnswer(await connected(options).client.call('serviceStatus', { params }));
      print(status, options, (one) =>
        table(
          ['INSTANCE', 'VERSION', 'STATE', 'SHARE', 'RESTARTS', 'URL'],
          one.instances.map((instance) => [
            instance.id,
            instance.version,
            instance.state,
            `${(one.actual_shares?.[instance.version] ?? 0) / 1000} %`,
            String(instance.restarts),
            instance.url,
          ]),
        ),
      );
    });
}
