import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until, untilHealthy } from '../contract.ts';
import { logFile } from './instance/log-file.ts';
import { appSpec, get, openSupervisor } from './testing/open.ts';

test('a supervisor that comes back takes up running apps with the same pid and port', async (context) => {
  const first = await openSupervisor(undefined, context);
  await first.target.run('production/shop', appSpec('v1', { instances: 2 }));
  const before = await untilHealthy(first.target, 'production/shop', 'v1', 2);
  const pids = await Promise.all(before.map(({ url }) => get(url, '/pid')));
  await first.leave();

  const second = await openSupervisor(first.directory, context);
  assert.equal(second.supervisor.adopted, 2);
  const after = await untilHealthy(second.target, 'production/shop', 'v1', 2);
  assert.deepEqual(after.map(({ id, url }) => [id, url]).sort(), before.map(({ id, url }) => [id, url]).sort());
  assert.deepEqual(await Promise.all(before.map(({ url }) => get(url, '/pid'))), pids);

  await get(before[0]?.url ?? '', '/crash').catch(() => undefined);
  await until(second.target, 'production/shop', (seen) => seen.some(({ restarts }) => restarts === 1));
  await untilHealthy(second.target, 'production/shop', 'v1', 2);
  await second.close();
});

test('an app that was draining when its supervisor went is let finish, and gets no second SIGTERM', async (context) => {
  const first = await openSupervisor(undefined, context);
  await first.target.run('production/shop', appSpec('v1', { env: { MODE: 'one-warning' } }));
  const [instance] = await untilHealthy(first.target, 'production/shop', 'v1', 1);
  const slow = get(instance?.url ?? '', '/slow');
  await sleep(100);
  await first.target.stop('production/shop', 'v1');
  await sleep(100);
  await first.leave();

  const second = await openSupervisor(first.directory, context);
  assert.deepEqual(
    (await second.target.observe('production/shop')).map(({ id, state }) => ({ id, state })),
    [{ id: instance?.id, state: 'stopping' }],
  );
  assert.equal(await slow, 'finished');
  await until(second.target, 'production/shop', (seen) => seen.length === 0);
  await second.close();
});

test('an app whose number was not noted in time is found by its environment; a stranger under a noted number is left alone', async (context) => {
  const first = await openSupervisor(undefined, context);
  await first.target.run('production/shop', appSpec('v1'));
  const [before] = await untilHealthy(first.target, 'production/shop', 'v1', 1);
  assert.ok(before);
  const pid = await get(before.url, '/pid');
  await first.leave();
  const note = join(first.directory, 'instances', `${before.id}.json`);
  const content = await readFile(note, 'utf8');

  await rm(note);
  const second = await openSupervisor(first.directory, context);
  assert.equal(second.supervisor.adopted, 1);
  await second.leave();

  // The same number, born at another time: somebody else's.
  await writeFile(note, content.replace(/"born":"[^"]+"/, '"born":"another"'));
  const third = await openSupervisor(first.directory, context);
  assert.equal(third.supervisor.adopted, 0);
  await until(third.target, 'production/shop', ([one]) => /taken by another program/.test(one?.problem ?? ''));
  assert.equal(await get(before.url, '/pid'), pid);
  process.kill(Number(pid), 'SIGKILL');
  await untilHealthy(third.target, 'production/shop', 'v1', 1);
  await third.close();
});

test('a state file that is damaged is moved aside and the supervisor starts with nothing wanted', async (context) => {
  const first = await openSupervisor(undefined, context);
  await first.leave();
  await writeFile(join(first.directory, 'supervisor-state.json'), '{"format":1,"versions":[{}],"slots":[]}');
  const second = await openSupervisor(first.directory, context);
  assert.deepEqual(await second.target.observe('production/shop'), []);
  assert.ok((await readdir(first.directory)).some((name) => name.startsWith('supervisor-state.json.corrupt-')));
  await second.close();
});

test('a log over its bound is moved to a second file and starts anew', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-log-'));
  const path = join(directory, 'app.log');
  await writeFile(path, `${'a'.repeat(90)}\n${'b'.repeat(50)}\n`);
  const log = logFile(path, 100);
  await log.rotate();
  assert.equal((await stat(path)).size, 0);
  const kept = await readFile(`${path}.1`, 'utf8');
  assert.equal(kept.length, 100);
  assert.ok(kept.endsWith(`${'b'.repeat(50)}\n`));
  await rm(directory, { recursive: true });
});
