import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@spillway/contract/client';

const PAUSE_MS = 20;

/** Flags created one after another; what was acknowledged must be there in the end, whatever was killed meanwhile. */
export function startWrites(client: Client): {
  readonly acknowledged: string[];
  readonly unanswered: () => number;
  stop(): Promise<void>;
} {
  const acknowledged: string[] = [];
  let unanswered = 0;
  let stopping = false;
  const write = async () => {
    for (let index = 0; !stopping; index++) {
      const key = `written-${index}`;
      const answer = await client.call('createFlag', { body: { key, type: 'boolean' } });
      if (answer.ok) acknowledged.push(key);
      else if (answer.problem.status === 0) unanswered++;
      else throw new Error(`a write was refused: ${answer.problem.detail}`);
      await sleep(PAUSE_MS);
    }
  };
  const writing = write();
  return {
    acknowledged,
    unanswered: () => unanswered,
    async stop() {
      stopping = true;
      await writing;
    },
  };
}

/** Those acknowledged and not there. */
export async function lostWrites(client: Client, acknowledged: readonly string[]): Promise<string[]> {
  const present = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const page = await client.call('listFlags', { query: { limit: 500, cursor } });
    if (!page.ok) throw new Error(page.problem.detail);
    for (const flag of page.value.items) present.add(flag.key);
    cursor = page.value.next;
    if (cursor === undefined) break;
  }
  return acknowledged.filter((key) => !present.has(key));
}
