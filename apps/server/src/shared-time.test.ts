import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openPostgresStore } from '@spillway/stores';
import { postgresForTests } from '@spillway/tests/postgres';
import { clock, sha256 } from './platform.ts';
import { followTimeOf } from './shared-time.ts';
import { temporaryDirectory, withoutSpillway } from './start-testing.ts';

const postgres = await postgresForTests();
const { skip } = postgres;
const ADMIN = 'shared-time-admin-token-0123456789';
const OFF_MS = 300_000;
const NEAR_MS = 1_000;

function assertNow(ms: number): void {
  assert.ok(Math.abs(ms - Date.now()) < NEAR_MS, `${ms - Date.now()} ms off`);
}

test('a clock that is wrong, and one that is set, go by the database; while that is away, time goes on', {
  skip,
}, async (t) => {
  const store = await openPostgresStore({ url: await postgres.database(), sha256 });
  let set = OFF_MS;
  let asked = 0;
  let isAway = false;
  const told: string[] = [];
  const say = (_: object, message: string) => void told.push(message);
  const wallTime = async () => {
    asked += 1;
    if (isAway) throw new Error('away');
    return store.wallTime();
  };
  const askedAgain = async () => {
    const before = asked;
    while (asked === before) await sleep(1);
    await sleep(50);
  };
  // Wakes at once, so that the test need not wait for the next question.
  const own = {
    ...clock,
    now: () => Date.now() + set,
    sleep: (_: number, signal?: Parameters<typeof clock.sleep>[1]) => clock.sleep(5, signal),
  };
  const time = await followTimeOf({ wallTime }, own, { info: say, warn: say });
  t.after(async () => {
    await time.stop();
    await store.close();
  });
  assertNow(time.clock.now());
  assert.ok(Number.isInteger(time.clock.now()));
  set = -OFF_MS;
  assertNow(time.clock.now());
  isAway = true;
  await askedAgain();
  assertNow(time.clock.now());
  isAway = false;
  set = 0;
  await askedAgain();
  assertNow(time.clock.now());
  assert.equal(told.length, 2, told.join('; '));
  assert.match(told[0] ?? '', /not the database's.*NTP/);
});

interface Plane {
  readonly process: ChildProcess;
  ask(method: string, path: string, body: unknown): Promise<number>;
}

async function startPlane(t: TestContext, store: string, aheadMs: number): Promise<Plane> {
  const directory = temporaryDirectory();
  const ahead = `const now = Date.now; Date.now = () => now() + ${aheadMs};`;
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(ahead)}`,
    fileURLToPath(new URL('./main.ts', import.meta.url)),
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...withoutSpillway(process.env),
      ...{ SPILLWAY_DATA_DIR: directory.path, SPILLWAY_PORT: '0', SPILLWAY_ADMIN_TOKEN: ADMIN },
      ...{ SPILLWAY_STORE_URL: store, SPILLWAY_LOG_LEVEL: 'fatal', SPILLWAY_ANNOUNCE: '1' },
    },
  });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
    directory.remove();
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url } = JSON.parse(line) as { readonly url: string };
  return {
    process: child,
    async ask(method, path, body) {
      const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
      const response = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
      await response.arrayBuffer();
      return response.status;
    },
  };
}

test('control planes whose clocks are five minutes apart take nothing from one another, and leave nothing locked behind', {
  skip,
}, async (t) => {
  const store = await postgres.database();
  const [right, wrong] = await Promise.all([startPlane(t, store, 0), startPlane(t, store, OFF_MS)]);
  const prerequisites = [{ flag: 'base', variants: ['on'] }];
  const make = (plane: Plane, key: string) =>
    plane.ask('POST', '/api/v1/feature-flags', { key, environments: { development: { prerequisites } } });
  assert.equal(await right.ask('POST', '/api/v1/feature-flags', { key: 'base' }), 201);
  const statuses = await Promise.all(
    [right, wrong].flatMap((plane, place) =>
      Array.from({ length: 20 }, (_, index) => make(plane, `flag-${place}-${index}`)),
    ),
  );
  assert.deepEqual(new Set(statuses), new Set([201]));
  // Killed amid changes that rest on others, mostly with the lease in its hands.
  const cut = Array.from({ length: 20 }, (_, index) => make(wrong, `cut-${index}`).catch(() => undefined));
  await Promise.race(cut);
  wrong.process.kill('SIGKILL');
  await Promise.all(cut);
  assert.equal(await make(right, 'after'), 201);
});
