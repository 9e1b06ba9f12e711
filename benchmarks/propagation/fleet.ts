import { createClient } from '@spillway/node';

/**
 * Many SDKs in one process. Told a round's expected value, it answers with when each SDK evaluated it first, on the
 * monotonic clock that all processes of a machine share.
 */
export interface FleetOrder {
  readonly url: string;
  readonly sdkKey: string;
  readonly flag: string;
  readonly clients: number;
}

export type FleetMessage =
  | { readonly is: 'connected'; readonly configuration: number }
  | { readonly is: 'seen'; readonly value: string; readonly at_ms: readonly number[] };

export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const CONTEXT = { targetingKey: 'benchmark' };

async function main(order: FleetOrder): Promise<void> {
  const seen = new Map<string, number[]>();
  const clients = Array.from({ length: order.clients }, () => createClient({ url: order.url, sdkKey: order.sdkKey }));
  const send = (message: FleetMessage) => process.send?.(message);
  for (const client of clients) {
    let last = '';
    client.on('change', () => {
      const value = client.string(order.flag, CONTEXT, '');
      if (value === last) return;
      last = value;
      const times = seen.get(value) ?? [];
      seen.set(value, times);
      times.push(monotonicMs());
      if (times.length < clients.length) return;
      seen.delete(value);
      send({ is: 'seen', value, at_ms: times });
    });
  }
  const statuses = await Promise.all(clients.map((client) => client.initialize({ timeoutMs: 30_000 })));
  const notReady = statuses.find((status) => status.is !== 'ready');
  if (notReady !== undefined) throw new Error(`an SDK is ${notReady.is}: ${notReady.problem ?? ''}`);
  send({ is: 'connected', configuration: statuses[0]?.configuration ?? 0 });
  process.once('disconnect', () => process.exit(0));
}

if (import.meta.main) {
  process.once('message', (order: FleetOrder) => {
    main(order).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}
