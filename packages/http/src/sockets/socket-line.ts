import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { EndReason, Line } from '../streams/line.ts';

/** Heartbeats that a reader may leave unanswered while nothing is on its way to it. */
export const MAX_UNANSWERED_PINGS = 2;
/** How long the other end may take to say good-bye too. */
const GOODBYE_MS = 2_000;

const GOODBYES: Readonly<Record<EndReason, readonly [code: number, reason: string]>> = {
  closing: [1001, 'the server is going away'],
  revoked: [4401, 'the key is revoked or expired'],
};

/** The same events as messages of a WebSocket. */
export function openSocketLine(webSocket: WebSocket, socket: Socket): Line {
  let unanswered = 0;
  webSocket.on('pong', () => {
    unanswered = 0;
  });
  return {
    get unsent() {
      return webSocket.bufferedAmount;
    },
    get taken() {
      return socket.bytesWritten;
    },
    send(event) {
      webSocket.send(event.message, { binary: false });
      return event.message.length;
    },
    beat() {
      // Behind something large the ping itself waits, and that it moves is watched already.
      if (webSocket.bufferedAmount === 0 && unanswered >= MAX_UNANSWERED_PINGS) return false;
      unanswered += 1;
      webSocket.ping();
      return true;
    },
    end: (reason) => sayGoodbye(webSocket, ...GOODBYES[reason]),
    cut: () => webSocket.terminate(),
    onGone: (listener) => void webSocket.once('close', listener),
  };
}

export function sayGoodbye(webSocket: WebSocket, code: number, reason: string): void {
  webSocket.close(code, reason);
  const timer = setTimeout(() => webSocket.terminate(), GOODBYE_MS);
  webSocket.once('close', () => clearTimeout(timer));
}
