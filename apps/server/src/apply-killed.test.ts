import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { postgresForTests } from '@spillway/tests/postgres';
import { temporaryDirectory, withoutSpillway } from './start-testing.ts';

const ADMIN = 'apply-killed-admin-token-0123456789';
const FLAGS = 1_500;
const postgres = await postgresForTests();
/** Of the time that an application takes when nobody ends it. */
const KILLED_AFTER = [0.3, 0.6, 0.8, 0.95] as const;

interface Server {
  readonly process: ChildProcess;
  ask(method: string, path: string, body?: unknown, once?: string): Promise<Record<string, unknown>>;
}

/** `store`: PostgreSQL's address; without it, SQLite in the data directory. */
async function start(data: string, store?: string): Promise<Server> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...withoutSpillway(process.env),
      ...{ SPILLWAY_DATA_DIR: data, SPILLWAY_PORT: '0', SPILLWAY_ADMIN_TOKEN: ADMIN },
      ...{ SPILLWAY_LOG_LEVEL: 'fatal', SPILLWAY_ANNOUNCE: '1', SPILLWAY_LEASE_HOLDER: 'the-only-one' },
      ...(store === undefined ? {} : { SPILLWAY_STORE_URL: store }),
    },
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url } = JSON.parse(line) as { readonly url: string };
  return {
    process: child,
    async ask(method, path, body, idempotency) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...{ authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
          ...(idempotency === undefined ? {} : { 'idempotency-key': idempotency }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      assert.equal(response.status, 200, text.slice(0, 300));
      return JSON.parse(text) as Record<string, unknown>;
    },
  };
}

async function end(server: Server, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const exit = once(server.process, 'exit');
  server.process.kill(signal);
  await exit;
}

function definitionsOf(round: number) {
  const flag = { description: `round ${round}`, environments: { production: { enabled: true, percentage: round } } };
  return { flags: Object.fromEntries(Array.from({ length: FLAGS }, (_, index) => [`flag-${index}`, flag])) };
}

async function planned(server: Server, round: number) {
  const definitions = definitionsOf(round);
  const { fingerprint } = await server.ask('POST', '/api/v1/definitions/plan', { definitions });
  return { definitions, fingerprint, reason: 'test' };
}

/** How many flags are as each round made them. */
async function counted(server: Server): Promise<Readonly<Record<string, number>>> {
  const { flags } = await server.ask('GET', '/api/v1/definitions');
  const counts: Record<string, number> = {};
  for (const { description } of Object.values(flags as Record<string, { readonly description: string }>)) {
    counts[description] = (counts[description] ?? 0) + 1;
  }
  return counts;
}

test('F16: killed in the middle of an application, all of it is there or nothing, and repeating it is safe', async (t) => {
  await killInTheMiddle(t, KILLED_AFTER);
});

test('F16: the same on PostgreSQL', {
  skip: postgres.skip,
}, async (t) => {
  await killInTheMiddle(t, KILLED_AFTER.slice(1), await postgres.database());
});

async function killInTheMiddle(t: TestContext, killedAfter: readonly number[], store?: string): Promise<void> {
  const directory = temporaryDirectory();
  t.after(() => directory.remove());
  let server = await start(directory.path, store);
  t.after(() => end(server, 'SIGTERM'));
  const apply = async (order: object, key: string) => server.ask('POST', '/api/v1/definitions/apply', order, key);
  const first = await planned(server, 0);
  const started = performance.now();
  await apply(first, 'round-0');
  const took = performance.now() - started;
  let entries: number | undefined;
  for (const [index, part] of killedAfter.entries()) {
    const round = index + 1;
    const order = await planned(server, round);
    const answer = apply(order, `round-${round}`).then(
      () => 'answered' as const,
      () => 'cut' as const,
    );
    await sleep(took * part);
    await end(server, 'SIGKILL');
    server = await start(directory.path, store);
    const counts = await counted(server);
    const isThere = `round ${round}` in counts;
    assert.deepEqual(counts, { [`round ${isThere ? round : round - 1}`]: FLAGS });
    if ((await answer) === 'answered') assert.ok(isThere, 'what was confirmed is there');
    t.diagnostic(`killed after ${Math.round(took * part)} ms: ${isThere ? 'all of it' : 'nothing'}`);
    await apply(order, `round-${round}`);
    assert.deepEqual(await counted(server), { [`round ${round}`]: FLAGS });
    const verified = await server.ask('POST', '/api/v1/audit/verify');
    assert.equal(verified.is, 'intact');
    // Whether the killed one had been made or not, there is one entry for each flag.
    if (entries !== undefined) assert.equal(verified.entries, entries + FLAGS);
    entries = Number(verified.entries);
  }
}
