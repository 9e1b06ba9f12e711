import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Commit, CommitOutcome, Store, Write } from '@spillway/control/ports';
import { GENESIS_HASH, type LogEntry, verifyChain } from '@spillway/core';
import { chunkTests } from './chunks-contract.ts';
import { contextTests } from './contexts-contract.ts';
import { pastTests } from './contract-past.ts';
import { eventTests } from './events-contract.ts';
import { observationTests } from './observations-contract.ts';
import { MAX_BODY_BYTES } from './prepared-commit.ts';
import { profileTests } from './profiles-contract.ts';
import { sketchTests } from './sketches-contract.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Opens a store for the suite; each test works in a project of its own, so one database serves all. */
export type StoreOpener = () => Promise<Store>;

let projects = 0;
function newProject(): string {
  projects += 1;
  return `project-${projects}`;
}

/** What every store promises. `open` is called once; the suite closes what it opened. */
export function describeStore(name: string, open: StoreOpener, options: { readonly skip?: string | false } = {}): void {
  describe(`the store contract on ${name}`, { skip: options.skip ?? false }, () => {
    let store: Store;
    before(async () => {
      store = await open();
    });
    after(async () => {
      await store?.close();
    });
    const suite: Suite = () => store;
    documentTests(suite);
    logTests(suite);
    pastTests(suite, newProject);
    refusalTests(suite);
    idempotencyTests(suite);
    groupTests(suite);
    leaseTests(suite);
    fenceTests(suite);
    mistakeTests(suite);
    chunkTests(suite, newProject);
    profileTests(suite, newProject);
    observationTests(suite, newProject);
    sketchTests(suite, newProject);
    eventTests(suite, newProject);
    contextTests(suite, newProject);
  });
}

type Suite = () => Store;

function documentTests(store: Suite): void {
  test('a document that was never written is not there', async () => {
    const project = newProject();
    assert.equal(await store().read(project, 'flags', 'checkout'), undefined);
    assert.deepEqual(await store().list(project, 'flags', { limit: 10 }), []);
  });

  test('a document has versions 1, 2, 3 as it is written, and is gone when deleted', async () => {
    const project = newProject();
    for (const [version, share] of [10, 20, 30].entries()) {
      await committed(store(), project, [write('checkout', version, { share })]);
      const stored = { noun: 'flags', key: 'checkout', version: version + 1, seq: version + 1, body: { share } };
      assert.deepEqual(await store().read(project, 'flags', 'checkout'), stored);
    }
    await committed(store(), project, [write('checkout', 3, null)]);
    assert.equal(await store().read(project, 'flags', 'checkout'), undefined);
    await committed(store(), project, [write('checkout', 0, { share: 1 })]);
    assert.equal((await store().read(project, 'flags', 'checkout'))?.version, 1);
  });

  test('the same key under another noun or project is another document', async () => {
    const [one, other] = [newProject(), newProject()];
    await committed(store(), one, [write('checkout', 0, 1), { ...write('checkout', 0, 2), noun: 'services' }]);
    await committed(store(), other, [write('checkout', 0, 3)]);
    assert.equal((await store().read(one, 'flags', 'checkout'))?.body, 1);
    assert.equal((await store().read(one, 'services', 'checkout'))?.body, 2);
    assert.equal((await store().read(other, 'flags', 'checkout'))?.body, 3);
  });

  test('lists are ordered by the bytes of the key and go on after the last one seen', async () => {
    const project = newProject();
    const keys = ['b', 'a', 'a-b', 'a_b', 'a.b', 'ab', 'a1', '0', 'z'];
    await committed(
      store(),
      project,
      keys.map((key) => write(key, 0, { key })),
    );
    const seen: string[] = [];
    for (;;) {
      const after = seen.at(-1);
      const page = await store().list(project, 'flags', { limit: 2, ...(after === undefined ? {} : { after }) });
      assert.ok(page.length <= 2);
      if (page.length === 0) break;
      seen.push(...page.map(({ key }) => key));
    }
    assert.deepEqual(seen, ['0', 'a', 'a-b', 'a.b', 'a1', 'a_b', 'ab', 'b', 'z']);
  });

  test('bodies of every JSON kind come back as they were, up to 1 MiB', async () => {
    const project = newProject();
    const large = 'x'.repeat(MAX_BODY_BYTES - 2);
    const bodies = [
      0,
      -1.5e-7,
      '',
      false,
      [],
      {},
      [null, [null]],
      { 'ключ 🙂': 'Wert\u0000\n"\\', b: 1, a: 2 },
      large,
      JSON.parse('{"__proto__":{"x":1}}'),
    ];
    await committed(
      store(),
      project,
      bodies.map((body, index) => write(`k${index}`, 0, body)),
    );
    for (const [index, body] of bodies.entries()) {
      assert.deepEqual((await store().read(project, 'flags', `k${index}`))?.body, body);
    }
    await assert.rejects(store().commit(commit(project, [write('larger', 0, `${large}x`)])), {
      name: 'RangeError',
      message: /writes\[0\]\.after is larger than 1048576 bytes/,
    });
  });

  test('what the caller does to a body or an answer afterwards changes nothing', async () => {
    const project = newProject();
    const body = { list: [1] };
    const answer = store().commit(commit(project, [write('checkout', 0, body)]));
    body.list.push(2);
    const outcome = await answer;
    assert.ok(outcome.is === 'committed');
    Object.assign(outcome.entries[0] ?? {}, { actor: 'mallory' });
    const stored = await store().read(project, 'flags', 'checkout');
    assert.deepEqual(stored?.body, { list: [1] });
    Object.assign(stored ?? {}, { version: 9 });
    assert.equal((await store().read(project, 'flags', 'checkout'))?.version, 1);
    assert.equal(verifyChain(await wholeLog(store(), project), sha256).is, 'intact');
  });
}

