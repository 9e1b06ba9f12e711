import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadConfig, readConfig } from './config.ts';
import { temporaryDirectory } from './start-testing.ts';

const directory = temporaryDirectory();
after(() => directory.remove());

test('without any variable everything has a default that is safe on a laptop', () => {
  const config = readConfig({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 4600);
  assert.match(config.storeUrl, /^sqlite:.*\/\.spillway\/spillway\.db$/);
  assert.equal(config.adminToken, undefined);
  assert.equal(config.announce, false);
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
