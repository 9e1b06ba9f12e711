import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { EventsNotKept, MAX_BATCH_EVENTS, MAX_SPOOLED_EVENTS, Spool } from './spool.ts';

const root = mkdtempSync(join(tmpdir(), 'spillway-spool-'));
after(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
async function spoolIn(directory = join(root, `spool-${++made}`)): Promise<{ spool: Spool; directory: string }> {
  const spool = new Spool(directory);
  await spool.open();
  return { spool, directory };
}

const line = (name: number | string) => JSON.stringify({ id: `event-${name}` });
const lines = (count: number, from = 0) => Array.from({ length: count }, (_, index) => line(from + index));

/** Everything that waits, oldest first, taken away file by file. */
async function drained(spool: Spool): Promise<readonly (readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for (let next = await spool.oldest(); next !== undefined; next = await spool.oldest()) {
    all.push(next.events);
    await spool.remove(next.number);
  }
  return all;
}

test('without an event there is no file; with one there is, for its owner alone', async () => {
  const { spool, directory } = await spoolIn();
  assert.equal(await spool.oldest(), undefined);
  assert.throws(() => readdirSync(directory));
  await spool.add([line(1)]);
  const [file = ''] = readdirSync(directory);
  assert.equal(statSync(join(directory, file)).mode & 0o077, 0);
  await spool.close();
});

test('what was added is there in its order, in files of at most a batch, also for the next process', async () => {
  const { spool, directory } = await spoolIn();
  const all = lines(3 * MAX_BATCH_EVENTS + 7);
  await Promise.all([spool.add(all.slice(0, 10)), spool.add(all.slice(10, 1_200))]);
  await spool.add(all.slice(1_200));
  assert.equal(spool.events, all.length);
  const { spool: next } = await spoolIn(directory);
  assert.equal(next.events, all.length);
  await next.add([line('later')]);
  const files = await drained(next);
  assert.deepEqual(files.flat(), [...all, line('later')]);
  assert.ok(files.every((events) => events.length <= MAX_BATCH_EVENTS));
  assert.deepEqual([next.events, readdirSync(directory)], [0, []]);
  await spool.close();
});

test('large events make smaller files', async () => {
  const { spool } = await spoolIn();
  const large = Array.from({ length: 100 }, (_, index) => JSON.stringify({ index, text: '€'.repeat(4_000) }));
  await spool.add(large);
  const files = await drained(spool);
  assert.deepEqual(files.flat(), large);
  assert.ok(files.every((events) => Buffer.byteLength(events.join('\n')) <= 524_288));
});

test('what was cut off in the middle of a line is left out, and what is damaged is counted', async () => {
  const { spool, directory } = await spoolIn();
  await spool.add(lines(3));
  const [file = ''] = readdirSync(directory);
  const path = join(directory, file);
  const text = readFileSync(path, 'utf8').replace(line(1), line(1).replace('{', '#'));
  writeFileSync(path, `${text}{"id":"half`);
  const { spool: next } = await spoolIn(directory);
  const { number: _, ...batch } = (await next.oldest()) ?? assert.fail();
  assert.deepEqual(batch, { events: [line(0), line(2)], damaged: 1 });
  await spool.close();
});

test('there is room for so many events and no more, and again when some are taken away', async () => {
  const { spool } = await spoolIn();
  for (let sent = 0; sent < MAX_SPOOLED_EVENTS; sent += 5_000) await spool.add(lines(5_000, sent));
  assert.deepEqual([spool.hasRoomFor(1), spool.events], [false, MAX_SPOOLED_EVENTS]);
  const oldest = (await spool.oldest()) ?? assert.fail();
  await spool.remove(oldest.number);
  assert.deepEqual([spool.hasRoomFor(MAX_BATCH_EVENTS), spool.hasRoomFor(MAX_BATCH_EVENTS + 1)], [true, false]);
  await spool.close();
});

test('a disk that takes nothing is said so, and what comes when it does again is kept', async () => {
  const directory = join(root, 'no-directory');
  writeFileSync(directory, 'in the way');
  const { spool } = await spoolIn(directory);
  await assert.rejects(spool.add([line(1)]), EventsNotKept);
  assert.equal(spool.events, 0);
  rmSync(directory);
  await spool.add([line(2)]);
  assert.deepEqual(await drained(spool), [[line(2)]]);
});
