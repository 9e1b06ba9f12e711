import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { chainInput, GENESIS, verifyChain } from './chain.ts';
import { GENESIS_HASH, type LogEntry } from './entry.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

function log(length: number): LogEntry[] {
  const entries: LogEntry[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const open = {
      project: 'default',
      seq,
      at_ms: 1_000 * seq,
      actor: 'user:ada',
      action: 'flag.updated',
      noun: 'flags',
      key: 'checkout',
      reason: 'weil es so ist — 🙂',
      version: seq,
      before: seq === 1 ? null : { share: seq - 1 },
      after: { share: seq },
      because: null,
      previous_hash: entries.at(-1)?.hash ?? GENESIS_HASH,
    } as const;
    entries.push({ ...open, hash: sha256(chainInput(open)) });
  }
  return entries;
}

test('an untouched chain is intact and ends at its last entry', () => {
  const entries = log(20);
  assert.deepEqual(verifyChain(entries, sha256), { is: 'intact', tip: { seq: 20, hash: entries[19]?.hash } });
  assert.deepEqual(verifyChain([], sha256), { is: 'intact', tip: GENESIS });
});

test('the hashed text is fixed: it must never change for entries already written', () => {
  const [first] = log(1);
  assert.ok(first);
  assert.equal(
    chainInput(first),
    '{"action":"flag.updated","actor":"user:ada","after":{"share":1},"at_ms":1000,"because":null,"before":null,' +
      `"key":"checkout","noun":"flags","previous_hash":"${GENESIS_HASH}","project":"default",` +
      '"reason":"weil es so ist — 🙂","seq":1,"version":1}',
  );
});

test('pages verify one after the other from the tip of the page before', () => {
  const entries = log(10);
  const first = verifyChain(entries.slice(0, 4), sha256);
  assert.ok(first.is === 'intact');
  const second = verifyChain(entries.slice(4), sha256, first.tip);
  assert.deepEqual(second, verifyChain(entries, sha256));
  assert.deepEqual(verifyChain(entries.slice(5), sha256, first.tip), {
    is: 'broken',
    seq: 6,
    fault: 'gap',
    expected: 5,
    actual: 6,
  });
});

test(`any change to any field of any entry is found, and the first broken entry is named (seed ${seed})`, () => {
  const entries = log(12);
  const changes: readonly ((entry: LogEntry) => LogEntry)[] = [
    (entry) => ({ ...entry, project: 'other' }),
    (entry) => ({ ...entry, at_ms: entry.at_ms + 1 }),
    (entry) => ({ ...entry, actor: 'user:mallory' }),
    (entry) => ({ ...entry, action: 'flag.created' }),
    (entry) => ({ ...entry, noun: 'segments' }),
    (entry) => ({ ...entry, key: 'checkout2' }),
    (entry) => ({ ...entry, reason: '' }),
    (entry) => ({ ...entry, version: entry.version + 1 }),
    (entry) => ({ ...entry, before: { share: -1 } }),
    (entry) => ({ ...entry, after: null }),
    (entry) => ({ ...entry, because: { p: 0.04 } }),
    (entry) => ({ ...entry, reason: '\ud800' }),
    (entry) => ({ ...entry, hash: sha256(entry.hash) }),
    (entry) => ({ ...entry, previous_hash: sha256(entry.previous_hash) }),
  ];
  fc.assert(
    fc.property(fc.nat(11), fc.constantFrom(...changes), (at, change) => {
      const altered = entries.map((entry, index) => (index === at ? change(entry) : entry));
      const verdict = verifyChain(altered, sha256);
      assert.ok(verdict.is === 'broken');
      assert.equal(verdict.seq, at + 1);
    }),
    { seed, numRuns: 300 },
  );
});

test('an entry that was altered and hashed anew betrays itself in the entry after it', () => {
  const entries = log(5);
  const [, , third] = entries;
  assert.ok(third);
  const forged = { ...third, actor: 'user:mallory' };
  const altered = entries.with(2, { ...forged, hash: sha256(chainInput(forged)) });
  const verdict = verifyChain(altered, sha256);
  assert.ok(verdict.is === 'broken');
  assert.deepEqual([verdict.seq, verdict.fault], [4, 'previous_hash']);
});

test('a removed, repeated or swapped entry is a gap', () => {
  const entries = log(5);
  const [one, two, three] = entries;
  assert.ok(one && two && three);
  for (const [altered, seq] of [
    [entries.toSpliced(1, 1), 3],
    [[one, two, two, three], 2],
    [[one, three, two], 3],
  ] as const) {
    const verdict = verifyChain(altered, sha256);
    assert.ok(verdict.is === 'broken');
    assert.deepEqual([verdict.seq, verdict.fault], [seq, 'gap']);
  }
});
