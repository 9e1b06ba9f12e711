import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '@spillway/stores';
import { accepted, byAdmin, bySdk, sha256, startControl } from '../testing/start-control.ts';

const FOLLOWERS = 100;
const CHANGES = 50;

test('over a SQLite file: each follower has each change when the write is answered, and all of it is there after a restart', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-control-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'spillway.db');

  const store = await openSqliteStore({ file, sha256 });
  const control = await startControl({ store });
  accepted(await control.flags.create(byAdmin(), { key: 'checkout' }));
  const seen = Array.from({ length: FOLLOWERS }, () => 0);
  for (let index = 0; index < FOLLOWERS; index += 1) {
    accepted(await control.snapshots.subscribe(bySdk('production'), undefined, ({ id }) => (seen[index] = id)));
  }
  for (let change = 0; change < CHANGES; change += 1) {
    const input = { enabled: true, percentage: change };
    accepted(await control.flags.updateEnvironment(byAdmin(), 'checkout', 'production', input));
    const { number } = accepted(await control.snapshots.current(bySdk('production'))).snapshot;
    assert.ok(seen.every((id) => id === number));
  }
  accepted(await control.switches.activate(byAdmin(), 'stop', { scope: 'feature', affects: ['checkout'] }));
  const token = accepted(await control.access.issue(byAdmin(), { name: 'ci', kind: 'admin' }));
  const before = accepted(await control.snapshots.current(bySdk('production')));
  await control.stop();
  await store.close();

  const reopened = await openSqliteStore({ file, sha256 });
  const again = await startControl({ store: reopened });
  assert.equal(accepted(await again.snapshots.current(bySdk('production'))).etag, before.etag);
  assert.equal((await again.access.authenticate(token.secret))?.name, 'ci');
  assert.equal(accepted(await again.flags.get(byAdmin(), 'checkout')).version, CHANGES + 1);
  assert.equal(accepted(await again.audit.verify(byAdmin())).is, 'intact');
  await again.stop();
  await reopened.close();
});
