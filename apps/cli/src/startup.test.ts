import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BIN = join(import.meta.dirname, '../bin/spillway.js');
const SNAPSHOT = join(import.meta.dirname, 'startup.fixture.json');

/** Writes every module that is loaded to standard error. */
const LISTING = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });
`)}`;

async function loadedBy(args: readonly string[]): Promise<string> {
  const { stderr } = await run(process.execPath, ['--import', LISTING, BIN, ...args]);
  return stderr;
}

const LARGE = /node_modules\/(yaml|zod)\/|packages\/core\/src\/(?!wording\/counted\.ts)/;

test('F16: what a command does not use, it does not wait for', async () => {
  assert.doesNotMatch(await loadedBy(['--version']), LARGE);
  assert.doesNotMatch(await loadedBy(['evaluate', '--flags', SNAPSHOT, 'greeting', '-k', 'ann']), LARGE);
  assert.match(await loadedBy(['schema']), LARGE, 'what is loaded can be seen');
});

test('F16: what was compiled is kept beside the package', async () => {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, [BIN, '--version'], { env });
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  assert.ok(existsSync(join(import.meta.dirname, '../node_modules/.cache/spillway')));
});
