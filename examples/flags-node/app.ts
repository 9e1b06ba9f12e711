import { createServer } from 'node:http';
import { createClient } from '@spillway/node';

/** Greets whoever asks, `GET /?user=ann`; who gets the warm greeting is decided by the flag `warm-greeting`. */

const DEFAULT_PORT = 3_001;

const flags = createClient({
  url: process.env.SPILLWAY_URL ?? 'http://127.0.0.1:4600',
  sdkKey: process.env.SPILLWAY_SDK_KEY ?? '',
  ...(process.env.FLAGS_CACHE === undefined ? {} : { cacheFile: process.env.FLAGS_CACHE }),
});
flags.on('change', ({ flags: keys }) => console.error(`changed: ${keys.join(', ')}`));
await flags.initialize({ timeoutMs: 2_000 });

const server = createServer((request, response) => {
  const user = new URL(request.url ?? '/', 'http://localhost').searchParams.get('user') ?? 'stranger';
  const warm = flags.boolean('warm-greeting', { targetingKey: user }, false);
  response.end(warm ? `How good to see you, ${user}!\n` : `Hello, ${user}.\n`);
});
server.listen(Number(process.env.PORT ?? DEFAULT_PORT), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  console.log(`http://127.0.0.1:${port} (flags: ${flags.status().is})`);
});

const stop = () => {
  server.close();
  server.closeAllConnections();
  // The connection to Spillway keeps a process alive until it is closed.
  void flags.close();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
