import type { Socket } from 'node:net';

let held: Socket[] = [];

/**
 * What is written to the socket from now on leaves once everything was read that has come by now, together with what is written to the
 * others. Requests mostly come several at a time, and a processor that reads all of them and then writes all of them does either with
 * code that is still at hand. A socket that is ended writes at once.
 */
export function holdWrites(socket: Socket): void {
  if (held.length === 0) setImmediate(letGo);
  socket.cork();
  held.push(socket);
}

/** Writes now what is held: a socket that is destroyed forgets it. */
export function writeHeld(socket: Socket): void {
  while (socket.writableCorked > 0) socket.uncork();
}

function letGo(): void {
  const sockets = held;
  held = [];
  for (const socket of sockets) socket.uncork();
}
