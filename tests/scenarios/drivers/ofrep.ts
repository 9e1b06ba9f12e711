import { drive } from './line-driver.ts';

const TIMEOUT_MS = 2_000;
let server = { url: '', key: '' };
let context = {};

/** No SDK at all: one request per answer, and the code's default where there is none. */
await drive('OFREP over HTTP', {
  can: [],
  key: 'sdk',
  async start(options) {
    server = options;
    context = options.context;
  },
  async evaluate(flag, fallback) {
    try {
      const response = await fetch(`${server.url}/ofrep/v1/evaluate/flags/${flag}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ context }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const answer: { readonly value?: unknown } = JSON.parse(await response.text());
      return response.status === 200 && answer.value !== undefined ? answer.value : fallback;
    } catch {
      return fallback;
    }
  },
  close: async () => undefined,
});
