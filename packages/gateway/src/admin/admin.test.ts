import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  exchangeRaw,
  routeOfTwo,
  sharedStateDirectory,
  startGatewayProcess,
  TEST_ADMIN_TOKEN,
} from '../testing/index.ts';

test('the admin API refuses strangers and routes that make no sense, naming the field', async () => {
  const gateway = await startGatewayProcess();
  const { adminAddress } = gateway;
  assert.ok(adminAddress.is === 'loopback');
  const call = (method: string, path: string, body?: string, token = TEST_ADMIN_TOKEN) =>
    fetch(`http://127.0.0.1:${adminAddress.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
  for (const path of ['/health', '/routes', '/metrics'])
    assert.equal((await call('GET', path, undefined, 'wrong')).status, 401);
  assert.match(
    await exchangeRaw(gateway.port, 'GET /metrics HTTP/1.1\r\nHost: a.test\r\n\r\n'),
    /^HTTP\/1\.1 404 /,
    'not on the public side',
  );
  const valid = routeOfTwo(1_000);
  const wrong: readonly (readonly [string, unknown])[] = [
    ['versions', { ...valid, versions: [{ version: 'v1', share: 99_999, urls: ['http://127.0.0.1:1'] }] }],
    ['versions', { ...valid, versions: [] }],
    ['versions.0.urls', { ...valid, versions: [{ version: 'v1', share: 100_000, urls: [] }] }],
    ['versions.0.urls.0', { ...valid, versions: [{ version: 'v1', share: 100_000, urls: ['ftp://x'] }] }],
    ['versions.0.share', { ...valid, versions: [{ version: 'v1', share: 1.5, urls: ['http://127.0.0.1:1'] }] }],
    [
      'versions',
      {
        ...valid,
        versions: [
          { version: 'v1', share: 50_000, urls: ['http://127.0.0.1:1'] },
          { version: 'v1', share: 50_000, urls: ['http://127.0.0.1:1'] },
        ],
      },
    ],
    ['path_prefix', { ...valid, path_prefix: 'shop' }],
    ['sticky.cookie', { ...valid, sticky: { cookie: 'a b' } }],
    ['extra', { ...valid, extra: 1 }],
    ['service', { ...valid, service: 'other/name' }],
    ['hostname', { ...valid, hostname: 'http://x' }],
  ];
  for (const [field, body] of wrong) {
    const answer = await call('PUT', '/routes/test%2Fapp', JSON.stringify(body));
    assert.equal(answer.status, 400, field);
    assert.equal(((await answer.json()) as { field: string }).field, field);
  }
  assert.equal((await call('PUT', '/routes/test%2Fapp', '{')).status, 400);
  assert.equal((await call('PUT', '/routes/test%2Fapp', 'x'.repeat(1_048_577))).status, 413);
  assert.equal((await call('PUT', '/routes/test%2Fapp', JSON.stringify(valid))).status, 200);
  const rival = await call('PUT', '/routes/test%2Frival', JSON.stringify({ ...valid, service: 'test/rival' }));
  assert.equal(rival.status, 409);
  assert.match(((await rival.json()) as { message: string }).message, /test\/app/);
  assert.equal((await call('DELETE', '/routes/test%2Fapp')).status, 204);
  assert.equal((await call('DELETE', '/routes/test%2Fapp')).status, 204);
  assert.equal((await call('GET', '/routes/test%2Fapp')).status, 404);
  await gateway.stop();
});

test('the admin API on a Unix socket is for its owner alone, and a socket left by a killed gateway is taken over', async (context) => {
  const directory = await sharedStateDirectory(context);
  const args = ['--admin-socket', join(directory, 'admin.sock')];
  const first = await startGatewayProcess({ args });
  assert.equal((await first.admin.health()).epoch, first.epoch);
  await assert.rejects(startGatewayProcess({ args }), /Another gateway is listening/);
  await first.stop('SIGKILL');
  const second = await startGatewayProcess({ args });
  assert.equal((await second.admin.health()).status, 'ok');
  await second.stop();
});
