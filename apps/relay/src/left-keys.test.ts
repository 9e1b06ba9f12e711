import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { forgetLeftKeys, KEPT_DAYS } from './left-keys.ts';

const GONE = 'key-0123456789ab';
const HERE = 'key-ba9876543210';
const DAY_MS = 86_400_000;

let directory: string;
let said: unknown[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-left-'));
  said = [];
  for (const key of [GONE, HERE]) {
    for (const kind of ['snapshot', 'clients']) await writeFile(join(directory, `${key}.${kind}`), '{}');
    await mkdir(join(directory, `${key}.events/servers`), { recursive: true });
    await writeFile(join(directory, `${key}.events/servers/000000000001.events`), '{"id":"1"}\n{"id":"2"}\n');
  }
  await writeFile(join(directory, 'notes.txt'), 'of somebody else');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const unsaid = () => undefined;
const log = { warn: (told: unknown) => void said.push(told), info: unsaid, error: unsaid, debug: unsaid };
const look = (given: readonly string[], days = 0) =>
  forgetLeftKeys({ directory, given: new Set(given), log, now: () => Date.now() + days * DAY_MS });
const filesOf = async (key: string) => (await readdir(directory)).filter((file) => file.startsWith(key));

test('what is kept for a key that is given no longer stays for a week, and is then deleted with what it said', async () => {
  await look([HERE]);
  assert.deepEqual(said, [{ key: GONE }]);
  await look([HERE], KEPT_DAYS - 0.1);
  assert.equal((await filesOf(GONE)).length, 4);
  await look([HERE], KEPT_DAYS + 0.1);
  assert.deepEqual(await filesOf(GONE), []);
  assert.deepEqual(said[1], { key: GONE, events: 2 });
  assert.deepEqual((await filesOf(HERE)).length, 3);
  assert.ok((await readdir(directory)).includes('notes.txt'));
});

test('a key that is given again has lost nothing, and its week begins anew when it goes once more', async () => {
  await look([HERE]);
  await look([HERE, GONE], 30);
  assert.equal((await filesOf(GONE)).length, 3);
  await look([HERE]);
  const ago = new Date(Date.now() - 2 * DAY_MS);
  await utimes(join(directory, `${GONE}.left`), ago, ago);
  await look([HERE], KEPT_DAYS - 2.1);
  assert.equal((await filesOf(GONE)).length, 4);
});
