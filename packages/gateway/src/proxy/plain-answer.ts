import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** A short plain answer on a connection that is no longer read as HTTP. Closes the connection. */
export function answerPlainAndClose(socket: Duplex, status: number, message: string): void {
  const text = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
