import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type NodeClient } from '@spillway/node';

/** An application that asks its flags all day, and tells what it uses. */
export interface ApplicationOrder {
  readonly url: string;
  readonly sdkKey: string;
  readonly cacheFile: string;
  readonly clients: number;
  readonly evaluationsPerSecond: number;
  readonly sampleEveryMs: number;
}

export interface Sample {
  readonly at_ms: number;
  readonly evaluations: number;
  /** Bytes of JavaScript's heap and of what hangs on it, after a full collection. */
  readonly heap: number;
  readonly resident: number;
  readonly sockets: number;
  /** How often a client has become ready: the first time, and after each loss. */
  readonly readies: number;
  readonly changes: number;
}

/** Evaluations between two looks at the clock. */
const BATCH = 2_000;
const TICK_MS = 20;
/** So many different users, each a new object every time. */
const USERS = 1_000_000;

async function main(order: ApplicationOrder): Promise<void> {
  let readies = 0;
  let changes = 0;
  const clients = Array.from({ length: order.clients }, (_, index) => {
    const cache = index === 0 ? { cacheFile: order.cacheFile } : {};
    const client = createClient({ url: order.url, sdkKey: order.sdkKey, log: () => undefined, ...cache });
    client.on('status', ({ is }) => {
      if (is === 'ready') readies += 1;
    });
    client.on('change', () => {
      changes += 1;
    });
    return client;
  });
  await Promise.all(clients.map((client) => client.initialize({ timeoutMs: 30_000 })));
  const started = performance.now();
  let evaluations = 0;
  let sampled = 0;
  let ended = false;
  process.once('message', () => {
    ended = true;
  });
  while (!ended) {
    const due = ((performance.now() - started) / 1_000) * order.evaluationsPerSecond;
    for (let batch = 0; evaluations < due && batch < 20; batch += 1) {
      const client = clients[(evaluations / BATCH) % clients.length];
      if (client !== undefined) ask(client, evaluations);
      evaluations += BATCH;
    }
    await sleep(TICK_MS);
    const at = performance.now() - started;
    if (at - sampled < order.sampleEveryMs) continue;
    sampled = at;
    tell(sample(at, evaluations, readies, changes));
  }
  await Promise.all(clients.map((client) => client.close()));
  process.disconnect?.();
}

function tell(message: Sample): void {
  process.send?.(message);
}

/** A mixture: every kind of value, one answer with its reason, new contexts. */
function ask(client: NodeClient, from: number): void {
  for (let index = from; index < from + BATCH; index += 5) {
    const user = (index * 7_919) % USERS;
    const context = { targetingKey: `user-${user}`, plan: user % 3 === 0 ? 'pro' : 'free', age: user % 90 };
    client.boolean('checkout', context, false);
    client.string('colour', context, '');
    client.number('limit', context, 0);
    client.json('layout', context, null);
    client.details('changing', context, '');
  }
}

function sample(at_ms: number, evaluations: number, readies: number, changes: number): Sample {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket')).length;
  return { at_ms, evaluations, heap: heapUsed + external, resident: rss, sockets, readies, changes };
}

process.once('message', (order: ApplicationOrder) => {
  main(order).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
