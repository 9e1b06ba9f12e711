import { Socket, type SocketConstructorOpts } from 'node:net';

/** Memory of its own for each read costs more than most of what is done with a small request. */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

/** What `node:net` gives an accepted socket and takes for a new one; its documentation does not speak of it. */
interface Handled {
  _handle?: object | null;
}

export interface SharedReads {
  /** To be used instead of the accepted one. Pausing it stops the reading. */
  readonly socket: Socket;
  /** From now on bytes come as `data` events of the socket, in memory of their own. */
  release(): void;
}

/**
 * Reads what comes on an accepted connection into one buffer that all of them share: `onBytes` is told how much of it came, which
 * is good until it returns. `node:net` offers that for connections that a program makes but not for those it accepts, so the socket is made
 * anew over the handle of the accepted one. Without a handle to be found, pieces come as they always do.
 */
export function shareReads(accepted: Socket, onBytes: (bytes: Buffer, length: number) => void): SharedReads {
  const handle = (accepted as Handled)._handle;
  if (!handle) {
    const onData = (bytes: Buffer) => onBytes(bytes, bytes.length);
    accepted.on('data', onData);
    return { socket: accepted, release: () => accepted.off('data', onData) };
  }
  (accepted as Handled)._handle = null;
  let isReleased = false;
  const callback = (length: number): boolean => {
    if (isReleased) return socket.push(Buffer.from(READ_BUFFER.subarray(0, length)));
    onBytes(READ_BUFFER, length);
    return true;
  };
  const options = { handle, allowHalfOpen: true, onread: { buffer: READ_BUFFER, callback } };
  const socket = new Socket(options as SocketConstructorOpts);
  return {
    socket,
    release() {
      isReleased = true;
    },
  };
}
