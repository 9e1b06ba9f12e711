import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalise } from '@spillway/core';
import { applyDelta, type Snapshot, type SnapshotDelta } from '@spillway/evaluator';
import fc from 'fast-check';
import { accepted, byAdmin, bySdk, createTestStore, startControl } from '../../testing/start-control.ts';
import type { Control } from '../control.ts';

const SEED = 20_261_121;
const ENVIRONMENTS = ['development', 'production', 'qa'];

const MEMBERS = Array.from({ length: 40 }, (_, index) => `member-${index}`);
const OTHERS = MEMBERS.slice(0, 10).map((member) => `other-${member}`);

type Edit = (control: Control) => Promise<unknown>;

const key = fc.constantFrom('a', 'b', 'c', 'constructor');
const listKey = fc.constantFrom('list', 'other');
const environment = fc.constantFrom('development', 'staging', 'production');

async function* inOne(keys: readonly string[]) {
  yield keys;
}

/** Random edits, many of which are refused; refused ones must leave no trace. */
const edit: fc.Arbitrary<Edit> = fc.oneof(
  key.map(
    (k): Edit =>
      (control) =>
        control.flags.create(byAdmin(), { key: k }),
  ),
  fc.tuple(key, environment, fc.boolean(), fc.integer({ min: 0, max: 100 })).map(
    ([k, e, enabled, percentage]): Edit =>
      (control) =>
        control.flags.updateEnvironment(byAdmin(), k, e, { enabled, percentage }),
  ),
  fc.tuple(key, fc.string()).map(
    ([k, description]): Edit =>
      (control) =>
        control.flags.replace(byAdmin(), k, { key: k, description }),
  ),
  fc.tuple(key, key).map(
    ([k, parent]): Edit =>
      (control) =>
        control.flags.replace(byAdmin(), k, { key: k, parent }),
  ),
  fc.tuple(key, environment, fc.constantFrom('on', 'off')).map(
    ([k, e, off_variant]): Edit =>
      (control) =>
        control.flags.updateEnvironment(byAdmin(), k, e, { off_variant }),
  ),
  key.map(
    (k): Edit =>
      (control) =>
        control.flags.archive(byAdmin(), k),
  ),
  key.map(
    (k): Edit =>
      (control) =>
        control.flags.remove(byAdmin(), k),
  ),
  fc.tuple(key, fc.subarray(['development', 'production'])).map(
    ([k, environments]): Edit =>
      (control) =>
        control.switches.activate(byAdmin(), k, { scope: 'global', environments }),
  ),
  key.map(
    (k): Edit =>
      (control) =>
        control.switches.release(byAdmin(), k),
  ),
  key.map(
    (k): Edit =>
      (control) =>
        control.switches.remove(byAdmin(), k),
  ),
  fc.constant<Edit>((control) =>
    control.environments.create(byAdmin(), { key: 'qa', description: '', protected: false }),
  ),
);

/** Edits of lists, of keys few enough that most meet a list. */
const listEdit: fc.Arbitrary<Edit> = fc.oneof(
  listKey.map(
    (k): Edit =>
      (control) =>
        control.segments.create(byAdmin(), { key: k, type: 'list', members: { keys: MEMBERS } }),
  ),
  fc.tuple(listKey, fc.constantFrom('add', 'remove', 'replace'), fc.subarray([...MEMBERS, ...OTHERS])).map(
    ([k, mode, keys]): Edit =>
      (control) =>
        control.segments.importMembers(byAdmin(), k, mode, inOne(keys)),
  ),
  fc.tuple(listKey, fc.constantFrom('targetingKey', 'mail')).map(
    ([k, by]): Edit =>
      (control) =>
        control.segments.replace(byAdmin(), k, { key: k, type: 'list', members: { by } }),
  ),
  listKey.map(
    (k): Edit =>
      (control) =>
        control.segments.remove(byAdmin(), k),
  ),
);

interface Counted {
  edits: number;
  patches: number;
}

const testAll = (edits: fc.Arbitrary<Edit>, counted: Counted, numRuns: number) =>
  fc.assert(
    fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 25 }), (steps) => testOne(steps, counted)),
    { seed: SEED, numRuns },
  );

async function testOne(steps: readonly Edit[], counted: Counted): Promise<void> {
  const store = createTestStore();
  const control = await startControl({ store });
  const received = new Map<string, Snapshot>();
  const listen = async (name: string) => {
    const outcome = await control.snapshots.subscribe(bySdk(name), undefined, (event) => {
      if (event.text.includes('base_version')) counted.patches += 1;
      const base = received.get(name);
      if (event.event === 'snapshot') received.set(name, event.data);
      else if (event.event === 'delta') received.set(name, apply(base, event.data));
    });
    return outcome.ok;
  };
  for (const name of ENVIRONMENTS) await listen(name);
  for (const step of steps) {
    await step(control);
    if (!received.has('qa')) await listen('qa');
  }
  counted.edits += (await store.head('default')).seq;
  await control.stop();
  const restarted = await startControl({ store });
  for (const name of ENVIRONMENTS) {
    const incremental = await control.snapshots.current(bySdk(name));
    const scratch = await restarted.snapshots.current(bySdk(name));
    assert.equal(scratch.ok, incremental.ok);
    if (!incremental.ok) continue;
    assert.equal(accepted(scratch).text, incremental.value.text);
    assert.equal(canonicalise(JSON.parse(incremental.value.text)), incremental.value.text);
    assert.deepEqual(JSON.parse(incremental.value.text), incremental.value.snapshot);
    assert.deepEqual(received.get(name), incremental.value.snapshot);
  }
  await restarted.stop();
}

test(`folded entry by entry, from scratch, or from deltas: one snapshot (seed ${SEED})`, async () => {
  const counted = { edits: 0, patches: 0 };
  await testAll(edit, counted, 150);
  assert.ok(counted.edits > 300, `only ${counted.edits} entries were written`);
});

test(`S1: the same of lists, whether they come whole or as what changed (seed ${SEED})`, async () => {
  const counted = { edits: 0, patches: 0 };
  await testAll(listEdit, counted, 120);
  assert.ok(counted.edits > 300, `only ${counted.edits} entries were written`);
  assert.ok(counted.patches > 100, `only ${counted.patches} lists were patched`);
});

function apply(base: Snapshot | undefined, delta: SnapshotDelta): Snapshot {
  const after = base && applyDelta(base, delta);
  assert.ok(after, `the delta to ${delta.number} must apply to what came before it, ${base?.number}`);
  return after;
}
