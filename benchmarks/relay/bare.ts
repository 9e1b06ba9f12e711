import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** What Node's own HTTP costs by itself for the bytes in the file that is named: each request gets all of them. */

const [file = ''] = process.argv.slice(2);
const answer = readFileSync(file);
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length };

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, headers);
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const line = JSON.stringify({ port: typeof address === 'object' && address ? address.port : 0 });
  process.stdout.write(`${line}\n`);
});
