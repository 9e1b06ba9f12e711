import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { LaneConnection, type LaneConnectionParts } from './connection.ts';

export type BeforeNodeParts = Omit<LaneConnectionParts, 'longWay' | 'left'>;

/** The lane's own connections of one server. */
export interface LaneConnections {
  readonly size: number;
  /** Lets go of those that wait; those with a request end after its answer. */
  close(): void;
  closeAll(): void;
}

/**
 * Puts the lane's entrance before the server's own reading of HTTP: a connection belongs to the lane until something comes
 * that is not for it; then `node:http` gets the connection for good, with what was read of it, as if it had just come.
 */
export function enterBeforeNode(server: Server, parts: BeforeNodeParts): LaneConnections {
  const open = new Set<LaneConnection>();
  const readers = server.listeners('connection');
  server.removeAllListeners('connection');
  const longWay = (socket: Socket) => {
    for (const reader of readers) reader.call(server, socket);
  };
  server.on('connection', (socket: Socket) => {
    open.add(new LaneConnection(socket, { ...parts, longWay, left: (one) => open.delete(one) }));
  });
  return {
    get size() {
      return open.size;
    },
    close() {
      for (const one of open) one.close();
    },
    closeAll() {
      for (const one of open) one.destroy();
    },
  };
}
