import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry } from '@spillway/core';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, createTestStore, refused, sha256, startControl } from '../../testing/start-control.ts';
import type { Control } from '../control.ts';
import type { Store } from '../ports/index.ts';

async function createFlags(control: Control, count: number, prefix = 'flag'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    accepted(await control.flags.create(byAdmin(), { key: `${prefix}-${index}` }));
  }
}

test('a follower that has seen more than there is, as after a restore, hears what comes next', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const heard: number[] = [];
  const subscription = accepted(await control.audit.subscribe(byAdmin(), 1_000_000, ({ seq }) => heard.push(seq)));
  t.after(() => subscription.close());
  await createFlags(control, 2);
  assert.equal(heard.length, 2);
});

test('P8: the log shows who issued which token, and nothing of its secret', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const heard: LogEntry[] = [];
  const subscription = accepted(await control.audit.subscribe(byAdmin(), undefined, (entry) => heard.push(entry)));
  t.after(() => subscription.close());
  const { key, secret } = accepted(await control.access.issue(byAdmin(), { name: 'ci', kind: 'admin' }));
  accepted(await control.access.revoke(byAdmin(), key));
  const { items } = accepted(await control.audit.list(byAdmin(), { limit: 10, noun: 'access' }));
  assert.deepEqual(
    items.map(({ action }) => action),
    ['token.revoked', 'token.issued'],
  );
  for (const shown of [items, heard]) {
    const text = JSON.stringify(shown);
    assert.ok(text.includes('"name":"ci"') && !/sha256/.test(text) && !text.includes(sha256(secret)), text);
  }
  assert.equal(accepted(await control.audit.verify(byAdmin())).is, 'intact');
});

onEveryStore('F12: who, when, why, before and after, newest first, filtered and paged', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  await createFlags(control, 7);
  accepted(
    await control.flags.updateEnvironment(byAdmin({ reason: 'ramp' }), 'flag-3', 'production', { enabled: true }),
  );
  const [newest] = accepted(await control.audit.list(byAdmin(), { limit: 1 })).items;
  assert.deepEqual([newest?.action, newest?.actor, newest?.reason], ['flag.updated', 'token:ann', 'ramp']);
  assert.notDeepEqual(newest?.before, newest?.after);
  const ofOne = accepted(await control.audit.list(byAdmin(), { limit: 9, noun: 'flags', key: 'flag-3' })).items;
  assert.deepEqual(
    ofOne.map(({ version }) => version),
    [2, 1],
  );
  for (const [environment, found] of [
    ['production', [2, 1]],
    ['staging', [1]],
  ] as const) {
    const query = { limit: 9, noun: 'flags', key: 'flag-3', environment } as const;
    const { items } = accepted(await control.audit.list(byAdmin(), query));
    assert.deepEqual(
      items.map(({ version }) => version),
      found,
      environment,
    );
  }
  const seqs: number[] = [];
  let cursor: string | undefined;
  do {
    const page = accepted(await control.audit.list(byAdmin(), { limit: 4, ...(cursor ? { cursor } : {}) }));
    seqs.push(...page.items.map(({ seq }) => seq));
    cursor = page.next;
  } while (cursor !== undefined);
  assert.deepEqual(
    seqs,
    Array.from({ length: 11 }, (_, index) => 11 - index),
  );
  refused(await control.audit.list(byAdmin(), { limit: 4, cursor: '61756469743a78' }), 'invalid', '/cursor');
});

test('the chain verifies, and the first entry that was changed, lost or cut off is named', async (t) => {
  const store = createTestStore();
  const control = await startControl({ store });
  t.after(() => control.stop());
  await createFlags(control, 5);
  const head = await store.head('default');
  assert.deepEqual(accepted(await control.audit.verify(byAdmin())), { is: 'intact', entries: 8, head: head.hash });

  const tampering = async (change: (entries: LogEntry[]) => LogEntry[]) => {
    const tampered: Store = {
      ...store,
      async entries(project, filter) {
        const all = change([...(await store.entries(project, { limit: 100 }))]);
        return all.filter(({ seq }) => seq > (filter.after ?? 0)).slice(0, filter.limit);
      },
    };
    const over = await startControl({ store: tampered });
    t.after(() => over.stop());
    const verdict = accepted(await over.audit.verify(byAdmin()));
    return verdict.is === 'broken' ? verdict.seq : undefined;
  };
  assert.equal(await tampering((all) => all), undefined);
  assert.equal(await tampering((all) => all.map((e) => (e.seq === 5 ? { ...e, actor: 'nobody' } : e))), 5);
  assert.equal(await tampering((all) => all.filter(({ seq }) => seq !== 4)), 4);
  assert.equal(await tampering((all) => all.slice(0, -1)), 8);
});

