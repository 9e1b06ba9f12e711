import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalise } from '@spillway/core';
import type { Snapshot, SnapshotDelta } from '@spillway/evaluator';
import fc from 'fast-check';
import { accepted, byAdmin, bySdk, createTestStore, startControl } from '../../testing/start-control.ts';
import type { Control } from '../control.ts';

const SEED = 20_261_121;
const ENVIRONMENTS = ['development', 'production', 'qa'];

type Edit = (control: Control) => Promise<unknown>;

const key = fc.constantFrom('a', 'b', 'c', 'constructor');
const environment = fc.constantFrom('development', 'staging', 'production');

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

test(`folded entry by entry, from scratch, or from deltas: one snapshot (seed ${SEED})`, async () => {
  let edits = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 25 }), async (steps) => {
      const store = createTestStore();
      const control = await startControl({ store });
      const received = new Map<string, Snapshot>();
      const listen = async (name: string) => {
        const outcome = await control.snapshots.subscribe(bySdk(name), undefined, (event) => {
          const base = received.get(name);
          if (event.event === 'snapshot') received.set(name, event.data);
          else received.set(name, apply(base, event.data));
        });
        return outcome.ok;
      };
      for (const name of ENVIRONMENTS) await listen(name);
      for (const step of steps) {
        await step(control);
        if (!received.has('qa')) await listen('qa');
      }
      edits += (await store.head('default')).seq;
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
    }),
    { seed: SEED, numRuns: 150 },
  );
  assert.ok(edits > 300, `only ${edits} entries were written`);
});

function apply(base: Snapshot | undefined, delta: SnapshotDelta): Snapshot {
  assert.equal(base?.number, delta.base, 'a delta must apply to what came before it');
  assert.ok(base);
  return {
    ...base,
    number: delta.number,
    flags: merge(base.flags, delta.flags),
    segments: merge(base.segments, delta.segments),
    switches: merge(base.switches, delta.switches),
  };
}

function merge<T>(base: Readonly<Record<string, T>>, changes: Readonly<Record<string, T | null>> = {}) {
  const all = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) all.delete(name);
    else all.set(name, value);
  }
  return Object.fromEntries(all);
}
