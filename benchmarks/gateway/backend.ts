import { createServer } from 'node:net';

/**
 * The application behind all peers: answers every request with the same bytes, as fast as Node can. It does not parse; its
 * clients are proxies and generators that send one small request at a time on a connection.
 */

const BODY = 'a small answer, about as long as a row of JSON would be in an API.\n';
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => socket.write(ANSWER));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const line = JSON.stringify({ port: typeof address === 'object' && address ? address.port : 0 });
  process.stdout.write(`${line}\n`);
});