test('a follower of changes gets each entry once and in order: the past first, then what comes', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  await createFlags(control, 5);
  const heard: number[] = [];
  const late: number[] = [];
  const subscription = accepted(await control.audit.subscribe(byAdmin(), 0, ({ seq }) => heard.push(seq)));
  accepted(await control.audit.subscribe(byAdmin(), undefined, ({ seq }) => late.push(seq)));
  accepted(
    await control.audit.subscribe(byAdmin(), 0, () => {
      throw new Error('connection gone');
    }),
  );
  await createFlags(control, 5, 'more');
  for (let turn = 0; turn < 100 && heard.length < 13; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    heard,
    Array.from({ length: 13 }, (_, index) => index + 1),
  );
  assert.deepEqual(late, [9, 10, 11, 12, 13]);
  subscription.close();
  await createFlags(control, 1, 'last');
  assert.equal(heard.length, 13);
});

onEveryStore(
  'F12: the log says what each change of a flag or segment did, in the words of its history',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    await createFlags(control, 1);
    accepted(await control.flags.updateEnvironment(byAdmin(), 'flag-0', 'staging', { enabled: true }));
    accepted(await control.segments.create(byAdmin(), { key: 'beta', when: { all: [] } }));
    const { items } = accepted(await control.audit.list(byAdmin(), { limit: 3 }));
    assert.deepEqual(
      items.map(({ summary }) => summary),
      ['created, rule_based', 'staging: turned on', 'created, off everywhere'],
    );
    const history = accepted(await control.flags.history(byAdmin(), 'flag-0', { limit: 5 }));
    assert.deepEqual(
      history.items.map(({ summary }) => summary),
      items.slice(1).map(({ summary }) => summary),
    );
    const [environment] = accepted(await control.audit.list(byAdmin(), { limit: 1, noun: 'environments' })).items;
    assert.equal(environment && 'summary' in environment, false);
  },
);

onEveryStore('F12: the log is narrowed to a person, a time and words, and exported in full', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  await createFlags(control, 3);
  const before = accepted(await control.audit.list(byAdmin(), { limit: 1 })).items[0]?.at_ms ?? 0;
  accepted(
    await control.flags.updateEnvironment(byAdmin({ reason: 'Black Friday' }), 'flag-1', 'production', {
      enabled: true,
    }),
  );
  const found = async (filter: object) =>
    accepted(await control.audit.list(byAdmin(), { limit: 50, ...filter })).items.map(({ key }) => key);
  assert.deepEqual(await found({ search: 'bLACK' }), ['flag-1']);
  assert.deepEqual(await found({ search: 'flag-2' }), ['flag-2']);
  assert.deepEqual(await found({ actor: 'ann', noun: 'flags' }), ['flag-1', 'flag-2', 'flag-1', 'flag-0']);
  assert.deepEqual(await found({ actor: 'token:ann', noun: 'flags', key: 'flag-0' }), ['flag-0']);
  assert.deepEqual(await found({ actor: 'an' }), []);
  assert.deepEqual(await found({ from: before + 1, to: before + 1 }), []);
  assert.equal((await found({ to: before + 1_000_000, noun: 'flags' })).length, 4);
  assert.deepEqual(await found({ to: 0 }), []);
  const exported: (string | undefined)[][] = [];
  for await (const chunk of accepted(await control.audit.export(byAdmin(), { noun: 'flags', search: 'flag' }))) {
    exported.push(...chunk.map(({ key, summary }) => [key, summary]));
  }
  assert.deepEqual(exported, [
    ['flag-1', 'production: turned on'],
    ['flag-2', 'created, off everywhere'],
    ['flag-1', 'created, off everywhere'],
    ['flag-0', 'created, off everywhere'],
  ]);
});

onEveryStore('a search for something rare looks at so many entries and goes on from there', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin({ reason: 'needle' }), { key: 'rare' }));
  const writes = Array.from({ length: 60 }, (_, index) => index);
  for (const index of writes) accepted(await control.flags.create(byAdmin(), { key: `hay-${index}` }));
  let cursor: string | undefined;
  let pages = 0;
  const found: string[] = [];
  do {
    const page: { items: readonly LogEntry[]; next?: string } = accepted(
      await control.audit.list(byAdmin(), { limit: 1, search: 'needle', ...(cursor === undefined ? {} : { cursor }) }),
    );
    found.push(...page.items.map(({ key }) => key));
    cursor = page.next;
    pages += 1;
  } while (cursor !== undefined && pages < 100);
  assert.deepEqual(found, ['rare']);
});
