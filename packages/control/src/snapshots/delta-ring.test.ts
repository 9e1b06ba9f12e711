import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createDeltaRing, type DeltaEvent } from './delta-ring.ts';

function delta(base: number, number: number, characters = 10): DeltaEvent {
  const data = { format: 'spillway.delta/1', project: 'p', environment: 'e', base, number } as const;
  return { event: 'delta', id: number, data, text: 'x'.repeat(characters) };
}

test('deltas are given from the base that was asked for, or not at all', () => {
  const ring = createDeltaRing();
  for (const [base, number] of [
    [3, 5],
    [5, 6],
    [6, 9],
  ] as const) {
    ring.push(delta(base, number));
  }
  assert.deepEqual(
    ring.since(5)?.map(({ id }) => id),
    [6, 9],
  );
  assert.equal(ring.since(3)?.length, 3);
  for (const base of [2, 4, 7, 9, 10]) assert.equal(ring.since(base), undefined);
});

test('what the ring has dropped is let go of, not only hidden', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: unknown = runInNewContext('gc');
  assert.ok(typeof collectGarbage === 'function');
  const ring = createDeltaRing(1_000, 40);
  const dropped: WeakRef<DeltaEvent>[] = [];
  for (let number = 1; number <= 100; number += 1) {
    const event = delta(number - 1, number);
    if (number < 80) dropped.push(new WeakRef(event));
    ring.push(event);
  }
  // Within one turn a weak reference keeps what it refers to.
  await setImmediate();
  collectGarbage();
  assert.equal(dropped.filter((one) => one.deref() !== undefined).length, 0);
  assert.equal(ring.since(96)?.length, 4);
});

test('the ring is bounded by number and by size, and the newest stay', () => {
  const few = createDeltaRing(3, 1_000);
  for (let number = 1; number <= 20; number += 1) few.push(delta(number - 1, number));
  assert.equal(few.since(17)?.length, 3);
  assert.equal(few.since(16), undefined);
  const small = createDeltaRing(100, 25);
  for (let number = 1; number <= 10; number += 1) small.push(delta(number - 1, number));
  assert.equal(small.since(8)?.length, 2);
  assert.equal(small.since(7), undefined);
  small.push(delta(10, 11, 30));
  assert.equal(small.since(10), undefined);
});
