import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { browserForTests } from './browser.ts';
import { missing } from './missing-part.ts';
import { postgresForTests } from './postgres.ts';

const postgres = await postgresForTests();
const browser = await browserForTests();

const GONE_WITHIN_MS = 10_000;

/** Starts a PostgreSQL, says where it lives, then does as told. */
const OTHER_PROCESS = `
import { once } from 'node:events';
import { postgresForTests } from './postgres.ts';
const postgres = await postgresForTests();
process.stdout.write(JSON.stringify(await postgres.database()) + '\\n');
await once(process.stdin, 'data');
process.stdin.destroy();
if (process.argv[1] === 'fail') throw new Error('a failing test');
if (process.argv[1] === 'wait') setInterval(() => {}, 1_000);
`;

describe('the PostgreSQL of a test process ends with it and leaves no files', {
  concurrency: true,
  skip: postgres.skip,
}, () => {
  for (const [how, signal] of [
    ['end', undefined],
    ['fail', undefined],
    ['wait', 'SIGTERM'],
    ['wait', 'SIGKILL'],
  ] as const) {
    const ending = signal ?? how;
    test(`when it ends by ${ending}`, async () => {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', OTHER_PROCESS, how], {
        cwd: import.meta.dirname,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const exited = once(child, 'exit');
      const folder = await folderOfServer(child);
      child.stdin.write('go on\n');
      if (signal !== undefined) child.kill(signal);
      await exited;
      const deadline = performance.now() + GONE_WITHIN_MS;
      while (existsSync(folder) && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(existsSync(folder), false);
    });
  }
});

test('each test has a database of its own on the shared server', { skip: postgres.skip }, async () => {
  const [one, other] = [await postgres.database(), await postgres.database()];
  assert.notEqual(one, other);
  assert.equal(new URL(one).port, new URL(other).port);
  assert.equal(await postgresForTests(), postgres);
});

test('the browser shows a page', { skip: browser.skip }, async () => {
  const chromium = await browser.launch();
  try {
    const page = await chromium.newPage();
    await page.goto('data:text/html,<h1>Hello</h1>');
    assert.equal(await page.textContent('h1'), 'Hello');
  } finally {
    await chromium.close();
  }
});

test('a part that cannot start skips with its remedy, and fails in CI', () => {
  const before = process.env.CI;
  try {
    delete process.env.CI;
    const skip = missing('PostgreSQL', new Error('no such file'), 'Run `npm ci`.');
    assert.equal(skip, 'PostgreSQL could not be started: no such file. Run `npm ci`.');
    process.env.CI = 'true';
    assert.throws(() => missing('PostgreSQL', new Error('no such file'), 'Run `npm ci`.'), /Run `npm ci`/);
  } finally {
    if (before === undefined) delete process.env.CI;
    else process.env.CI = before;
  }
});

/** Found by the port, which only the server's own files name. */
async function folderOfServer(child: Pick<ChildProcess, 'stdout'>): Promise<string> {
  assert.ok(child.stdout);
  const [line] = await once(child.stdout, 'data');
  const { Client } = await import('pg');
  const client = new Client({ connectionString: JSON.parse(String(line)) });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query('SHOW data_directory');
  await client.end();
  const [{ data_directory }] = rows;
  assert.ok(existsSync(data_directory));
  return data_directory.replace(/\/data$/, '');
}
