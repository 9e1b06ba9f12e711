import { createClient, type Json, type NodeClient } from '@spillway/node';
import { ownTime } from './hurried-time.ts';
import { drive } from './line-driver.ts';

const time = ownTime();
let client: NodeClient | undefined;
let context = {};

await drive('Node SDK', {
  can: ['memory', 'status', 'cache', 'clock', 'hurry'],
  key: 'sdk',
  async start(options) {
    time.hurry(options.hurry);
    context = options.context;
    client = createClient({ url: options.url, sdkKey: options.key, cacheFile: options.cache, log: () => undefined });
    await client.initialize({ timeoutMs: options.timeout_ms * options.hurry });
  },
  evaluate: (flag, fallback) => client?.details(flag, context, fallback as Json).value,
  status: () => client?.status() ?? { is: 'none', configuration: 0 },
  clock: (aheadMs) => time.jump(aheadMs),
  close: async () => client?.close(),
});