function logTests(store: Suite): void {
  test('an empty log has head 0 and the genesis hash', async () => {
    const project = newProject();
    assert.deepEqual(await store().head(project), { seq: 0, hash: GENESIS_HASH });
    assert.deepEqual(await store().entries(project, { limit: 10 }), []);
  });

  test('each write is one entry that says who, when, why, before and after, and chains to the one before', async () => {
    const project = newProject();
    await committed(store(), project, [write('checkout', 0, { share: 1 })]);
    const because = { rule: 'error_rate', p: 0.003 };
    const entries = await committed(store(), project, [
      { ...write('checkout', 1, null), action: 'flag.deleted', because },
      write('search', 0, { share: 2 }),
    ]);
    const [deleted, created] = entries;
    assert.ok(deleted && created);
    const { previous_hash, hash, ...facts } = deleted;
    assert.deepEqual(facts, {
      ...{ project, seq: 2, at_ms: 1_000, actor: 'user:ada', action: 'flag.deleted', noun: 'flags', key: 'checkout' },
      ...{ reason: 'because', version: 0, before: { share: 1 }, after: null, because },
    });
    assert.equal(created.previous_hash, hash);
    assert.match(previous_hash, /^[0-9a-f]{64}$/);
    assert.deepEqual([created.version, created.before, created.because], [1, null, null]);
    const log = await wholeLog(store(), project);
    assert.deepEqual(log.slice(1), entries);
    const verdict = verifyChain(log, sha256);
    assert.ok(verdict.is === 'intact');
    assert.deepEqual(await store().head(project), verdict.tip);
  });

  test('a commit that changes nothing is still a commit', async () => {
    const project = newProject();
    await committed(store(), project, [write('checkout', 0, { share: 1 })]);
    const [same] = await committed(store(), project, [write('checkout', 1, { share: 1 })]);
    assert.deepEqual([same?.seq, same?.version], [2, 2]);
    const [absent] = await committed(store(), project, [write('search', 0, null)]);
    assert.deepEqual([absent?.seq, absent?.version, absent?.before, absent?.after], [3, 0, null, null]);
    assert.deepEqual(await committed(store(), project, []), []);
    assert.equal((await store().head(project)).seq, 3);
  });

  test('entries are found by range, noun and key, from either end', async () => {
    const project = newProject();
    for (let round = 0; round < 4; round += 1) {
      await committed(store(), project, [write('a', round, round), { ...write('b', round, round), noun: 'switches' }]);
    }
    const seqs = async (filter: Omit<Parameters<Store['entries']>[1], 'limit'>, limit = 100) =>
      (await store().entries(project, { ...filter, limit })).map(({ seq }) => seq);
    assert.deepEqual(await seqs({ after: 6 }), [7, 8]);
    assert.deepEqual(await seqs({ before: 3 }), [1, 2]);
    assert.deepEqual(await seqs({ after: 2, before: 7 }, 3), [3, 4, 5]);
    assert.deepEqual(await seqs({ newest_first: true }, 3), [8, 7, 6]);
    assert.deepEqual(await seqs({ newest_first: true, before: 6, noun: 'flags' }), [5, 3, 1]);
    assert.deepEqual(await seqs({ noun: 'switches', key: 'b', after: 2 }), [4, 6, 8]);
    assert.deepEqual(await seqs({ key: 'a' }, 2), [1, 3]);
    assert.deepEqual(await seqs({ noun: 'flags', key: 'b' }), []);
    assert.deepEqual(await seqs({}, 0), []);
    assert.deepEqual(await seqs({ after: 100 }), []);
  });
}

