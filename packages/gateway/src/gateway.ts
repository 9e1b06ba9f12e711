import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ChannelAddress, ListenAddress } from '@spillway/private-channel';
import { openAdmin } from './admin/server.ts';
import { openDoor } from './proxy/door.ts';
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
  const door = openDoor(
    {
      services,
      trustForwarded: options.trustForwarded ?? false,
      clientStallMs: timeouts.clientStallMs,
      draining: () => draining,
    },
    timeouts,
  );
  const sockets = track(door);
  const url = await listen(door, options.host, options.port);
  const admin = await openAdmin({ services, file, epoch, token: options.adminToken, listen: options.admin }).catch(
    async (error: unknown) => {
      door.close();
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
      closing ??= drain(door, sockets, timeouts.drainMs)
        .then(() => services.destroy())
        .then(() => admin.close());
      return closing;
    },
  };
}

function track(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 4_096 }, () => {
      server.off('error', reject);
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
    });
  });
}

function drain(server: Server, sockets: ReadonlySet<Socket>, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, withinMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
