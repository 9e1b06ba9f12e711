import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { exchangeRaw, routeOfTwo, sharedStateDirectory, startGatewayProcess } from '../testing/index.ts';

test('after a kill -9 the gateway serves with its last routes, under a new epoch', async (context) => {
  const stateDirectory = await sharedStateDirectory(context);
  const first = await startGatewayProcess({ stateDirectory });
  await first.admin.putRoute(routeOfTwo(25_000));
  await first.stop('SIGKILL');
  const second = await startGatewayProcess({ stateDirectory });
  assert.deepEqual(await second.admin.route('test/app'), routeOfTwo(25_000));
  assert.match(
    await exchangeRaw(second.port, 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'),
    /^HTTP\/1\.1 503 /,
    'it is routed',
  );
  assert.notEqual(second.epoch, first.epoch);
  await second.stop();
});

test('a route file that is not valid is kept aside with a clear message, and the gateway starts', async (context) => {
  for (const content of ['{ "half": ', '{"format":9,"routes":[]}', '{"format":1,"routes":[{"service":"x"}]}', '']) {
    const stateDirectory = await sharedStateDirectory(context);
    await writeFile(join(stateDirectory, 'gateway-routes.json'), content);
    const gateway = await startGatewayProcess({ stateDirectory });
    assert.match(
      gateway.stderr(),
      /is not a valid route file: .* It is kept as .*corrupt-\d+\. Starting without routes/,
    );
    const kept = (await readdir(stateDirectory)).find((name) => name.includes('corrupt'));
    assert.equal(await readFile(join(stateDirectory, kept ?? ''), 'utf8'), content);
    await gateway.admin.putRoute(routeOfTwo(10_000));
    await gateway.stop('SIGKILL');
    const again = await startGatewayProcess({ stateDirectory });
    assert.equal((await again.admin.routes()).length, 1);
    await again.stop();
  }
});
