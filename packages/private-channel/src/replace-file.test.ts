import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { replaceFile } from './replace-file.ts';

test('a file is replaced whole, for its owner alone, and nothing else is left beside it', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-replace-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'state.json');
  await replaceFile(path, 'a long first content');
  await writeFile(`${path}.tmp`, 'what a write that was cut off left, which is longer than what comes', {
    mode: 0o600,
  });
  await replaceFile(path, 'second');
  assert.equal(await readFile(path, 'utf8'), 'second');
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(directory), ['state.json']);
});

test('when the new content cannot be written the old one stays', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-replace-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'missing', 'state.json');
  await assert.rejects(replaceFile(path, 'x'), { code: 'ENOENT' });
  assert.deepEqual(await readdir(directory), []);
});
