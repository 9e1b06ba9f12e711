import { createServer } from 'node:http';

/** What Node's own HTTP costs by itself: the whole body arrives, the same bytes answer it. */

const ANSWER = JSON.stringify({
  flagKey: 'checkout',
  value: true,
  variant: 'on',
  reason: 'TARGETING_MATCH',
  flagMetadata: { configuration: 12, flagVersion: 1, rule: 'germany' },
});
const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(ANSWER) };

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, HEADERS);
    response.end(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const line = JSON.stringify({ port: typeof address === 'object' && address ? address.port : 0 });
  process.stdout.write(`${line}\n`);
});
