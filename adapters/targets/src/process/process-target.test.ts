import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '@spillway/control';
import { targetContract, until, untilHealthy } from '../contract.ts';
import { identify, isAlive } from './instance/identity.ts';
import { processTarget } from './process-target.ts';
import { appSpec, get, type Opened, openSupervisor } from './testing/open.ts';

targetContract('process', async () => {
  const { target, close } = await openSupervisor();
  return { target, spec: appSpec, answers: async (url) => (await fetch(`${url}/pid`)).ok, close };
});

// Side by side: each has services of its own, and mostly waits.
describe('given a supervisor', { concurrency: 4 }, () => {
  let opened: Opened;
  before(async () => {
    opened = await openSupervisor();
  });
  after(() => opened.close());

  async function healthy(service: string, over: Parameters<typeof appSpec>[1] = {}): Promise<Instance> {
    await opened.target.run(service, appSpec('v1', over));
    const [instance] = await untilHealthy(opened.target, service, 'v1', 1);
    assert.ok(instance);
    return instance;
  }

  /** Waits for it to be told: under load a start may first have another one, such as that nothing listens yet. */
  async function tells(
    service: string,
    over: Parameters<typeof appSpec>[1],
    state: Instance['state'],
    problem: RegExp,
  ) {
    await opened.target.run(service, appSpec('v1', over));
    await until(opened.target, service, ([first]) => first?.state === state && problem.test(first.problem ?? ''));
    await opened.target.stop(service, 'v1');
  }

  test('an app gets a small environment: its own variables, its names, its port, and no secret of the supervisor', async () => {
    const instance = await healthy('production/env', { env: { COLOUR: 'amber', PORT: '1' } });
    const env = JSON.parse(await get(instance.url, '/env')) as Record<string, string>;
    assert.equal(env.COLOUR, 'amber');
    assert.equal(env.SPILLWAY_SERVICE, 'production/env');
    assert.equal(env.SPILLWAY_VERSION, 'v1');
    assert.equal(env.SPILLWAY_INSTANCE, instance.id);
    assert.equal(new URL(instance.url).port, env.PORT);
    const allowed =
      /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|SHELL|COLOUR|PORT|SPILLWAY_(SERVICE|VERSION|INSTANCE))$/;
    assert.deepEqual(
      Object.keys(env).filter((name) => !allowed.test(name)),
      [],
    );
  });

  test('a crashed app is started again after a back-off, in the same slot', async () => {
    const before = await healthy('production/crash');
    const pid = await get(before.url, '/pid');
    await assert.rejects(get(before.url, '/crash'));
    const [seen] = await until(opened.target, 'production/crash', ([first]) => first?.state === 'backing_off');
    assert.match(seen?.problem ?? '', /exited with code 3/);
    const [again] = await untilHealthy(opened.target, 'production/crash', 'v1', 1);
    assert.equal(again?.id, before.id);
    assert.equal(again?.url, before.url);
    assert.equal(again?.restarts, 1);
    assert.equal(again?.problem, undefined);
    assert.notEqual(await get(before.url, '/pid'), pid);
  });

  test('an app that ends at once is started less and less often, and says why', async () => {
    const started = performance.now();
    await opened.target.run('production/exit', appSpec('v1', { env: { MODE: 'exit' } }));
    // The state is told at once, what the app wrote as soon as it is read.
    const explained = ([first]: readonly Instance[]) =>
      first?.restarts === 3 && first.state === 'backing_off' && / after /.test(first.problem ?? '');
    const [seen] = await until(opened.target, 'production/exit', explained);
    // 250 + 500 + 1,000 ms, each a quarter less at least.
    assert.ok(performance.now() - started >= 1_300);
    assert.match(seen?.problem ?? '', /exited with code 7 after .* It wrote: Error: the settings are missing/);
    await opened.target.stop('production/exit', 'v1');
  });

  test('a command that does not exist, and a directory that does not, are told', async () => {
    const command = { command: ['no-such-program'] };
    await tells('production/no-command', command, 'backing_off', /Command not found: no-such-program/);
    const directory = { directory: '/no/such/place' };
    await tells('production/no-directory', directory, 'backing_off', /directory \/no\/such\/place does not exist/);
  });

  test('a wrong health path is told while it starts, and the start time ends it', async () => {
    const health = { path: '/wrong', interval_ms: 100, timeout_ms: 500, start_timeout_ms: 5_000 };
    await tells('production/path', { health }, 'starting', /\/wrong failed: it answered 404/);
    const short = { health: { ...health, start_timeout_ms: 800 } };
    await tells('production/path-late', short, 'backing_off', /Not healthy within 800 ms.*answered 404/);
  });

  test('a port that another program took is told, and is not called healthy', async () => {
    const instance = await healthy('production/port');
    const pid = Number(await get(instance.url, '/pid'));
    const thief = createServer((_, response) => response.end('ok'));
    const port = Number(new URL(instance.url).port);
    const stolen = new Promise<void>((resolve) => {
      const attempt = () => thief.listen(port, '127.0.0.1', resolve);
      thief.on('error', () => setTimeout(attempt, 5));
      process.kill(pid, 'SIGKILL');
      attempt();
    });
    await stolen;
    const [seen] = await until(opened.target, 'production/port', ([first]) => /taken/.test(first?.problem ?? ''));
    assert.equal(seen?.state, 'backing_off');
    assert.match(seen?.problem ?? '', new RegExp(`Port ${port} is taken by another program`));
    await new Promise((resolve) => thief.close(resolve));
    await untilHealthy(opened.target, 'production/port', 'v1', 1);
  });

  test('an app that fails its health checks three times is unhealthy, and still runs', async () => {
    const instance = await healthy('production/sick', { env: { MODE: 'sick' } });
    const [seen] = await until(opened.target, 'production/sick', ([first]) => first?.state === 'unhealthy');
    assert.match(seen?.problem ?? '', /answered 503/);
    assert.equal(seen?.restarts, 0);
    assert.ok(Number(await get(instance.url, '/pid')) > 0);
  });

  test('stop answers at once, and requests under way finish', async () => {
    const instance = await healthy('production/drain');
    let isFinished = false;
    const slow = get(instance.url, '/slow').finally(() => {
      isFinished = true;
    });
    await sleep(100);
    await opened.target.stop('production/drain', 'v1');
    assert.equal(isFinished, false);
    assert.deepEqual(
      (await opened.target.observe('production/drain')).map(({ state }) => state),
      ['stopping'],
    );
    assert.equal(await slow, 'finished');
    await until(opened.target, 'production/drain', (seen) => seen.length === 0);
  });

  test('an app that ignores SIGTERM is killed after the grace time', async () => {
    const instance = await healthy('production/stubborn', { env: { MODE: 'stubborn' }, grace_ms: 400 });
    const identity = identify(Number(await get(instance.url, '/pid')));
    assert.ok(identity);
    const asked = performance.now();
    await opened.target.stop('production/stubborn', 'v1');
    await until(opened.target, 'production/stubborn', (seen) => seen.length === 0);
    assert.ok(performance.now() - asked >= 390);
    assert.equal(isAlive(identity), false);
  });

  test('what an app started ends with it: when it is stopped, and when it crashes', async () => {
    for (const how of ['stop', 'crash'] as const) {
      const service = `production/group-${how}`;
      const instance = await healthy(service, { env: { MODE: 'parent' } });
      const child = identify(Number(await get(instance.url, '/child')));
      assert.ok(child && isAlive(child));
      if (how === 'stop') await opened.target.stop(service, 'v1');
      else await get(instance.url, '/crash').catch(() => undefined);
      const deadline = performance.now() + 5_000;
      while (isAlive(child) && performance.now() < deadline) await sleep(20);
      assert.equal(isAlive(child), false, how);
    }
  });

  test('a flood of log lines does not block the app, and all of it is kept while it is within the bound', async () => {
    const instance = await healthy('production/spam', { env: { MODE: 'spam' } });
    const log = await readFile(join(opened.directory, 'logs', `${instance.id}.log`), 'utf8');
    assert.equal(log.split('\n').filter((line) => /^\d+ x{80}$/.test(line)).length, 4_000);
  });

  test('a version whose program changed under the same name is refused, and what runs is left alone', async () => {
    const before = await healthy('production/same-name');
    await assert.rejects(
      opened.target.run('production/same-name', appSpec('v1', { env: { OTHER: '1' } })),
      /name: v1 of production\/same-name already runs with another command, directory or env/,
    );
    await opened.target.run('production/same-name', appSpec('v1', { grace_ms: 1_000 }));
    assert.deepEqual(
      (await opened.target.observe('production/same-name')).map(({ id, state }) => ({ id, state })),
      [{ id: before.id, state: 'healthy' }],
    );
  });

  test('CPU and memory of an instance are measured', async () => {
    const instance = await healthy('production/usage');
    await get(instance.url, '/burn');
    const [busy] = await until(opened.target, 'production/usage', ([first]) => (first?.cpu_usage ?? 0) > 0.2);
    assert.ok((busy?.cpu_usage ?? 9) < 4);
    const memory = busy?.memory_usage ?? 0;
    assert.ok(memory > 0 && memory < 0.5, String(memory));
    await opened.target.stop('production/usage', 'v1');
  });

  test('bad input is refused with the name of the field', async () => {
    const bad = (over: Parameters<typeof appSpec>[1]) => opened.target.run('production/bad', appSpec('v1', over));
    await assert.rejects(bad({ command: [] }), /command: must be a list/);
    await assert.rejects(bad({ command: ['a\0b'] }), /command\[0\]: must be text/);
    await assert.rejects(bad({ instances: 0.5 }), /instances: must be a whole number/);
    await assert.rejects(bad({ env: { 'A=B': 'x' } }), /env: has a name/);
    await assert.rejects(opened.target.run('../x', appSpec('v1')), /service: must be environment\/key/);
    await assert.rejects(opened.target.run('production/bad', appSpec('..')), /version: must be a version name/);
    const stranger = processTarget({ address: opened.supervisor.admin, token: 'wrong' });
    await assert.rejects(stranger.observe('production/bad'), /token is missing or wrong/);
  });

  test('a second supervisor on the same directory is refused', async () => {
    await assert.rejects(openSupervisor(opened.directory), /Another supervisor/);
  });
});
