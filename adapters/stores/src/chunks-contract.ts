import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Chunk, Store } from '@spillway/control/ports';
import { MAX_CHUNK_BYTES, MAX_CHUNKS_AT_ONCE } from './prepared-chunks.ts';

function chunk(text: string): Chunk {
  return { digest: createHash('sha256').update(text, 'utf8').digest('hex'), text };
}

/** What every store promises of chunks; `newProject` keeps tests apart. */
export function chunkTests(store: () => Store, newProject: () => string): void {
  test('chunks come back as they were put, those that are not kept do not, and other projects see none', async () => {
    const [project, other] = [newProject(), newProject()];
    const put = [chunk(''), chunk('ключ 🙂'), chunk('x'.repeat(MAX_CHUNK_BYTES))];
    await store().chunks.put(project, put);
    const digests = put.map(({ digest }) => digest);
    const read = await store().chunks.read(project, [...digests, ...digests, chunk('never put').digest]);
    const byDigest = (one: Chunk, another: Chunk) => (one.digest < another.digest ? -1 : 1);
    assert.deepEqual([...read].sort(byDigest), [...put].sort(byDigest));
    assert.deepEqual(await store().chunks.read(other, digests), []);
    assert.deepEqual(await store().chunks.read(project, []), []);
    await store().chunks.put(project, []);
  });

  test('a chunk that is kept already stays, also when many put it at once', async () => {
    const project = newProject();
    const one = chunk('once');
    await Promise.all(Array.from({ length: 10 }, (_, index) => store().chunks.put(project, [one, chunk(`${index}`)])));
    await store().chunks.put(project, [{ digest: one.digest, text: 'another text' }]);
    assert.deepEqual(await store().chunks.read(project, [one.digest]), [one]);
  });

  test('chunks that are mistakes of the program are refused by name', async () => {
    const project = newProject();
    const { chunks } = store();
    const tooMany = Array.from({ length: MAX_CHUNKS_AT_ONCE + 1 }, (_, index) => chunk(`${index}`));
    await assert.rejects(chunks.put(project, tooMany), RangeError);
    await assert.rejects(chunks.put(project, [chunk('x'.repeat(MAX_CHUNK_BYTES + 1))]), RangeError);
    await assert.rejects(chunks.put(project, [chunk('a\0b')]), TypeError);
    await assert.rejects(chunks.put(project, [{ digest: 'short', text: '' }]), TypeError);
    await assert.rejects(chunks.read(project, ['SHORT']), TypeError);
    assert.deepEqual(await chunks.read(project, [chunk('0').digest]), []);
  });
}
