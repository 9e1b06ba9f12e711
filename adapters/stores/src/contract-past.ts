import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store, Write } from '@spillway/control/ports';

/** What every store promises of reading the past. */
export function pastTests(store: () => Store, newProject: () => string): void {
  test('a list as of an entry holds each document as that entry left it, in the order of any list', async () => {
    const project = newProject();
    const put = (key: string, expected: number, after: Write['after']) =>
      change(store(), project, 1, key, expected, after);
    for (const key of ['b', 'a-b', 'a.b', 'a_b', 'a']) await put(key, 0, { key });
    await put('a', 1, { key: 'a', again: true });
    await put('b', 1, null);
    await put('c', 0, { key: 'c' });
    const at = async (seq: number) => (await store().listAt(project, 'flags', seq, { limit: 10 })).map(short);
    assert.deepEqual(await at(0), []);
    assert.deepEqual(await at(1), ['b 1']);
    assert.deepEqual(await at(5), ['a 1', 'a-b 1', 'a.b 1', 'a_b 1', 'b 1']);
    assert.deepEqual(await at(7), ['a 2', 'a-b 1', 'a.b 1', 'a_b 1']);
    assert.deepEqual(await at(99), ['a 2', 'a-b 1', 'a.b 1', 'a_b 1', 'c 1']);
    const [first] = await store().listAt(project, 'flags', 6, { limit: 1 });
    assert.deepEqual(first, { noun: 'flags', key: 'a', version: 2, seq: 6, body: { key: 'a', again: true } });
    assert.deepEqual(await store().listAt(project, 'segments', 99, { limit: 10 }), []);
  });

  test('a list as of the newest entry is the list', async () => {
    const project = newProject();
    for (const key of ['x', 'y', 'z']) await change(store(), project, 1, key, 0, { key });
    await change(store(), project, 1, 'y', 1, null);
    const now = await store().list(project, 'flags', { limit: 10 });
    assert.deepEqual(await store().listAt(project, 'flags', 4, { limit: 10 }), now);
  });

  test('its pages are full until the last one, whatever was deleted or came later', async () => {
    const project = newProject();
    const keys = Array.from({ length: 30 }, (_, index) => `k${String(index).padStart(2, '0')}`);
    for (const key of keys) await change(store(), project, 1, key, 0, { key });
    const deleted = keys.filter((_, index) => index % 3 !== 0);
    for (const key of deleted) await change(store(), project, 1, key, 1, null);
    const seq = keys.length + deleted.length;
    await change(store(), project, 1, 'k00a', 0, { key: 'later' });
    const seen: string[] = [];
    for (;;) {
      const after = seen.at(-1);
      const page = await store().listAt(project, 'flags', seq, { limit: 3, ...(after === undefined ? {} : { after }) });
      seen.push(...page.map(({ key }) => key));
      if (page.length < 3) break;
    }
    assert.deepEqual(
      seen,
      keys.filter((key) => !deleted.includes(key)),
    );
    assert.deepEqual(await store().listAt(project, 'flags', seq, { limit: 0 }), []);
  });

  test('the entry at a moment is the newest one written until then, also when clocks went back', async () => {
    const project = newProject();
    assert.equal(await store().seqAt(project, 1_000), 0);
    for (const [index, at_ms] of [100, 200, 200, 190, 300, 250].entries()) {
      await change(store(), project, at_ms, `k${index}`, 0, 1);
    }
    const at = (at_ms: number) => store().seqAt(project, at_ms);
    assert.deepEqual(await Promise.all([99, 100, 189, 190, 200, 249, 250, 300, 9_999].map(at)), [
      ...[0, 1, 1, 4, 4, 4, 6, 6, 6],
    ]);
    assert.equal(await at(Number.MIN_SAFE_INTEGER), 0);
    await assert.rejects(at(1.5), { message: /at_ms must be a whole number/ });
    await assert.rejects(store().listAt(project, 'flags', 0.5, { limit: 1 }), {
      message: /seq must be a whole number/,
    });
    await assert.rejects(store().listAt(project, 'flags', 1, { limit: -1 }), { message: /limit must be an integer/ });
  });

  test('the times of entries are told by their numbers, without those that are not there', async () => {
    const project = newProject();
    for (const [index, at_ms] of [100, 300, 200].entries()) await change(store(), project, at_ms, `k${index}`, 0, 1);
    const times = async (...seqs: number[]) => [...(await store().timesOf(project, seqs))].sort();
    assert.deepEqual(await times(), []);
    assert.deepEqual(await times(3, 1, 1, 4, 0, -1), [
      [1, 100],
      [3, 200],
    ]);
    assert.deepEqual([...(await store().timesOf(newProject(), [1]))], []);
    await assert.rejects(times(1.5), { message: /seqs\[0\] must be a whole number/ });
    await assert.rejects(times(...Array.from({ length: 10_001 }, (_, index) => index)), {
      message: /limit must be an integer/,
    });
  });
}

function short({ key, version }: { readonly key: string; readonly version: number }): string {
  return `${key} ${version}`;
}

async function change(
  store: Store,
  project: string,
  at_ms: number,
  key: string,
  expected: number,
  after: Write['after'],
): Promise<void> {
  const write: Write = { noun: 'flags', key, expected, after, action: 'flag.updated' };
  const { is } = await store.commit({ project, at_ms, actor: 'user:ada', reason: 'because', writes: [write] });
  assert.equal(is, 'committed');
}
