import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { exchangeRaw, routeTo, startGatewayProcess } from '../testing/index.ts';

/** Nobody listens there: these tests look at routes, not at traffic. */
const one = { url: 'http://127.0.0.1:1' };
const two = { url: 'http://127.0.0.1:2' };

function split(shareOfTwo: number) {
  return routeTo([], {
    versions: [
      { version: 'v2', share: shareOfTwo, urls: [two.url] },
      { version: 'v1', share: 100_000 - shareOfTwo, urls: [one.url] },
    ],
  });
}

test('after a kill -9 the gateway serves with its last routes, under a new epoch', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'spillway-gateway-'));
  const first = await startGatewayProcess({ stateDirectory });
  await first.admin.putRoute(split(25_000));
  await first.stop('SIGKILL');
  const second = await startGatewayProcess({ stateDirectory });
  assert.deepEqual(await second.admin.route('test/app'), split(25_000));
  assert.match(
    await exchangeRaw(second.port, 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'),
    /^HTTP\/1\.1 503 /,
    'it is routed',
  );
  assert.notEqual(second.epoch, first.epoch);
  await second.stop();
});

test('a route file that is not valid is kept aside with a clear message, and the gateway starts', async () => {
  for (const content of ['{ "half": ', '{"format":9,"routes":[]}', '{"format":1,"routes":[{"service":"x"}]}', '']) {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'spillway-gateway-'));
    await writeFile(join(stateDirectory, 'gateway-routes.json'), content);
    const gateway = await startGatewayProcess({ stateDirectory });
    assert.match(
      gateway.stderr(),
      /is not a valid route file: .* It is kept as .*corrupt-\d+\. Starting without routes/,
    );
    const kept = (await readdir(stateDirectory)).find((name) => name.includes('corrupt'));
    assert.equal(await readFile(join(stateDirectory, kept ?? ''), 'utf8'), content);
    await gateway.admin.putRoute(split(10_000));
    await gateway.stop('SIGKILL');
    const again = await startGatewayProcess({ stateDirectory });
    assert.equal((await again.admin.routes()).length, 1);
    await again.stop();
  }
});
