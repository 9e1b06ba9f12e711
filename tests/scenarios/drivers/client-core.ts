import { readFile, writeFile } from 'node:fs/promises';
import { type Client, createClient } from '../../../sdks/client/src/client.ts';
import type { Start } from './line-driver.ts';
import { drive } from './line-driver.ts';

let client: Client | undefined;
let context = {};
let ahead = 0;

/** The least that a platform has to offer, as for a runtime that is not Node. */
function platform({ hurry, cache }: Start) {
  return {
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    now: () => Date.now() + ahead,
    random: Math.random,
    after(delayMs: number, callback: () => void) {
      const timer = setTimeout(callback, delayMs / hurry);
      return () => clearTimeout(timer);
    },
    storage: {
      read: () => readFile(cache, 'utf8').catch(() => undefined),
      write: (text: string) => writeFile(cache, text),
    },
    log: () => undefined,
  };
}

await drive('client core', {
  can: ['memory', 'status', 'cache', 'clock', 'hurry'],
  key: 'sdk',
  async start(options) {
    context = options.context;
    client = createClient({ url: options.url, sdkKey: options.key }, platform(options));
    await client.initialize({ timeoutMs: options.timeout_ms * options.hurry });
  },
  evaluate(flag, fallback) {
    if (typeof fallback === 'boolean') return client?.boolean(flag, context, fallback);
    if (typeof fallback === 'number') return client?.number(flag, context, fallback);
    return client?.string(flag, context, String(fallback));
  },
  status: () => client?.status() ?? { is: 'none', configuration: 0 },
  clock(aheadMs) {
    ahead = aheadMs;
  },
  close: async () => client?.close(),
});
