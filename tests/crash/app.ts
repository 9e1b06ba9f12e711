import { createServer } from 'node:http';

/** The application under release: says who it is in every answer, and fails two of five requests when it is broken. */
const name = process.env.SPILLWAY_VERSION ?? 'unknown';
const broken = process.env.BROKEN === '1';
let count = 0;

const server = createServer((request, response) => {
  const failing = broken && request.url !== '/healthz' && count++ % 5 < 2;
  response.writeHead(failing ? 500 : 200, { 'x-app': name, 'content-type': 'text/plain' });
  response.end(failing ? 'broken' : 'fine');
});
server.keepAliveTimeout = 75_000;
server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 500).unref();
});
