import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** So much of a request body is read after its answer, so that the client gets to read the answer; then the connection is cut. */
export const UNREAD_BODY_MAX = 1_048_576;

/** Answers of the gateway itself: short plain text. */
export function answerPlain(response: ServerResponse, status: number, message: string): void {
  const text = Buffer.from(`${message}\n`);
  response.writeHead(status, ['Content-Type', 'text/plain; charset=utf-8', 'Content-Length', String(text.length)]);
  response.end(text);
}

/** The same for connections whose HTTP parser is out of play. Closes the connection. */
export function answerPlainAndClose(socket: Duplex, status: number, message: string): void {
  const text = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

/** Reads and forgets the rest of a request body. */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let read = 0;
  request.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > UNREAD_BODY_MAX) request.socket.destroy();
  });
  request.resume();
}
