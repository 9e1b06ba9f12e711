import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createClient } from '@spillway/contract/client';
import {
  collect,
  eventually,
  isRunning,
  spawnBareLauncher,
  spawnLauncher,
  spawnLauncherWith,
  startSpillway,
  temporaryDirectory,
} from './start-testing.ts';

/** Busy machines are slow; what is promised is 2 s, and the figure is printed. */
const LOOSE_READY_MS = 5_000;
const MAX_LINES = 12;

const directory = temporaryDirectory();
after(() => directory.remove());
const dataOf = (name: string) => join(directory.path, name);

interface ClientFile {
  readonly url: string;
  readonly token: string;
  readonly gateway_url: string;
}
const clientFile = (data: string) => JSON.parse(readFileSync(join(data, 'client.json'), 'utf8')) as ClientFile;

test('a first start says in at most 12 lines where everything is, and its command works as printed', async (t) => {
  const launcher = spawnLauncher(dataOf('first'));
  const said = collect(launcher);
  const started = performance.now();
  try {
    await eventually('a greeting', () => said().includes('Ctrl-C'));
    t.diagnostic(`greeting after ${Math.round(performance.now() - started)} ms`);
    const lines = said().trimEnd().split('\n');
    assert.ok(lines.length <= MAX_LINES, said());
    assert.match(said(), /http:\/\/127\.0\.0\.1:\d+\/sign-in#code=[\w-]{40,}/);
    const at = lines.findIndex((line) => line.includes('curl'));
    // Done as the line says, without needing curl on the machine that runs this.
    const [, url = '', headers = '', body = ''] = /curl -s (\S+) (.*) -d '(.*)'$/.exec(lines[at] ?? '') ?? [];
    const named = [...headers.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [name, value]);
    const answer = await fetch(url, { method: 'POST', headers: Object.fromEntries(named), body });
    const printed = await answer.text();
    assert.equal(`  → ${printed}`, lines[at + 1]);
    assert.match(printed, /"value":true/);
  } finally {
    const exit = once(launcher, 'exit');
    launcher.kill('SIGINT');
    assert.deepEqual(await exit, [0, null]);
  }
});

test('it is ready fast, again too, and keeps what it knows from others', async (t) => {
  const data = dataOf('fast');
  for (const which of ['first', 'second']) {
    const spillway = await startSpillway(data);
    t.diagnostic(`${which} start ready after ${spillway.ready_ms} ms`);
    assert.ok(spillway.ready_ms < LOOSE_READY_MS, `${spillway.ready_ms} ms`);
    assert.match(spillway.sample?.output ?? '', /welcome-banner/);
    assert.equal(await spillway.stop(), 0);
    for (const pid of Object.values(spillway.pids)) assert.equal(isRunning(pid), false);
  }
  const mode = (name: string) => (statSync(join(data, name)).mode & 0o777).toString(8);
  assert.equal(mode('.'), '700');
  for (const name of ['secrets.json', 'client.json', 'spillway.log', 'spillway.db'])
    assert.equal(mode(name), '600', name);
});

test('the sign-in link works once', async () => {
  const spillway = await startSpillway(dataOf('sign-in'));
  try {
    const code = new URL(spillway.sign_in_url).hash.replace('#code=', '');
    const signIn = () =>
      fetch(`${spillway.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      });
    const first = await signIn();
    assert.equal(first.status, 200);
    const cookie = String(first.headers.get('set-cookie')).split(';')[0] ?? '';
    assert.equal((await fetch(`${spillway.url}/api/v1/feature-flags`, { headers: { cookie } })).status, 200);
    assert.equal((await signIn()).status, 401);
  } finally {
    await spillway.stop();
  }
});

test('a killed control plane comes back at the same address with everything it acknowledged', async (t) => {
  const data = dataOf('killed');
  const spillway = await startSpillway(data);
  try {
    const client = createClient({ baseUrl: spillway.url, token: clientFile(data).token });
    const made = await client.call('createFlag', { body: { key: 'kept', type: 'boolean' } });
    assert.ok(made.ok, JSON.stringify(made));
    process.kill(spillway.pids.control, 'SIGKILL');
    const killed = performance.now();
    await eventually('the control plane answers again', async () => {
      const answer = await client.call('getFlag', { params: { key: 'kept' } });
      return answer.ok && answer.value.version === made.value.version;
    });
    t.diagnostic(`answering again ${Math.round(performance.now() - killed)} ms after SIGKILL`);
    assert.ok(isRunning(spillway.pids.gateway), 'the gateway was left alone');
    const verified = await client.call('verifyChanges', {});
    assert.equal(verified.ok && verified.value.is, 'intact');
  } finally {
    assert.equal(await spillway.stop(), 0);
  }
});

test('when the launcher is killed its processes stop by themselves, and the next start takes over', async () => {
  const data = dataOf('orphans');
  const spillway = await startSpillway(data);
  const gone = once(spillway.launcher, 'exit');
  spillway.launcher.kill('SIGKILL');
  await gone;
  const next = await startSpillway(data);
  try {
    await eventually('all earlier processes are gone', () =>
      Object.values(spillway.pids).every((pid) => !isRunning(pid)),
    );
    assert.equal((await fetch(`${next.url}/readyz`)).status, 200);
  } finally {
    assert.equal(await next.stop(), 0);
  }
});

test('a second start on the same directory, and a port that is taken, are refused with the remedy', async () => {
  const data = dataOf('busy');
  const spillway = await startSpillway(data);
  try {
    const second = spawnLauncher(data);
    const said = collect(second);
    assert.deepEqual(await once(second, 'exit'), [1, null]);
    assert.match(said(), /Another Spillway \(process \d+\) works on .*--data/s);
    assert.equal((await fetch(`${spillway.url}/healthz`)).status, 200);
  } finally {
    await spillway.stop();
  }
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const third = spawnLauncher(dataOf('taken'), '--port', String(port));
    const said = collect(third);
    assert.deepEqual(await once(third, 'exit'), [1, null]);
    assert.match(said(), new RegExp(`Port ${port} is in use by another program.*--port`));
  } finally {
    taken.close();
  }
});

test('an address that is not of this machine, or none, is refused before anything is listened at', async () => {
  for (const [address, says] of [
    ['192.0.2.1', /192\.0\.2\.1 is no address of this machine \(EADDRNOTAVAIL\)\. Name another with --host/],
    ['', /--host must be an address of this machine; leave it out for 127\.0\.0\.1/],
  ] as const) {
    const launcher = spawnLauncher(dataOf('address'), '--host', address, '--gateway-port', '4999');
    const said = collect(launcher);
    assert.deepEqual(await once(launcher, 'exit'), [1, null]);
    assert.match(said(), says);
  }
});

test('a variable that cannot be used is named once, at once, and nothing is left running', async () => {
  const launcher = spawnLauncherWith({ SPILLWAY_LOG_LEVEL: 'loud' }, dataOf('config'));
  const said = collect(launcher);
  assert.deepEqual(await once(launcher, 'exit'), [1, null]);
  assert.equal(said().match(/SPILLWAY_LOG_LEVEL must be one of/g)?.length, 1, said());
});

test('address, ports and directory can come from the environment, where an option goes first', async () => {
  const variables = {
    SPILLWAY_HOST: '127.0.0.1',
    SPILLWAY_PORT: '0',
    SPILLWAY_GATEWAY_PORT: '0',
    SPILLWAY_DATA_DIR: dataOf('variables'),
  };
  const launcher = spawnBareLauncher(variables);
  const said = collect(launcher);
  await eventually('a greeting', () => said().includes('Ctrl-C'));
  const { url, gateway_url } = clientFile(dataOf('variables'));
  for (const address of [url, gateway_url]) assert.ok(!['4600', '4680'].includes(new URL(address).port), address);
  const exit = once(launcher, 'exit');
  launcher.kill('SIGINT');
  assert.deepEqual(await exit, [0, null]);

  const wrong = spawnBareLauncher({ ...variables, SPILLWAY_PORT: 'http' });
  const complaint = collect(wrong);
  assert.deepEqual(await once(wrong, 'exit'), [1, null]);
  assert.match(complaint(), /SPILLWAY_PORT must be a port number from 0 to 65535, not "http"/);
});
