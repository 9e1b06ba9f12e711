import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accepted,
  byAdmin,
  bySdk,
  createTestClock,
  createTestStore,
  refused,
  sha256,
  startControl,
} from '../../testing/start-control.ts';
import { SESSION_MS } from './sessions.ts';
import { SIGN_IN_CODE_MS } from './sign-in-codes.ts';

test('P8: a token works until it is revoked, on every replica, and only its hash is stored', async (t) => {
  const store = createTestStore();
  const [one, other] = await Promise.all([startControl({ store }), startControl({ store })]);
  t.after(() => Promise.all([one.stop(), other.stop()]));
  const sdk = accepted(await one.access.issue(byAdmin(), { name: 'shop', kind: 'sdk', environment: 'production' }));
  assert.match(sdk.secret, /^spw_sdk_production_[\w-]{43}$/);
  assert.deepEqual(await one.access.authenticate(sdk.secret), {
    kind: 'sdk',
    project: 'default',
    name: 'shop',
    environment: 'production',
  });
  assert.equal(await one.access.authenticateSession(sdk.secret), undefined);
  const admin = accepted(await one.access.issue(byAdmin(), { name: 'ci', kind: 'admin' }));
  assert.match(admin.secret, /^spw_admin_/);
  const everything = JSON.stringify(await store.entries('default', { limit: 100 }));
  assert.ok(!everything.includes(sdk.secret) && everything.includes(sha256(sdk.secret)));
  const listed = accepted(await one.access.list(byAdmin(), { limit: 10 })).items;
  assert.deepEqual(listed.map(({ name }) => name).sort(), ['ci', 'shop']);
  assert.ok(listed.every((token) => !('secret_sha256' in token) && !('version' in token)));
  accepted(await one.access.revoke(byAdmin(), sdk.key));
  assert.equal(await one.access.authenticate(sdk.secret), undefined);
  accepted(await other.flags.create(byAdmin(), { key: 'a' })); // brings the other replica up to the log's end
  assert.equal(await other.access.authenticate(sdk.secret), undefined);
  assert.notEqual(await other.access.authenticate(admin.secret), undefined);
  refused(await one.access.revoke(byAdmin(), sdk.key), 'not_found');
});

test('P8: a key and a session that another replica has just issued count here at once, whatever strangers ask meanwhile', async (t) => {
  const memory = createTestStore();
  let reading = 0;
  let most = 0;
  const entries: typeof memory.entries = async (...asked) => {
    reading += 1;
    most = Math.max(most, reading);
    try {
      return await memory.entries(...asked);
    } finally {
      reading -= 1;
    }
  };
  const [one, other] = await Promise.all([
    startControl({ store: memory }),
    startControl({ store: { ...memory, entries } }),
  ]);
  t.after(() => Promise.all([one.stop(), other.stop()]));
  for (let round = 0; round < 5; round += 1) {
    const strangers = Array.from({ length: 200 }, (_, index) => other.access.authenticate(`spw_sdk_x_${index}`));
    const input = { name: 'shop', kind: 'sdk', environment: 'production' } as const;
    const { secret } = accepted(await one.access.issue(byAdmin(), input));
    assert.notEqual(await other.access.authenticate(secret), undefined);
    const session = accepted(await one.access.signIn(one.access.createSignInCode()));
    assert.notEqual(await other.access.authenticateSession(session.secret), undefined);
    assert.deepEqual(await Promise.all(strangers), Array(200).fill(undefined));
  }
  assert.equal(most, 1, 'readers of the log at a time');
});

test('what was never issued is nobody while the log cannot be read', async (t) => {
  const memory = createTestStore();
  let away = false;
  const entries: typeof memory.entries = (...asked) =>
    away ? Promise.reject(new Error('away')) : memory.entries(...asked);
  const control = await startControl({ store: { ...memory, entries } });
  t.after(() => control.stop());
  away = true;
  assert.equal(await control.access.authenticate('spw_sdk_production_nobody'), undefined);
});

test('a token expires by the clock; junk is nobody', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  const token = accepted(await control.access.issue(byAdmin(), { name: 'a', kind: 'admin', expires_in_ms: 60_000 }));
  clock.skip(59_000);
  assert.notEqual(await control.access.authenticate(token.secret), undefined);
  clock.skip(1_000);
  assert.equal(await control.access.authenticate(token.secret), undefined);
  for (const junk of ['', 'nothing', sha256(token.secret), `${token.secret}x`, 'x'.repeat(100_000), '__proto__']) {
    assert.equal(await control.access.authenticate(junk), undefined);
  }
});

