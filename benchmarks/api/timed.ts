import { ADMIN_TOKEN } from '../control-plane/start.ts';
import { percentile } from '../propagation/percentile.ts';

export interface Timed {
  readonly name: string;
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Of one answer. */
  readonly bytes: number;
}

const WARM_UP = 10;
const TIMES = 100;

/** Requests whose cost grows with the number of flags, each asked alone. */
export async function timed(url: string, sdkKey: string): Promise<readonly Timed[]> {
  const sdk = { authorization: `Bearer ${sdkKey}`, 'content-type': 'application/json' };
  const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const body = JSON.stringify({ context: { targetingKey: 'user-4711', country: 'FR', plan: 'pro', age: 42 } });
  return [
    await ask('evaluate all', `${url}/api/v1/evaluate`, { method: 'POST', headers: sdk, body }),
    await ask('list, a page of 50', `${url}/api/v1/feature-flags?limit=50`, { headers: admin }),
    await ask('list, a page of 500', `${url}/api/v1/feature-flags?limit=500`, { headers: admin }),
    await ask('snapshot', `${url}/api/v1/sdk/snapshot`, { headers: sdk }),
  ];
}

async function ask(name: string, url: string, init: RequestInit): Promise<Timed> {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < WARM_UP + TIMES; round++) {
    const start = performance.now();
    const response = await fetch(url, init);
    bytes = (await response.arrayBuffer()).byteLength;
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    if (round >= WARM_UP) times.push(performance.now() - start);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { name, p50_ms: percentile(sorted, 0.5), p99_ms: percentile(sorted, 0.99), bytes };
}
