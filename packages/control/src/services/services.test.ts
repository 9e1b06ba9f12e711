import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, byAdmin, createTestLog, refused, startControl } from '../../testing/start-control.ts';

const at = (path_prefix: string, hostname?: string) => ({
  path_prefix,
  sticky: { cookie: 'visitor' },
  ...(hostname === undefined ? {} : { hostname }),
});

test('a service is put, changed and listed; a bad address is refused by field', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const put = control.services.put;
  assert.equal(accepted(await put(byAdmin(), 'production', 'shop', at('/'))).version, 1);
  const changed = accepted(await put(byAdmin(), 'production', 'shop', at('/shop/', 'Shop.Example.com')));
  assert.deepEqual([changed.path_prefix, changed.hostname, changed.version], ['/shop', 'shop.example.com', 2]);
  assert.deepEqual(accepted(await control.services.get(byAdmin(), 'production', 'shop')), changed);
  refused(await put(byAdmin({ expected_version: 1 }), 'production', 'shop', at('/')), 'stale');
  refused(await put(byAdmin(), 'prod', 'shop', at('/')), 'not_found');
  refused(await put(byAdmin(), 'production', 'shop', at('/', 'http://shop')), 'invalid', '/hostname');
  for (const prefix of ['shop', '/a/../b', '/a//b', '/a?b', '/%2e%2e', '/a b']) {
    refused(await put(byAdmin(), 'production', 'shop', at(prefix)), 'invalid', '/path_prefix');
  }
  refused(
    await put(byAdmin(), 'production', 'shop', { path_prefix: '/', sticky: { cookie: 'a;b', header: 'x' } }),
    'invalid',
    '/sticky/cookie',
  );
  refused(await control.services.get(byAdmin(), 'production', 'gone'), 'not_found');
});

test('two services cannot have the same host and prefix, also when they are put at once', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const put = control.services.put;
  const answers = await Promise.all([
    put(byAdmin(), 'production', 'one', at('/')),
    put(byAdmin(), 'production', 'two', at('/')),
    put(byAdmin(), 'staging', 'one', at('/')),
    put(byAdmin(), 'staging', 'two', at('/', 'staging.example.com')),
  ]);
  assert.deepEqual(
    answers.map((answer) => (answer.ok ? 'ok' : answer.refusal.code)),
    ['ok', 'conflict', 'conflict', 'ok'],
  );
  accepted(await put(byAdmin(), 'production', 'one', at('/')));
});

test('a status opens while target and router are down', async (t) => {
  const log = createTestLog();
  const down = async () => {
    throw new Error('connection refused');
  };
  const control = await startControl({
    log,
    target: { run: down, stop: down, observe: down },
    router: { apply: down, observe: down },
  });
  t.after(() => control.stop());
  accepted(await control.services.put(byAdmin(), 'production', 'shop', at('/')));
  const status = accepted(await control.services.status(byAdmin(), 'production', 'shop'));
  assert.deepEqual(status, {
    key: 'shop',
    environment: 'production',
    desired_shares: null,
    actual_shares: null,
    instances: [],
    series: [],
  });
  assert.equal(log.lines.length, 2);
});
