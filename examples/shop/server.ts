import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { editionOf } from './edition.ts';
import { connectFlags } from './flags-connect.ts';
import { serve } from './shop.ts';

/** Requests may still arrive for a moment after SIGTERM, until everybody who sends them knows. */
const LINGER_MS = 300;
/** Connections that never ask again are not waited for longer than this. */
const IDLE_MAX_MS = 1_000;
const DEFAULT_PORT = 3_000;

const edition = editionOf(process.env.SHOP_VERSION ?? 'v1');
const flags = await connectFlags(process.env);
let draining = false;

const server = createServer(handle);
// Longer than the proxy in front keeps a connection, so that it is never this end that closes one just being used.
server.keepAliveTimeout = 75_000;
server.listen(Number(process.env.PORT ?? DEFAULT_PORT), '127.0.0.1', () => {
  console.log(`shop ${edition.version} listens on port ${process.env.PORT ?? DEFAULT_PORT}`);
});
process.once('SIGTERM', () => void stop(server));
process.once('SIGINT', () => void stop(server));

function handle(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('x-shop-version', edition.version);
  // The answer under way is the connection's last: whoever keeps it open must not use it again.
  if (draining) response.setHeader('connection', 'close');
  if (request.url === '/healthz') {
    response.writeHead(draining ? 503 : 200).end(draining ? 'draining' : 'ok');
    return;
  }
  serve(request, edition, flags).then(
    ({ status, type, body, cookie }) => {
      if (draining) response.setHeader('connection', 'close');
      if (cookie !== undefined) response.setHeader('set-cookie', cookie);
      response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
    },
    (error: unknown) => {
      console.error(`${request.method} ${request.url}: ${error instanceof Error ? error.message : String(error)}`);
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"Something went wrong here."}');
    },
  );
}

/** Finishes what is under way, tells every connection that this was its last answer, then ends. */
async function stop(stopping: Server): Promise<void> {
  draining = true;
  await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
  const closed = new Promise((resolve) => stopping.once('close', resolve));
  // `close` ends idle connections at once; those under way end with their answer.
  stopping.close();
  const idle = setInterval(() => stopping.closeIdleConnections(), IDLE_MAX_MS);
  await closed;
  clearInterval(idle);
  await flags.close();
  process.exit(0);
}
