import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@spillway/contract/client';
import { startSpillway, temporaryDirectory, withoutSpillway } from '../../apps/server/src/start-testing.ts';

const APP = join(import.meta.dirname, 'app.ts');
const CHANGE_DEADLINE_MS = 5_000;
const folder = temporaryDirectory();
const running: ChildProcess[] = [];

after(() => {
  for (const child of running) child.kill('SIGKILL');
  folder.remove();
});

interface App {
  readonly child: ChildProcess;
  readonly line: string;
  greet(user: string): Promise<string>;
  stop(): Promise<number | null>;
}

async function startApp(url: string, sdkKey: string): Promise<App> {
  const child = spawn(process.execPath, [APP], {
    env: {
      ...withoutSpillway(process.env),
      SPILLWAY_URL: url,
      SPILLWAY_SDK_KEY: sdkKey,
      FLAGS_CACHE: join(folder.path, 'flags.json'),
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const at = line.split(' ')[0] ?? '';
  return {
    child,
    line,
    greet: async (user) => (await fetch(`${at}/?user=${user}`)).text(),
    async stop() {
      const exit = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      return (await exit)[0];
    },
  };
}

test('F10, P3: the example follows its flag, and keeps the answer when the server and then itself are gone', async () => {
  const spillway = await startSpillway(join(folder.path, 'data'));
  const token = JSON.parse(await clientFile()).token as string;
  const admin = createClient({ baseUrl: spillway.url, token });
  const flag = await admin.call('createFlag', { body: { key: 'warm-greeting' }, query: {} });
  assert.ok(flag.ok);
  const key = await admin.call('createToken', { body: { name: 'greeter', kind: 'sdk', environment: 'development' } });
  assert.ok(key.ok);

  const first = await startApp(spillway.url, key.value.secret);
  assert.match(first.line, /flags: ready/);
  assert.equal(await first.greet('ann'), 'Hello, ann.\n');
  const changed = await admin.call('updateFlagEnvironment', {
    params: { key: 'warm-greeting', environment: 'development' },
    body: { enabled: true, percentage: 100 },
    query: {},
  });
  assert.ok(changed.ok);
  const deadline = performance.now() + CHANGE_DEADLINE_MS;
  while ((await first.greet('ann')) === 'Hello, ann.\n' && performance.now() < deadline) await wait(20);
  assert.equal(await first.greet('ann'), 'How good to see you, ann!\n');

  await spillway.stop();
  assert.equal(await first.greet('bob'), 'How good to see you, bob!\n');
  assert.equal(await first.stop(), 0, 'it ends by itself when asked to');

  const second = await startApp(spillway.url, key.value.secret);
  assert.match(second.line, /flags: stale/);
  assert.equal(await second.greet('eve'), 'How good to see you, eve!\n');
  assert.equal(await second.stop(), 0);
});

async function clientFile(): Promise<string> {
  return readFile(join(folder.path, 'data', 'client.json'), 'utf8');
}