function refusalTests(store: Suite): void {
  test('a stale write is answered with what is there, and nothing of its commit is written', async () => {
    const project = newProject();
    await committed(store(), project, [write('checkout', 0, { share: 1 })]);
    for (const expected of [0, 2, -1]) {
      const late = write('checkout', expected, { share: 9 });
      const outcome = await store().commit(commit(project, [write('search', 0, 1), late]));
      assert.ok(outcome.is === 'stale');
      assert.deepEqual(outcome.write, late);
      assert.deepEqual(outcome.actual, await store().read(project, 'flags', 'checkout'));
    }
    assert.equal(await store().read(project, 'flags', 'search'), undefined);
    assert.equal((await store().head(project)).seq, 1);
  });

  test('a write of a document that is gone is stale and has no actual', async () => {
    const project = newProject();
    const outcome = await store().commit(commit(project, [write('checkout', 3, { share: 9 })]));
    assert.ok(outcome.is === 'stale');
    assert.equal(outcome.actual, undefined);
  });
}

function idempotencyTests(store: Suite): void {
  test('a repeated commit is answered with the first one’s entries and changes nothing', async () => {
    const project = newProject();
    const once = { ...commit(project, [write('a', 0, 1), write('b', 0, 1)]), idempotency_key: 'k1' };
    const entries = await committed(store(), project, once.writes, once);
    await committed(store(), project, [write('a', 1, 2)]);
    const other = { ...commit(project, [write('c', 7, 1)]), idempotency_key: 'k1' };
    for (const again of [once, other]) {
      assert.deepEqual(await store().commit(again), { is: 'repeated', entries });
    }
    assert.equal((await store().head(project)).seq, 3);
    const elsewhere = newProject();
    assert.equal((await store().commit({ ...once, project: elsewhere })).is, 'committed');
  });

  test('a refused commit does not use up its key, and one without writes does', async () => {
    const project = newProject();
    const keyed = { idempotency_key: 'k' };
    assert.equal((await store().commit({ ...commit(project, [write('a', 1, 1)]), ...keyed })).is, 'stale');
    assert.equal((await store().commit({ ...commit(project, []), ...keyed })).is, 'committed');
    assert.deepEqual(await store().commit({ ...commit(project, [write('a', 0, 1)]), ...keyed }), {
      is: 'repeated',
      entries: [],
    });
  });
}

