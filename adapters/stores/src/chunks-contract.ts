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
    await store().chunks.put(project, [...put, ...put]);
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

  test('chunks are listed by digest, and those that are marked for long enough are removed; a mark is lost by being put', async () => {
    const [project, other] = [newProject(), newProject()];
    const { chunks } = store();
    const put = ['a', 'b', 'c', 'd'].map(chunk).sort((one, another) => (one.digest < another.digest ? -1 : 1));
    const [one = '', two = '', three = '', four = ''] = put.map(({ digest }) => digest);
    await chunks.put(project, put);
    await chunks.put(other, put);
    const marks = async () => (await chunks.kept(project, { limit: 9 })).map(({ marked_ms }) => marked_ms);
    assert.deepEqual(await marks(), [null, null, null, null]);
    await chunks.mark(project, [one, two, three], 100);
    await chunks.mark(project, [three, four], 200);
    assert.deepEqual(await marks(), [100, 100, 100, 200], 'the first mark stays');
    const [, second] = put;
    await chunks.put(project, second === undefined ? [] : [second]);
    assert.deepEqual(await marks(), [100, null, 100, 200]);
    assert.equal(await chunks.remove(project, [one, two, four, chunk('nobody put this').digest], 199), 1);
    assert.deepEqual(await chunks.kept(project, { after: two, limit: 1 }), [{ digest: three, marked_ms: 100 }]);
    assert.deepEqual(
      (await chunks.kept(project, { limit: 9 })).map(({ digest }) => digest),
      [two, three, four],
    );
    assert.deepEqual(await chunks.read(project, [one]), []);
    assert.equal((await chunks.kept(other, { limit: 9 })).length, 4);
    assert.equal(await chunks.remove(project, [], 199), 0);
    await chunks.mark(project, [], 1);
    await assert.rejects(chunks.remove(project, [one], 0.5), /marked_until_ms/);
  });

  test('a chunk that is put while it is removed is kept, whoever comes first', async () => {
    const project = newProject();
    const { chunks } = store();
    const many = Array.from({ length: 20 }, (_, index) => chunk(`contested ${index}`));
    const digests = many.map(({ digest }) => digest);
    for (let round = 0; round < 5; round += 1) {
      await chunks.put(project, many);
      await chunks.mark(project, digests, round);
      const removing = digests.map((digest) => chunks.remove(project, [digest], round));
      await Promise.all([chunks.put(project, many), ...removing, chunks.put(project, many.toReversed())]);
      assert.equal((await chunks.read(project, digests)).length, many.length);
    }
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
