import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accept } from '@spillway/core';
import { onEveryStore } from '../../testing/on-every-store.ts';
import {
  accepted,
  byAdmin,
  createTestClock,
  createTestStore,
  refused,
  startControl,
} from '../../testing/start-control.ts';
import type { Control } from '../control.ts';
import type { Store } from '../ports/index.ts';
import { createStructure } from './structure.ts';

const ROUNDS = 8;
const requiring = (flag: string) => ({ prerequisites: [{ flag, variants: ['on'] }] });
const serving = (segment: string) => ({ rules: [{ when: { segment }, serve: { variant: 'on' } }] });

async function replicas(t: { after(done: () => Promise<unknown>): void }, store: Store) {
  const one = await startControl({ store });
  const other = await startControl({ store });
  t.after(() => Promise.all([one.stop(), other.stop()]));
  return [one, other] as const;
}

/** Of two that exclude one another, exactly one is made. */
async function onlyOne(outcomes: Promise<{ readonly ok: boolean }>[]): Promise<void> {
  const made = (await Promise.all(outcomes)).filter(({ ok }) => ok).length;
  assert.equal(made, 1);
}

async function createBoth(control: Control, round: number): Promise<void> {
  for (const name of ['a', 'b']) {
    accepted(await control.flags.create(byAdmin(), { key: `${name}${round}` }));
    accepted(await control.segments.create(byAdmin(), { key: `${name}${round}`, when: { all: [] } }));
  }
}

onEveryStore('F6: two replicas do not close a cycle together, of flags or of segments', async (t, store) => {
  const [one, other] = await replicas(t, store);
  for (let round = 0; round < ROUNDS; round += 1) {
    await createBoth(one, round);
    const [a, b] = [`a${round}`, `b${round}`];
    await onlyOne([
      one.flags.updateEnvironment(byAdmin(), a, 'staging', requiring(b)),
      other.flags.updateEnvironment(byAdmin(), b, 'staging', requiring(a)),
    ]);
    await onlyOne([
      one.segments.replace(byAdmin(), a, { key: a, when: { segment: b } }),
      other.segments.replace(byAdmin(), b, { key: b, when: { segment: a } }),
    ]);
  }
});

onEveryStore('S2: what one replica comes to use, another does not take away at the same moment', async (t, store) => {
  const [one, other] = await replicas(t, store);
  for (let round = 0; round < ROUNDS; round += 1) {
    await createBoth(one, round);
    const [a, b] = [`a${round}`, `b${round}`];
    await onlyOne([
      one.segments.remove(byAdmin(), a),
      other.flags.updateEnvironment(byAdmin(), a, 'staging', serving(a)),
    ]);
    await onlyOne([
      one.flags.archive(byAdmin(), b),
      other.flags.create(byAdmin(), { key: `new-${round}`, environments: { staging: requiring(b) } }),
    ]);
  }
});

onEveryStore('F16: files that are pruned take nothing away that is coming to be used', async (t, store) => {
  const [one, other] = await replicas(t, store);
  const terms = { managed_by: 'shop', prune: true };
  for (let round = 0; round < ROUNDS; round += 1) {
    const [segment, flag] = [`s${round}`, `f${round}`];
    accepted(await one.segments.create(byAdmin(), { key: segment, managed_by: 'shop', when: { all: [] } }));
    accepted(await one.flags.create(byAdmin(), { key: flag }));
    const nothing = { flags: {}, segments: {} };
    const { fingerprint } = accepted(await one.definitions.plan(byAdmin(), nothing, terms));
    await onlyOne([
      one.definitions.apply(byAdmin(), nothing, terms, fingerprint),
      other.flags.updateEnvironment(byAdmin(), flag, 'staging', serving(segment)),
    ]);
    accepted(await one.flags.updateEnvironment(byAdmin(), flag, 'staging', { rules: [] }));
    const left = accepted(await one.definitions.plan(byAdmin(), nothing, terms));
    accepted(await one.definitions.apply(byAdmin(), nothing, terms, left.fingerprint));
  }
});

test('a replica that died in the middle of a change keeps others waiting for its lease and no longer', async (t) => {
  const clock = createTestClock();
  const store = createTestStore();
  const control = await startControl({ store, clock });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  await store.acquireLease('structure/default', 'somebody dead', Math.floor(clock.now()), 200);
  const began = performance.now();
  accepted(await control.flags.archive(byAdmin(), 'a'));
  assert.ok(performance.now() - began > 100, 'it waited');
});

test('a change that took so long that another may have been made meanwhile is not made', async (t) => {
  const inner = createTestStore();
  const store: Store = {
    ...inner,
    async commit(commit) {
      if (commit.fence !== undefined) {
        await inner.releaseLease(commit.fence.lease, await holderOf(inner));
        await inner.acquireLease(commit.fence.lease, 'another', Date.now(), 60_000);
      }
      return inner.commit(commit);
    },
    async acquireLease(...given) {
      holder = given[1];
      return inner.acquireLease(...given);
    },
  };
  let holder = '';
  const holderOf = async (_: Store) => holder;
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  refused(await control.flags.archive(byAdmin(), 'a'), 'unavailable');
  assert.equal(accepted(await control.flags.get(byAdmin(), 'a')).lifecycle, 'active');
});

onEveryStore('a change that takes longer than its lease is prolonged keeps it to the end', async (t, store) => {
  const clock = createTestClock();
  const follower = { catchUp: async () => {} };
  const structure = createStructure({ store, project: 'default', clock, holder: 'mine', follower, held_ms: 600 });
  const began = performance.now();
  const changed = await structure(async (fence) => {
    await clock.sleep(1_500);
    const other = await store.acquireLease(fence.lease, 'another', Math.floor(clock.now()), 1_000);
    return accept(other.is);
  });
  assert.deepEqual(changed, accept('taken'));
  assert.ok(performance.now() - began > 1_000);
  t.diagnostic('the lease ran for 600 ms, the change for 1,500');
});

onEveryStore('the successor of one that died in the middle does not wait for its own lease', async (t, store) => {
  const holder = 'the only one';
  const died = await store.acquireLease('structure/default', holder, Date.now(), 60_000);
  assert.ok(died.is === 'held');
  const control = await startControl({ store, holder });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'parent' }));
  accepted(await control.flags.create(byAdmin(), { key: 'child', parent: 'parent' }));
  const late = { noun: 'flags', key: 'late', expected: 0, after: { key: 'late' }, action: 'flag.created' } as const;
  const frame = { project: 'default', at_ms: Date.now(), actor: 'user:ada', reason: '', writes: [late] };
  const fence = { lease: 'structure/default', fencing: died.fencing };
  assert.deepEqual(
    await store.commit({ ...frame, fence }),
    { is: 'fenced' },
    'a write of the dead one that still comes',
  );
});
