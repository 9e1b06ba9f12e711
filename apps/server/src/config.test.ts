import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BadConfig, readConfig } from './config.ts';
import { temporaryDirectory, withoutSpillway } from './start-testing.ts';

const directory = temporaryDirectory();
after(() => directory.remove());

test('without any variable everything has a default that is safe on a laptop', () => {
  const config = readConfig({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 4600);
  assert.match(config.storeUrl, /^sqlite:.*\/\.spillway\/spillway\.db$/);
  assert.equal(config.adminToken, undefined);
  assert.equal(config.announce, false);
  assert.deepEqual(config.clientLimits, { perAddress: 50, perKey: 1_000, trustedProxies: [] });
});

test('every variable that cannot be used is named, with what it must be', () => {
  const problems = (variables: Record<string, string>): string => {
    try {
      readConfig(variables);
    } catch (error) {
      if (error instanceof BadConfig) return error.message;
      throw error;
    }
    return assert.fail(`accepted ${JSON.stringify(variables)}`);
  };
  assert.match(problems({ SPILLWAY_PORT: '99999' }), /^SPILLWAY_PORT must be a port number/);
  assert.match(problems({ SPILLWAY_PORT: 'http' }), /^SPILLWAY_PORT must be a port number/);
  assert.match(problems({ SPILLWAY_STORE_URL: 'mysql://x' }), /^SPILLWAY_STORE_URL must be sqlite:/);
  assert.match(
    problems({ SPILLWAY_CLIENT_RATE_PER_KEY: '-1' }),
    /^SPILLWAY_CLIENT_RATE_PER_KEY must be requests a second/,
  );
  assert.match(problems({ SPILLWAY_TRUSTED_PROXIES: '10.0.0.0/33' }), /^SPILLWAY_TRUSTED_PROXIES\S* must be addresses/);
  assert.match(problems({ SPILLWAY_LOG_LEVEL: 'loud' }), /^SPILLWAY_LOG_LEVEL must be one of trace/);
  assert.match(problems({ SPILLWAY_PUBLIC_URL: 'example.org/path' }), /^SPILLWAY_PUBLIC_URL must be like https/);
  assert.match(
    problems({ SPILLWAY_ADMIN_TOKEN: 'short' }),
    /^SPILLWAY_ADMIN_TOKEN must have at least 24 characters; make one/,
  );
  assert.match(
    problems({ SPILLWAY_ADMIN_TOKEN_FILE: '/nowhere' }),
    /^SPILLWAY_ADMIN_TOKEN_FILE names a file that cannot be read/,
  );
  const both = problems({ SPILLWAY_PORT: '-1', SPILLWAY_LOG_LEVEL: 'x' });
  assert.equal(both.split('\n').length, 2);
});

test('what only shows when it is used is told by the name of its variable too', async () => {
  const data = join(directory.path, 'late');
  const file = join(directory.path, 'a-file');
  writeFileSync(file, 'not a directory');
  for (const [variables, told] of [
    [{ SPILLWAY_HOST: 'nowhere.invalid' }, /SPILLWAY_HOST/],
    [{ SPILLWAY_DASHBOARD_DIR: '/nowhere' }, /SPILLWAY_DASHBOARD_DIR must be a directory/],
    [{ SPILLWAY_STORE_URL: 'sqlite:/nowhere/x.db' }, /SPILLWAY_STORE_URL/],
    [{ SPILLWAY_DATA_DIR: join(file, 'below') }, /cannot be used as a directory.*SPILLWAY_DATA_DIR/],
    [{ SPILLWAY_DATA_DIR: '/proc/nowhere' }, /cannot be used as a directory.*SPILLWAY_DATA_DIR/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
      env: { ...withoutSpillway(process.env), SPILLWAY_DATA_DIR: data, SPILLWAY_PORT: '0', ...variables },
      timeout: 20_000,
      encoding: 'utf8',
    });
    assert.ok(status !== 0 && status !== null, stderr);
    const [last = ''] = stderr.trimEnd().split('\n').slice(-1);
    assert.match(last, told);
    assert.ok(!/ at .*\.ts:/.test(stderr), stderr);
  }
});

test('a damaged database is called that, in the last line', () => {
  const data = join(directory.path, 'damaged');
  mkdirSync(data);
  const start = () =>
    spawnSync(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
      env: { ...withoutSpillway(process.env), SPILLWAY_DATA_DIR: data, SPILLWAY_PORT: '0' },
      timeout: 20_000,
      encoding: 'utf8',
    });
  const database = new DatabaseSync(join(data, 'spillway.db'));
  database.exec('CREATE TABLE migrations (number INTEGER PRIMARY KEY, title TEXT)');
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO migrations SELECT -i, 'x' FROM n`,
  );
  database.close();
  const bytes = readFileSync(join(data, 'spillway.db'));
  bytes.fill(7, 4_096);
  writeFileSync(join(data, 'spillway.db'), bytes);
  const [last = ''] = start().stderr.trimEnd().split('\n').slice(-1);
  assert.match(last, /^The control plane did not start: .*(?:malformed|damaged).*/);
});

test('a secret may come from a file, but not from two places', () => {
  const file = join(directory.path, 'token');
  writeFileSync(file, `${'a'.repeat(32)}\n`);
  assert.equal(readConfig({ SPILLWAY_ADMIN_TOKEN_FILE: file }).adminToken, 'a'.repeat(32));
  assert.equal(readConfig({ SPILLWAY_ADMIN_TOKEN: '', SPILLWAY_ADMIN_TOKEN_FILE: file }).adminToken, 'a'.repeat(32));
  assert.throws(
    () => readConfig({ SPILLWAY_ADMIN_TOKEN: 'b'.repeat(32), SPILLWAY_ADMIN_TOKEN_FILE: file }),
    /SPILLWAY_ADMIN_TOKEN and SPILLWAY_ADMIN_TOKEN_FILE are both set/,
  );
});