test('a token request that makes no sense is refused by field', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const issue = control.access.issue;
  refused(await issue(byAdmin(), { name: 'a', kind: 'sdk' }), 'invalid', '/environment');
  refused(await issue(byAdmin(), { name: 'a', kind: 'sdk', environment: 'prod' }), 'invalid', '/environment');
  refused(await issue(byAdmin(), { name: 'a', kind: 'admin', environment: 'staging' }), 'invalid', '/environment');
  refused(await issue(byAdmin(), { name: ' ', kind: 'admin' }), 'invalid', '/name');
  refused(await issue(byAdmin(), { name: 'a', kind: 'admin', expires_in_ms: 0.5 }), 'invalid', '/expires_in_ms');
});

test('a repeated request for a token makes no second one and cannot show the secret again', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const call = byAdmin({ idempotency_key: 'k' });
  const token = accepted(await control.access.issue(call, { name: 'a', kind: 'admin' }));
  const refusal = refused(await control.access.issue(call, { name: 'a', kind: 'admin' }), 'conflict');
  assert.match(refusal.message, new RegExp(token.key));
  assert.equal(accepted(await control.access.list(byAdmin(), { limit: 10 })).items.length, 1);
});

test('a sign-in code works once and for ten minutes; the session outlives a restart and ends at sign-out', async (t) => {
  const clock = createTestClock();
  const store = createTestStore();
  const first = await startControl({ store, clock });
  const code = first.access.createSignInCode();
  const late = first.access.createSignInCode();
  const { secret, principal, expires_at_ms } = accepted(await first.access.signIn(code));
  assert.equal(principal.kind, 'admin');
  assert.ok(Math.abs(expires_at_ms - clock.now() - SESSION_MS) < 5_000);
  refused(await first.access.signIn(code), 'unauthenticated');
  clock.skip(SIGN_IN_CODE_MS);
  refused(await first.access.signIn(late), 'unauthenticated');
  await first.stop();

  const second = await startControl({ store, clock });
  t.after(() => second.stop());
  assert.deepEqual(await second.access.authenticateSession(secret), principal);
  assert.equal(await second.access.authenticate(secret), undefined);
  assert.deepEqual(accepted(await second.access.list(byAdmin(), { limit: 10 })).items, []);
  await second.access.signOut(secret);
  await second.access.signOut(secret);
  assert.equal(await second.access.authenticateSession(secret), undefined);

  const again = accepted(await second.access.signIn(second.access.createSignInCode()));
  clock.skip(SESSION_MS);
  assert.equal(await second.access.authenticateSession(again.secret), undefined);
  accepted(await second.access.signIn(second.access.createSignInCode()));
  const kept = await store.list('default', 'access', { limit: 10 });
  assert.equal(kept.length, 1, 'expired sessions are cleared away');
});

test('an admin may ask for a sign-in code, an SDK key may not', async (t) => {
  const clock = createTestClock();
  const control = await startControl({ clock });
  t.after(() => control.stop());
  const before = clock.now();
  const { code, expires_at_ms } = accepted(await control.access.offerSignIn(byAdmin()));
  const offeredAt = expires_at_ms - SIGN_IN_CODE_MS;
  assert.ok(before <= offeredAt && offeredAt <= clock.now(), 'counted from when it was offered');
  accepted(await control.access.signIn(code));
  refused(await control.access.offerSignIn(bySdk('production')), 'forbidden');
});

test('the first admin token is made once, or is the one that was given', async (t) => {
  const store = createTestStore();
  const control = await startControl({ store });
  t.after(() => control.stop());
  const { secret } = accepted(await control.access.bootstrap());
  assert.ok(secret);
  assert.notEqual(await control.access.authenticate(secret), undefined);
  assert.deepEqual(accepted(await control.access.bootstrap()), {});
  refused(await control.access.bootstrap('short'), 'invalid');
  const given = 'a-secret-from-the-environment';
  accepted(await control.access.bootstrap(given));
  const head = await store.head('default');
  assert.deepEqual(accepted(await control.access.bootstrap(given)), {});
  assert.deepEqual(await store.head('default'), head);
  assert.notEqual(await control.access.authenticate(given), undefined);
  assert.equal(
    await control.access.authenticate(secret),
    undefined,
    'the given secret takes the place of the made one',
  );
});
