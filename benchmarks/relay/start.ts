import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Running, running } from '../gateway/processes.ts';

const READY_WITHIN_MS = 10_000;

/** `spillway relay`, as a person starts it; resolves when it has every environment. */
export async function startRelay(upstream: string, directory: string, key: string): Promise<Running> {
  const main = join(import.meta.dirname, '../../apps/cli/src/main.ts');
  const child = spawn(
    process.execPath,
    [main, 'relay', '--upstream', upstream, '--port', '0', '--data', directory, '--json'],
    { env: { ...process.env, SPILLWAY_RELAY_TOKENS: key }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')]);
  if (typeof first[0] !== 'string') throw new Error('the relay did not start');
  const { url }: { readonly url: string } = JSON.parse(first[0]);
  const end = performance.now() + READY_WITHIN_MS;
  while (!(await fetch(`${url}/readyz`)).ok) {
    if (performance.now() > end) throw new Error('the relay has heard nothing from its upstream');
  }
  return running(child, Number(new URL(url).port));
}
