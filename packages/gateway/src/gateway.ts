import { randomUUID } from 'node:crypto';
import type { ChannelAddress, ListenAddress } from '@spillway/private-channel';
import { openAdmin } from './admin/server.ts';
import { Door } from './proxy/door.ts';
import { routeFile } from './routes/file.ts';
import { Services } from './routes/services.ts';

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly admin: ListenAddress;
  readonly adminToken: string;
  readonly stateDirectory: string;
  readonly trustForwarded?: boolean;
  readonly timeouts?: Partial<GatewayTimeouts>;
  /** Told what an operator should know; one line each. */
  readonly log?: (line: string) => void;
}

/** All in milliseconds. */
export interface GatewayTimeouts {
  readonly headMs: number;
  readonly requestMs: number;
  readonly idleMs: number;
  readonly clientStallMs: number;
  readonly connectMs: number;
  readonly answerMs: number;
  readonly silenceMs: number;
  /** How long requests under way may take to finish when the gateway stops. */
  readonly drainMs: number;
}

export const DEFAULT_TIMEOUTS: GatewayTimeouts = Object.freeze({
  headMs: 10_000,
  requestMs: 300_000,
  idleMs: 75_000,
  clientStallMs: 60_000,
  connectMs: 2_000,
  answerMs: 60_000,
  silenceMs: 300_000,
  drainMs: 10_000,
});

export const ADMIN_TOKEN_LENGTH_MIN = 16;

export interface Gateway {
  /** Where users come in, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly admin: ChannelAddress;
  /** Random for each start; counters begin at zero with it. */
  readonly epoch: string;
  /** Stops accepting, lets requests under way finish within `drainMs`, then cuts what is left. */
  close(): Promise<void>;
}

/** Starts with the routes on disk. Throws when an address cannot be listened on or the state directory cannot be used. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  if (options.adminToken.length < ADMIN_TOKEN_LENGTH_MIN) {
    throw new Error(`The admin token must have at least ${ADMIN_TOKEN_LENGTH_MIN} characters.`);
  }
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const services = new Services(timeouts);
  const file = routeFile(options.stateDirectory);
  const loaded = await file.load();
  if (loaded.is === 'corrupt') options.log?.(`${loaded.message} Starting without routes until they are applied again.`);
  if (loaded.is === 'loaded') for (const route of loaded.routes) services.apply(route);

  let draining = false;
  const epoch = randomUUID();
  const door = new Door(
    { services, trustForwarded: options.trustForwarded ?? false, draining: () => draining },
    timeouts,
  );
  const url = await door.listen(options.host, options.port);
  const admin = await openAdmin({ services, file, epoch, token: options.adminToken, listen: options.admin }).catch(
    async (error: unknown) => {
      await door.close(0);
      throw error;
    },
  );
  let closing: Promise<void> | undefined;
  return {
    url,
    admin: admin.address,
    epoch,
    close() {
      draining = true;
      closing ??= door
        .close(timeouts.drainMs)
        .then(() => services.destroy())
        .then(() => admin.close());
      return closing;
    },
  };
}
