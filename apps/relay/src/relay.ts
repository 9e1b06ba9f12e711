import { mkdir } from 'node:fs/promises';
import { createApplicationServer, type HttpServerOptions } from '@spillway/http';
import { clock } from './clock.ts';
import type { RelayOptions } from './config.ts';
import { createRelayControl } from './control.ts';
import { EventsNotKept } from './events/spool.ts';
import { ClientsUnknown } from './holders.ts';
import { forgettingLeftKeys } from './left-keys.ts';
import { createUpstream } from './upstream.ts';

export interface Relay {
  readonly url: string;
  close(): Promise<void>;
}

/** Follows the upstream and answers applications. Ready as soon as it listens: from its disk, if need be. */
export async function startRelay(options: RelayOptions, log: HttpServerOptions['log']): Promise<Relay> {
  await mkdir(options.dataDirectory, { recursive: true, mode: 0o700 });
  const upstreams = new Map(
    options.keys.map((key) => {
      const recheck = () => {
        server.recheck().catch((error: unknown) => log.warn({ err: error }, 'streams not checked'));
      };
      const onAccessChanged = () => {
        recheck();
        control.accessChanged();
      };
      const told = { onRevoked: recheck, onAccessChanged };
      return [key, createUpstream({ ...options, ...told, url: options.upstream, key, log })] as const;
    }),
  );
  const each = [...upstreams.values()];
  const control = createRelayControl(upstreams, clock, log);
  const server = createApplicationServer({
    control,
    log,
    allowedOrigins: options.allowedOrigins,
    clientLimits: options.clientLimits,
    isUnavailable: (error) => error instanceof ClientsUnknown || error instanceof EventsNotKept,
    ready: async () => {
      if (each.some(({ feed }) => feed === undefined)) throw new Error('not every environment is there yet');
    },
  });
  server.app.get('/health', { config: { auth: 'public' } }, async () => {
    const environments = each.map(({ freshness }) => freshness);
    const behind = environments.some(({ live }) => !live);
    const empty = environments.some(({ configuration }) => configuration === 0);
    return {
      status: empty ? 'starting' : behind ? 'stale' : 'ok',
      streams: server.streams.size,
      environments,
    };
  });
  await Promise.all(each.map((upstream) => upstream.start()));
  const given = new Set(each.map(({ name }) => name));
  const forgetNoMore = forgettingLeftKeys({ directory: options.dataDirectory, given, log, now: clock.now });
  const stop = async () => {
    forgetNoMore();
    await Promise.all(each.map((upstream) => upstream.stop()));
  };
  try {
    const { url } = await server.listen(options);
    return {
      url,
      async close() {
        await Promise.all([server.close(), stop()]);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