function groupTests(store: Suite): void {
  test('commits made at once are each judged on their own: one of many rivals wins, refusals spoil nobody', async () => {
    const project = newProject();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        store().commit(commit(project, [write('rival', 0, index), write(`own-${index}`, 0, index)])),
      ),
    );
    const winners = outcomes.filter(({ is }) => is === 'committed');
    assert.equal(winners.length, 1);
    const rival = await store().read(project, 'flags', 'rival');
    for (const outcome of outcomes) {
      if (outcome.is === 'stale') assert.deepEqual(outcome.actual, rival);
      else assert.equal(outcome.is, 'committed');
    }
    assert.equal((await store().list(project, 'flags', { limit: 100 })).length, 2);
  });

  test('commits made at once to one document build on one another', async () => {
    const project = newProject();
    const outcomes = await Promise.all(
      [0, 1, 2, 3].map((expected) => store().commit(commit(project, [write('counter', expected, { at: expected })]))),
    );
    assert.deepEqual(
      outcomes.map(({ is }) => is),
      ['committed', 'committed', 'committed', 'committed'],
    );
    const log = await wholeLog(store(), project);
    assert.deepEqual(
      log.map(({ before }) => before),
      [null, { at: 0 }, { at: 1 }, { at: 2 }],
    );
    assert.equal(verifyChain(log, sha256).is, 'intact');
  });

  test('one commit sent many times at once takes effect once', async () => {
    const project = newProject();
    const once = { ...commit(project, [write('a', 0, 1)]), idempotency_key: 'retry' };
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store().commit(once)));
    assert.equal(outcomes.filter(({ is }) => is === 'committed').length, 1);
    assert.equal(outcomes.filter(({ is }) => is === 'repeated').length, 19);
    assert.equal((await store().head(project)).seq, 1);
  });

  test('several projects written at once have each their own log', async () => {
    const names = [newProject(), newProject(), newProject()];
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        committed(store(), names[index % 3] ?? '', [write(`k${index}`, 0, index)]),
      ),
    );
    for (const project of names) {
      const log = await wholeLog(store(), project);
      assert.equal(log.length, 10);
      assert.equal(verifyChain(log, sha256).is, 'intact');
    }
  });
}

function leaseTests(store: Suite): void {
  test('a lease has one holder until it expires; each new holder gets a higher number', async () => {
    const lease = newProject();
    assert.deepEqual(await store().acquireLease(lease, 'one', 1_000, 500), { is: 'held', fencing: 1, until_ms: 1_500 });
    const taken = { is: 'taken', holder: 'one', until_ms: 1_500 };
    assert.deepEqual(await store().acquireLease(lease, 'two', 1_499, 500), taken);
    assert.deepEqual(await store().acquireLease(lease, 'two', 1_500, 500), { is: 'held', fencing: 2, until_ms: 2_000 });
    assert.equal((await store().acquireLease(lease, 'one', 1_600, 500)).is, 'taken');
  });

  test('the holder prolongs its lease under the same number and never shortens it', async () => {
    const lease = newProject();
    await store().acquireLease(lease, 'one', 1_000, 500);
    assert.deepEqual(await store().acquireLease(lease, 'one', 1_400, 500), { is: 'held', fencing: 1, until_ms: 1_900 });
    assert.deepEqual(await store().acquireLease(lease, 'one', 1_400, 1), { is: 'held', fencing: 1, until_ms: 1_900 });
  });

  test('numbers rise after an expiry and after a release, even for the same holder', async () => {
    const lease = newProject();
    await store().acquireLease(lease, 'one', 1_000, 500);
    assert.deepEqual(await store().acquireLease(lease, 'one', 1_500, 500), { is: 'held', fencing: 2, until_ms: 2_000 });
    await store().releaseLease(lease, 'two');
    assert.equal((await store().acquireLease(lease, 'two', 1_600, 500)).is, 'taken');
    await store().releaseLease(lease, 'one');
    await store().releaseLease(lease, 'one');
    assert.deepEqual(await store().acquireLease(lease, 'one', 1_600, 10), { is: 'held', fencing: 3, until_ms: 1_610 });
    await store().releaseLease('never-taken', 'one');
  });

  test('of many that ask at once one gets the lease', async () => {
    const lease = newProject();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store().acquireLease(lease, `holder-${index}`, 1_000, 500)),
    );
    const held = answers.filter(({ is }) => is === 'held');
    assert.deepEqual(held, [{ is: 'held', fencing: 1, until_ms: 1_500 }]);
  });
}

