import { createServer } from 'node:http';

/** What Node's own HTTP costs by itself for a batch of events: the body is read and parsed, and nothing of it is kept. */

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { events } = JSON.parse(Buffer.concat(parts).toString()) as { readonly events: readonly unknown[] };
    const text = JSON.stringify({ accepted: events.length, repeated: 0, refused: [] });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const line = JSON.stringify({ port: typeof address === 'object' && address ? address.port : 0 });
  process.stdout.write(`${line}\n`);
});
