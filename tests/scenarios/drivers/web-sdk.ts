import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Client, createClient } from '../../../sdks/web/src/client.ts';
import type { Context, Json } from '../../../sdks/web/src/values.ts';
import { drive, type Start } from './line-driver.ts';

let client: Client | undefined;
let ahead = 0;

/** A page that is always shown, with a storage that outlives it. */
function page({ hurry, cache }: Start) {
  return {
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    now: () => Date.now() + ahead,
    random: Math.random,
    after(delayMs: number, callback: () => void) {
      const timer = setTimeout(callback, delayMs / hurry);
      return () => clearTimeout(timer);
    },
    log: () => undefined,
    pageStorage: {
      getItem: () => (existsSync(cache) ? readFileSync(cache, 'utf8') : null),
      setItem: (_: string, text: string) => writeFileSync(cache, text),
    },
    isHidden: () => false,
    onReturn: () => () => undefined,
  };
}

await drive('web SDK', {
  can: ['memory', 'status', 'cache', 'clock', 'hurry'],
  key: 'client',
  async start(options) {
    const { url, key, context } = options;
    client = createClient({ url, clientKey: key, context: context as Context }, page(options));
    await client.initialize({ timeoutMs: options.timeout_ms * options.hurry });
  },
  evaluate: (flag, fallback) => client?.details(flag, fallback as Json).value,
  status: () => client?.status() ?? { is: 'none', configuration: 0 },
  clock(aheadMs) {
    ahead = aheadMs;
  },
  close: async () => client?.close(),
});
