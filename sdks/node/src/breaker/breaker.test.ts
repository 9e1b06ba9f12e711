import assert from 'node:assert/strict';
import { createServer, get } from 'node:http';
import { test } from 'node:test';
import { type BreakerChange, CircuitOpenError, createBreaker } from './breaker.ts';

const fail = () => Promise.reject(new Error('down'));

test('K5: a service that is down is left alone, and called again when it is back', async () => {
  const server = createServer((_, response) => response.writeHead(up ? 200 : 503).end());
  let up = false;
  let asked = 0;
  let now = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      asked += 1;
      get({ port: address.port, agent: false }, ({ statusCode = 0 }) =>
        statusCode === 200 ? resolve(statusCode) : reject(new Error(`it said ${statusCode}`)),
      ).on('error', reject);
    });
  const breaker = createBreaker({ name: 'stock', now: () => now });
  const changes: BreakerChange[] = [];
  breaker.on('change', (change) => changes.push(change));
  for (let count = 0; count < 5; count += 1) await assert.rejects(breaker.run(ask), /it said 503/);
  assert.equal(await breaker.run(ask, () => -1), -1);
  await assert.rejects(breaker.run(ask), (error) => error instanceof CircuitOpenError && error.retryAfterMs === 60_000);
  now = 0.5;
  await assert.rejects(breaker.run(ask), (error) => error instanceof CircuitOpenError && error.retryAfterMs === 60_000);
  assert.equal(asked, 5, 'nobody asked while it was open');
  up = true;
  now = 60_000;
  for (let count = 0; count < 5; count += 1) assert.equal(await breaker.run(ask, () => -1), 200);
  assert.equal(breaker.state(), 'closed');
  assert.deepEqual(
    changes.map(({ to }) => to),
    ['open', 'half_open', 'closed'],
  );
  server.close();
});

test('K5: a flag forces it open, and letting go gives back the state there was', async () => {
  let stopped = false;
  const breaker = createBreaker({ failures: 2, forcedOpen: () => stopped });
  await assert.rejects(breaker.run(fail), /down/);
  stopped = true;
  await assert.rejects(breaker.run(fail), /forced open/);
  assert.equal(breaker.state(), 'forced_open');
  stopped = false;
  assert.equal(breaker.state(), 'closed');
  await assert.rejects(breaker.run(fail), /down/);
  assert.equal(breaker.state(), 'open', 'the failure from before still counts');
});

test('K5: a call that throws at once counts, and a listener that throws changes nothing', async (t) => {
  t.mock.method(console, 'warn', () => undefined);
  const breaker = createBreaker({ failures: 1 });
  breaker.on('change', () => {
    throw new Error('listener');
  });
  const thrown = breaker.run(() => {
    throw new Error('at once');
  });
  await assert.rejects(thrown, /at once/);
  assert.equal(breaker.state(), 'open');
});

test('K5: a limit that makes no sense is refused with its name', () => {
  assert.throws(() => createBreaker({ trials: 0 }), /trials must be at least 1, not 0/);
  assert.throws(() => createBreaker({ openMs: Number.NaN }), /openMs/);
});
