import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface BareServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Resolves when the event has been written to all readers. */
  send(data: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startBare(nodeArguments: readonly string[]): Promise<BareServer> {
  const child = spawn(process.execPath, [...nodeArguments, join(import.meta.dirname, 'bare.ts')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.stdout === null) throw new Error('no standard output');
  const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')]);
  if (typeof first[0] !== 'string') throw new Error('the bare server did not start');
  const { url }: { readonly url: string } = JSON.parse(first[0]);
  return {
    url,
    process: child,
    async send(data) {
      const response = await fetch(url, { method: 'POST', body: data });
      await response.arrayBuffer();
    },
    async stop() {
      child.kill('SIGKILL');
    },
  };
}
