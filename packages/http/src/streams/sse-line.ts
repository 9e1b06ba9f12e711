import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { Line } from './line.ts';

/** How long a reader is asked to wait before it comes back. */
export const RETRY_MS = 1_000;

const HEARTBEAT = Buffer.from(':\n\n');
const OPENING = Buffer.from(`retry: ${RETRY_MS}\n\n`);

/** Server-sent events; begins the answer. */
export function openSseLine(response: ServerResponse, headers: Readonly<Record<string, string>>): Line {
  // Without chunks an event goes out in one piece, the same bytes for everyone; the end of the connection ends it.
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  response.write(OPENING);
  const out = outOf(response);
  return {
    get unsent() {
      return response.writableLength;
    },
    get taken() {
      return response.socket?.bytesWritten ?? 0;
    },
    send(event) {
      out.write(event.sse);
      return event.sse.length;
    },
    beat() {
      out.write(HEARTBEAT);
      return true;
    },
    end: () => void response.end(),
    cut: () => void response.destroy(),
    onGone(listener) {
      response.once('close', listener);
      response.once('error', listener);
    },
  };
}

/**
 * What events are written to: the socket itself where nothing else can come before or between them. A response without chunks adds
 * nothing to the bytes but time, unless it still waits for the answers before it.
 */
function outOf(response: ServerResponse): Writable {
  const { socket } = response;
  return socket !== null && response.writableLength === socket.writableLength ? socket : response;
}
