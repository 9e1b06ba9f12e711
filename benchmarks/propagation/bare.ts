import { createServer, type ServerResponse } from 'node:http';

/**
 * What Node's own HTTP costs by itself: whoever asks by GET is kept, and what is sent by POST is written to all of them. No
 * keys, no numbers, no store, no limits.
 */
const readers = new Set<ServerResponse>();
let events = 0;

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      events += 1;
      const event = Buffer.from(`id: ${events}\nevent: delta\ndata: ${Buffer.concat(chunks).toString()}\n\n`);
      for (const reader of readers) reader.write(event);
      response.end();
    });
    return;
  }
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
  response.write('retry: 1000\n\nid: 0\nevent: snapshot\ndata: {}\n\n');
  readers.add(response);
  response.once('close', () => readers.delete(response));
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
