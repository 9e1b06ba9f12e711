import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createWorld, type Json, type RunOptions, spillway, type World } from './world.ts';

let world: World;
let elsewhere: string;
before(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'spillway-nowhere-'));
  world = await createWorld();
});
after(async () => {
  await world.close();
  await rm(elsewhere, { recursive: true, force: true });
});

interface Expected {
  readonly code: number;
  readonly says: RegExp;
  readonly options?: RunOptions;
}

async function fails(command: string, { code, says, options }: Expected): Promise<void> {
  const ran = await world.run(command.split(' '), options);
  assert.deepEqual({ command, code: ran.code, stdout: ran.stdout }, { command, code, stdout: '' });
  assert.match(ran.stderr, says, command);
  assert.doesNotMatch(ran.stderr, /\n {4}at /, 'no stack traces');
}

test('a wrong command or option is named with its remedy, before any server is asked', async () => {
  const options = { cwd: elsewhere };
  await fails('flgs', {
    code: 2,
    says: /unknown command 'flgs'\n\(Did you mean flags\?\)\nSee `spillway --help`/,
    options,
  });
  await fails('flags lst', { code: 2, says: /Did you mean list\?/, options });
  await fails('flags list --serch x', { code: 2, says: /Did you mean --search\?/, options });
  await fails('flags create', {
    code: 2,
    says: /missing required argument 'key'\nSee `spillway flags create --help`/,
    options,
  });
  await fails('flags list --limit x', {
    code: 2,
    says: /--limit.*'x' is invalid\. It must be a whole number from 1 to 500/,
    options,
  });
  await fails('audit list --limit 0', { code: 2, says: /--limit/, options });
  await fails('rollout history a --limit 501', { code: 2, says: /--limit/, options });
  for (const share of ['abc', '-1', '101', '1e1', '10.0001', '', ' ']) {
    const ran = await spillway(['flags', 'set', 'a', '-e', 'staging', `--percentage=${share}`], options);
    assert.equal(ran.code, 2, share);
    assert.match(ran.stderr, /--percentage <number>.* is invalid\. It must be a number from 0 to 100/, share);
  }
  await fails('flags set a -e staging --if-version 0', { code: 2, says: /--if-version/, options });
  await fails('flags set a -e staging', { code: 2, says: /Say what to set/, options: { cwd: world.directory } });
  await fails('flags create a --type bool', { code: 2, says: /boolean, string, number, json/, options });
  await fails('tokens create a', { code: 2, says: /give it with -e/, options });
  await fails('tokens create a --kind client', { code: 2, says: /give it with -e/, options });
  await fails('tokens create a --kind root', { code: 2, says: /client, sdk, admin/, options });
  await fails('tokens create a --kind admin --expires-in-days soon', { code: 2, says: /--expires-in-days/, options });
  await fails('rollout get a --watch --timeout 5', { code: 2, says: /like 90s, 10m or 1h/, options });
  await fails('start --port 70000', { code: 2, says: /--port/, options });
  await fails('import gitlab flags.json --out x', { code: 2, says: /'gitlab' is invalid .* unleash/, options });
  for (const command of ['start', 'relay --upstream http://127.0.0.1:1']) {
    const ran = await spillway([...command.split(' '), '--host', ''], options);
    assert.deepEqual([ran.code, ran.stdout], [2, ''], command);
    assert.match(ran.stderr, /--host.* is invalid\. It must be an address/, command);
  }
  await fails('flags list --url nowhere', { code: 2, says: /--url.*like http:\/\//, options });
  await fails('kill a --global --feature b', { code: 2, says: /Give one of/ });
  await fails('flags references nowhere/ --flags .', { code: 2, says: /^nowhere\/ is no folder; check the path\.\n$/ });
  await fails('evaluate a -e staging -c [1', { code: 2, says: /--context must be a JSON object like/ });
});

test('where no server is known or reached, the way to one is told', async () => {
  await fails('flags list', {
    code: 2,
    says: /No Spillway server is known here\. Start one with/,
    options: { cwd: elsewhere },
  });
  await fails(`flags list --data ${elsewhere}`, { code: 2, says: /No Spillway server has been started with/ });
  const env = (variables: NodeJS.ProcessEnv) => ({ options: { cwd: elsewhere, env: variables } });
  await fails('flags list', { code: 4, says: /Set SPILLWAY_TOKEN/, ...env({ SPILLWAY_URL: world.url }) });
  await fails('flags list', { code: 2, says: /SPILLWAY_URL must be/, ...env({ SPILLWAY_URL: 'nowhere' }) });
  const wrong = { SPILLWAY_URL: world.url, SPILLWAY_TOKEN: 'wrong' };
  await fails('flags list', { code: 4, says: /unknown, expired or revoked.*SPILLWAY_TOKEN/, ...env(wrong) });
  const torn = { SPILLWAY_URL: world.url, SPILLWAY_TOKEN: 'two\nlines' };
  await fails('flags list', { code: 4, says: /^SPILLWAY_TOKEN must be plain characters/, ...env(torn) });
  const secret = { SPILLWAY_URL: world.url.replace('//', '//ann:hush@'), SPILLWAY_TOKEN: 'x' };
  await fails('flags list', {
    code: 2,
    says: /^SPILLWAY_URL must not hold a name or password; the token comes from SPILLWAY_TOKEN\.\n$/,
    ...env(secret),
  });
  await fails(`flags list --url ${world.url.replace('http', 'https')}`, {
    code: 10,
    says: /^Cannot reach https:.*: no TLS is spoken there \(ERR_SSL_\w+\)\. Is it running\?\n$/,
    ...env({ SPILLWAY_TOKEN: 'x' }),
  });
  const nobody = { SPILLWAY_URL: `http://127.0.0.1:${await freePort()}`, SPILLWAY_TOKEN: 'x' };
  await fails('flags list', { code: 10, says: /Cannot reach .*Is it running\?/, ...env(nobody) });
  const known = await spillway(
    ['flags', 'list'],
    env({ SPILLWAY_URL: world.url, SPILLWAY_TOKEN: world.token }).options,
  );
  assert.equal(known.code, 0, known.stderr);
});

test('a key of an application may evaluate and nothing else', async () => {
  const { secret } = await world.json(['tokens', 'create', 'app', '-e', 'staging']);
  const options = { env: { SPILLWAY_TOKEN: String(secret) } };
  await fails('flags list', { code: 4, says: /SDK key|admin token/, options });
  assert.equal((await world.run(['evaluate', '-e', 'staging'], options)).code, 0);
  await fails('evaluate -e production', { code: 4, says: /belongs to the environment staging/, options });
});

test('what the server refuses is told in the words of the command', async () => {
  await fails('flags get nope', { code: 3, says: /^There is no flag "nope"\./ });
  await fails('rollout get nope --watch', { code: 3, says: /^There is no rollout "nope"\./ });
  await fails('kill nope', {
    code: 3,
    says: /With --global, --service, --feature or --segment it is made and fired at once/,
  });
  await fails('flags get Zebra', { code: 5, says: /^`?<key>`? must be 1 to 128 of a-z/ });
  await fails('flags create Zebra', { code: 5, says: /^`\/key` must be 1 to 128 of a-z.*\n$/ });
  await fails('audit list --noun pets', { code: 5, says: /^--noun must be one of "flags", .*\n$/ });
  await fails('services put shop -e production --path shop', { code: 5, says: /^--path must start with a slash/ });
  assert.equal((await world.run(['flags', 'create', 'twice'])).code, 0);
  await fails('kill twice', { code: 3, says: /^twice is a flag.*: spillway kill twice --feature twice\n$/ });
  await fails('flags create twice', { code: 6, says: /twice/ });
  await fails('flags on twice -e production', { code: 5, says: /protected.*\n {2}--reason: must say why/ });
  assert.equal((await world.run(['flags', 'on', 'twice', '-e', 'staging'])).code, 0);
  await fails('flags set twice -e staging --percentage 5 --if-version 1', { code: 6, says: /is at version 2, not 1/ });
});

const PLAN = `key: v2
environment: production
stages:
  - key: shop
    service: shop
    version:
      name: v2
      command: node server.ts
    strategy:
      kind: canary
      steps:
        - { percentage: 110, bake_ms: 4 parsecs }
        - { percentage: 50 }
      retries: 3
`;

test('every mistake in a plan is named as file:line:column', async () => {
  await writeFile(join(world.directory, 'plan.yaml'), PLAN);
  const ran = await world.run(['rollout', 'apply', '-f', 'plan.yaml']);
  assert.equal(ran.code, 5);
  assert.deepEqual(ran.stderr.trimEnd().split('\n'), [
    'plan.yaml:8:16 /stages/0/version/command: must be a list, not a string',
    'plan.yaml:12:25 /stages/0/strategy/steps/0/percentage: must be at most 100',
    'plan.yaml:12:39 /stages/0/strategy/steps/0/bake_ms: must be like 500ms, 10s, 5m or 1h',
    'plan.yaml:13:11 /stages/0/strategy/steps/1/bake_ms: is missing',
    'plan.yaml:14:16 /stages/0/strategy/retries: is not a field here; check its spelling or leave it out',
    '5 mistakes in plan.yaml; nothing was changed.',
  ]);
  const document = (await world.run(['rollout', 'apply', '-f', 'plan.yaml', '--json'])).stderr;
  const { error } = JSON.parse(document) as Json;
  assert.equal(error?.code, 'invalid');
  assert.equal(error?.retryable, false);
  assert.deepEqual(error?.errors?.[1], {
    at: 'plan.yaml:12:25',
    field: '/stages/0/strategy/steps/0/percentage',
    message: 'must be at most 100',
  });
  const meaning = PLAN.replace('node server.ts', '[node]')
    .replace('110, bake_ms: 4 parsecs', '50, bake_ms: 4s')
    .replace('percentage: 50 }', 'percentage: 20, bake_ms: 4s }')
    .replace('      retries: 3\n', '');
  const piped = await world.run(['rollout', 'apply', '-f', '-'], { input: meaning });
  assert.equal(piped.code, 5);
  assert.match(
    piped.stderr,
    /^-:13:25 \/stages\/0\/strategy\/steps\/1\/percentage: must rise .*\n1 mistake in standard input/,
  );
});

test('a file that is no plan at all is told as clearly', async () => {
  await fails('rollout apply -f none.yaml', {
    code: 2,
    says: /^none\.yaml cannot be read: there is no such file; check the path\.\n$/,
  });
  await fails('rollout apply -f .', { code: 2, says: /it is a directory/ });
  const piped = 'rollout apply -f -';
  await fails(piped, {
    code: 5,
    says: /^-:3:1 ends before the \] that closes what was opened/,
    options: { input: 'key: a\nstages: [\n' },
  });
  await fails(piped, {
    code: 5,
    says: /^-:2:1 is a key that this map has already; keep one of them/,
    options: { input: 'key: a\nkey: b\n' },
  });
  await fails(piped, { code: 5, says: /must be an object, not a string/, options: { input: 'hello' } });
  await fails(piped, { code: 5, says: /^-:1:1 is empty/, options: { input: '' } });
  await fails(piped, { code: 5, says: /larger than 1048576 bytes/, options: { input: 'x'.repeat(1_048_577) } });
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}\n`;
  await fails(piped, { code: 5, says: /alias/, options: { input: bomb } });
  const deep = /^-:1:\d+ .*nests deeper than 64 levels; write flatter data\n$/;
  for (const depth of [80, 100_000]) {
    await fails(piped, { code: 5, says: deep, options: { input: '['.repeat(depth) + ']'.repeat(depth) } });
  }
  await fails(piped, { code: 5, says: deep, options: { input: 'a: &a [*a]\n' } });
  await fails(piped, { code: 5, says: /^-:2:1 has the key __proto__/, options: { input: 'key: a\n__proto__: {}\n' } });
  await writeFile(join(world.directory, 'latin1.yaml'), Buffer.from('key: caf\xe9\n', 'latin1'));
  await fails('rollout apply -f latin1.yaml', { code: 5, says: /^latin1\.yaml:1:9 is not UTF-8 from here on/ });
});

test('a file that cannot be written is named with the reason, whatever was to be written to it', async () => {
  await writeFile(join(world.directory, 'flagd.json'), '{"flags":{"a":{"state":"ENABLED","variants":{"on":true}}}}');
  for (const command of [
    'generate ts --out none/out',
    'export -o none/out',
    'audit export --out none/out',
    'import flagd flagd.json --out none/out',
  ]) {
    await fails(command, { code: 2, says: /^none\/out cannot be written: its folder is not there; make it first/ });
  }
  await mkdir(join(world.directory, 'folder'));
  for (const command of ['generate ts', 'audit export']) {
    await fails(`${command} --out folder`, {
      code: 2,
      says: /^folder cannot be written: it is a directory; name a file/,
    });
  }
});

test('with --json every failure is one document on standard error', async () => {
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await world.run([...args, '--json']);
    assert.equal(stdout, '');
    return { code, error: (JSON.parse(stderr) as Json).error };
  };
  for (const command of [
    'import flagd none --out x',
    'generate ts --flags none --out x',
    'schema x',
    'start --port x',
  ]) {
    assert.match(String((await refused(...command.split(' '))).error?.code), /^(usage|invalid)$/, command);
  }
  const usage = await refused('flags', 'list', '--limit', 'x');
  assert.deepEqual([usage.code, usage.error?.code], [2, 'usage']);
  const missing = await refused('flags', 'get', 'nope');
  assert.deepEqual([missing.code, missing.error?.code], [3, 'not_found']);
  const away = await refused('flags', 'list', '--url', `http://127.0.0.1:${await freePort()}`);
  assert.deepEqual([away.code, away.error?.code], [4, 'unauthenticated'], 'the token here is not sent elsewhere');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
