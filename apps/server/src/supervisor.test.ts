import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '@spillway/control';
import type { VersionSpec } from '@spillway/core';
import type { ChannelAddress } from '@spillway/private-channel';
import { processTarget } from '@spillway/targets';

const TOKEN = 'a-token-for-this-test-only';
const APP = `
const http = require('node:http');
const server = http.createServer((request, response) => {
  if (request.url === '/slow') setTimeout(() => response.end('finished'), 500);
  else response.end(String(process.pid));
});
server.listen(Number(process.env.PORT), '127.0.0.1');
setInterval(() => console.log('still here'), 20);
process.on('SIGTERM', () => { server.close(() => process.exit(0)); setInterval(() => server.closeIdleConnections(), 20); });
`;

interface Running {
  readonly child: ChildProcess;
  readonly target: Target;
  readonly adopted: number;
}

describe('given the supervisor as a process', () => {
  let directory: string;
  let running: Running;
  let spec: VersionSpec;

  async function start(...args: string[]): Promise<Running> {
    const entry = join(import.meta.dirname, 'supervisor.ts');
    const child = spawn(process.execPath, [entry, '--state-dir', directory, ...args], {
      env: { ...process.env, SPILLWAY_SUPERVISOR_ADMIN_TOKEN: TOKEN },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(child.stdout);
    for await (const line of createInterface({ input: child.stdout })) {
      const { admin, adopted } = JSON.parse(line) as { admin: ChannelAddress; adopted: number };
      return { child, adopted, target: processTarget({ address: admin, token: TOKEN }) };
    }
    throw new Error('The supervisor said nothing.');
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const exited = new Promise<number | null>((resolve) => running.child.once('exit', resolve));
    running.child.kill(signal);
    return exited;
  }

  async function healthy(): Promise<{ url: string; pid: number }> {
    const deadline = performance.now() + 8_000;
    while (performance.now() < deadline) {
      const [instance] = await running.target.observe('production/app');
      if (instance?.state === 'healthy') return { url: instance.url, pid: await pidAt(instance.url) };
      await sleep(20);
    }
    throw new Error(`Not healthy: ${JSON.stringify(await running.target.observe('production/app'))}`);
  }

  const pidAt = async (url: string) => Number(await (await fetch(url)).text());

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spillway-supervisor-process-'));
    await writeFile(join(directory, 'app.cjs'), APP);
    spec = {
      name: 'v1',
      command: ['node', 'app.cjs'],
      directory,
      env: {},
      instances: 1,
      health: { path: '/', interval_ms: 100, timeout_ms: 1_000, start_timeout_ms: 5_000 },
      grace_ms: 3_000,
    };
    running = await start();
  });

  after(async () => {
    if (running.child.exitCode === null && running.child.signalCode === null) await end('SIGTERM');
    await rm(directory, { recursive: true, force: true });
  });

  test('apps survive its SIGKILL, go on writing, and are taken up with the same pid and port', async () => {
    await running.target.run('production/app', spec);
    const before = await healthy();
    await end('SIGKILL');
    await sleep(200);
    assert.equal(await pidAt(before.url), before.pid);
    running = await start();
    assert.equal(running.adopted, 1);
    assert.deepEqual(await healthy(), before);
  });

  test('with --leave-running, and on SIGHUP, apps go on without it', async () => {
    const before = await healthy();
    assert.equal(await end('SIGHUP'), 0);
    assert.equal(await pidAt(before.url), before.pid);
    running = await start('--leave-running');
    assert.deepEqual(await healthy(), before);
    assert.equal(await end('SIGTERM'), 0);
    assert.equal(await pidAt(before.url), before.pid);
    running = await start();
    assert.deepEqual(await healthy(), before);
  });

  test('SIGTERM ends the apps after the requests under way; the next start runs what was wanted again', async () => {
    const { url } = await healthy();
    const slow = fetch(`${url}/slow`).then((response) => response.text());
    await sleep(100);
    assert.equal(await end('SIGTERM'), 0);
    assert.equal(await slow, 'finished');
    await assert.rejects(fetch(url));
    running = await start();
    assert.equal(running.adopted, 0);
    assert.equal((await healthy()).url, url);
  });

  test('the same signal twice ends even an app that does not want to, at once', async () => {
    const stubborn = [
      'node',
      '-e',
      `${APP.replace("process.on('SIGTERM', () => {", "process.on('SIGTERM', () => { return;")}`,
    ];
    await running.target.stop('production/app', 'v1');
    await running.target.run('production/app', { ...spec, name: 'v2', command: stubborn, grace_ms: 60_000 });
    const deadline = performance.now() + 8_000;
    const isUp = async () => (await running.target.observe('production/app')).some(({ state }) => state === 'healthy');
    while (!(await isUp()) && performance.now() < deadline) await sleep(20);
    const asked = performance.now();
    const exited = end('SIGTERM');
    await sleep(300);
    running.child.kill('SIGTERM');
    assert.equal(await exited, 0);
    assert.ok(performance.now() - asked < 5_000);
    running = await start();
    await running.target.stop('production/app', 'v2');
  });

  test('without a token it does not start, and says what to do', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.ts'), '--state-dir', directory], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.equal(code, 1);
    assert.match(said, /SPILLWAY_SUPERVISOR_ADMIN_TOKEN is missing/);
  });
});