function fenceTests(store: Suite): void {
  test('a fenced commit goes through only while its lease is held with its number', async () => {
    const project = newProject();
    const lease = `lease-of-${project}`;
    let version = 0;
    const attempt = async (fencing: number, at_ms: number): Promise<CommitOutcome['is']> => {
      const fenced = { ...commit(project, [write('rollout', version, at_ms)]), at_ms, fence: { lease, fencing } };
      const { is } = await store().commit(fenced);
      if (is === 'committed') version += 1;
      return is;
    };
    assert.equal(await attempt(1, 1_000), 'fenced', 'never taken');
    await store().acquireLease(lease, 'one', 1_000, 500);
    assert.equal(await attempt(1, 1_499), 'committed');
    assert.equal(await attempt(2, 1_499), 'fenced', 'a number nobody has yet');
    assert.equal(await attempt(1, 1_500), 'fenced', 'expired');
    await store().acquireLease(lease, 'two', 1_500, 500);
    assert.equal(await attempt(1, 1_499), 'fenced', 'somebody else has it');
    assert.equal(await attempt(2, 1_600), 'committed');
    await store().releaseLease(lease, 'two');
    assert.equal(await attempt(2, 1_600), 'fenced', 'released');
    assert.equal((await store().head(project)).seq, 2);
  });

  test('a repeated commit is answered as before although its lease is gone', async () => {
    const project = newProject();
    const lease = `lease-of-${project}`;
    await store().acquireLease(lease, 'one', 1_000, 500);
    const fenced = { ...commit(project, [write('a', 0, 1)]), fence: { lease, fencing: 1 }, idempotency_key: 'k' };
    assert.equal((await store().commit(fenced)).is, 'committed');
    await store().releaseLease(lease, 'one');
    assert.equal((await store().commit(fenced)).is, 'repeated');
  });
}

function mistakeTests(store: Suite): void {
  test('a mistake of the program is thrown, names the place, and leaves nothing behind', async () => {
    const project = newProject();
    const fine = commit(project, [write('a', 0, 1)]);
    const mistakes: readonly (readonly [Commit, RegExp])[] = [
      [commit(project, [write('a', 0, 1), write('a', 1, 2)]), /writes flags\/a twice/],
      [{ ...fine, reason: 'a\0b' }, /reason holds a NUL/],
      [{ ...fine, actor: '\ud800' }, /actor holds half of a surrogate pair/],
      [{ ...fine, at_ms: 1.5 }, /at_ms must be a whole number/],
      [{ ...fine, idempotency_key: 'k'.repeat(10_000) }, /idempotency_key is longer than/],
      [commit(project, [write('a', 0, { x: Number.NaN })]), /\/x is not a finite number/],
    ];
    for (const [mistake, message] of mistakes) await assert.rejects(store().commit(mistake), { message });
    await assert.rejects(store().entries(project, { limit: -1 }), { message: /limit must be an integer/ });
    await assert.rejects(store().list(project, 'flags', { limit: 1e9 }), { message: /limit must be an integer/ });
    await assert.rejects(store().acquireLease('x', '', 1, 1), { message: /holder must not be empty/ });
    await assert.rejects(store().acquireLease('x', 'one', 1, 0), { message: /duration_ms must be above 0/ });
    assert.equal((await store().head(project)).seq, 0);
  });
}

function write(key: string, expected: number, after: Write['after']): Write {
  return { noun: 'flags', key, expected, after, action: 'flag.updated' };
}

function commit(project: string, writes: readonly Write[]): Commit {
  return { project, at_ms: 1_000, actor: 'user:ada', reason: 'because', writes };
}

async function committed(
  store: Store,
  project: string,
  writes: readonly Write[],
  whole: Commit = commit(project, writes),
): Promise<readonly LogEntry[]> {
  const outcome = await store.commit(whole);
  assert.ok(outcome.is === 'committed', `expected to be committed, was ${outcome.is}`);
  return outcome.entries;
}

async function wholeLog(store: Store, project: string): Promise<readonly LogEntry[]> {
  return store.entries(project, { limit: 1_000 });
}
