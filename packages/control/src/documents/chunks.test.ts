import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, byAdmin, startControl } from '../../testing/start-control.ts';
import { MAX_CHUNK_CHARACTERS, readInChunks, weigh } from './chunks.ts';

const KEYS = Array.from({ length: 9_000 }, (_, index) => `user-${index}`.padEnd(90, 'x'));

test('chunks grow with small items and shrink with large ones, and others get their turn in between', async () => {
  const sizeOf = (at: number) => (at < 2_000 ? 10 : MAX_CHUNK_CHARACTERS / 4);
  const counts: number[] = [];
  let now = 0;
  let rests = 0;
  const read = async (last: { at: number } | undefined, count: number) => {
    counts.push(count);
    now += 20;
    const start = last === undefined ? 0 : last.at + 1;
    const length = Math.max(0, Math.min(count, 2_600 - start));
    return Array.from({ length }, (_, index) => ({ at: start + index, text: 'x'.repeat(sizeOf(start + index)) }));
  };
  const clock = {
    now: () => now,
    monotonic: () => now,
    async sleep() {
      rests += 1;
    },
  };
  const seen: number[] = [];
  for await (const chunk of readInChunks(read, clock)) seen.push(...chunk.map(({ at }) => at));
  assert.deepEqual(
    seen,
    Array.from({ length: 2_600 }, (_, index) => index),
  );
  assert.deepEqual(counts.slice(0, 3), [16, 500, 500]);
  assert.equal(counts.at(-1), 3);
  assert.equal(rests, counts.length - 1);
});

test('weighing goes by the text there is, however deep', () => {
  let deep: unknown = 'x';
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  assert.ok(weigh(deep) > 100_000);
  const flag = { key: 'a', targets: KEYS };
  const actual = JSON.stringify(flag).length;
  assert.ok(weigh(flag) > actual * 0.8 && weigh(flag) < actual * 1.5);
});

test('large documents make pages shorter than asked, and going on shows all of them once', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  for (let index = 0; index < 12; index += 1) {
    const environments = { staging: { targets: [{ variant: 'on', keys: KEYS }] } };
    accepted(await control.flags.create(byAdmin(), { key: `big-${String(index).padStart(2, '0')}`, environments }));
  }
  const readAll = async (
    read: (cursor: string | undefined) => Promise<{ items: readonly object[]; next?: string }>,
  ) => {
    const pages: object[][] = [];
    let cursor: string | undefined;
    do {
      const page = await read(cursor);
      pages.push([...page.items]);
      cursor = page.next;
    } while (cursor !== undefined);
    for (const page of pages) assert.ok(weigh(page) < 2 * MAX_CHUNK_CHARACTERS && page.length > 0);
    assert.ok(pages.length > 2);
    return pages.flat();
  };
  const flags = await readAll(async (cursor) =>
    accepted(await control.flags.list(byAdmin(), { limit: 500, ...(cursor === undefined ? {} : { cursor }) })),
  );
  assert.equal(new Set(flags.map((flag) => 'key' in flag && flag.key)).size, 12);
  const entries = await readAll(async (cursor) =>
    accepted(await control.audit.list(byAdmin(), { limit: 500, noun: 'flags', ...(cursor ? { cursor } : {}) })),
  );
  assert.equal(new Set(entries.map((entry) => 'seq' in entry && entry.seq)).size, 12);
  assert.equal(accepted(await control.audit.verify(byAdmin())).is, 'intact');
});
