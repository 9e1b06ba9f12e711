import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { applyDelta, type Snapshot } from '@spillway/evaluator';
import { createSnapshotMessage } from '@spillway/evaluator/signature';
import { accepted, byAdmin, bySdk, createTestStore, sha256, startControl } from '../../testing/start-control.ts';
import type { Control } from '../control.ts';
import type { SnapshotEvent } from './use-cases.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signWith = (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64url');
const ENVIRONMENTS = ['staging', 'production'] as const;

function assertSigned(snapshot: Snapshot): void {
  const message = Buffer.from(createSnapshotMessage(sha256)(snapshot));
  const signature = Buffer.from(snapshot.signature ?? '', 'base64url');
  assert.ok(verify(null, message, publicKey, signature), `${snapshot.environment} ${snapshot.number}`);
}

/** The snapshot that the event leads to, as a client holds it: from the text, not from what the server holds. */
function after(held: Snapshot | undefined, { event, text }: SnapshotEvent): Snapshot | undefined {
  if (event === 'snapshot') return JSON.parse(text);
  return event === 'delta' && held !== undefined ? applyDelta(held, JSON.parse(text)) : held;
}

async function changeEverything(control: Control): Promise<void> {
  const by = byAdmin();
  accepted(await control.flags.create(by, { key: 'parent', environments: { staging: { enabled: true } } }));
  accepted(await control.flags.create(by, { key: 'child', parent: 'parent' }));
  accepted(await control.segments.create(by, { key: 'staff', members: { keys: ['ann', 'bob'] } }));
  accepted(await control.segments.replace(by, 'staff', { key: 'staff', members: { keys: ['ann', 'eve'] } }));
  accepted(await control.switches.activate(by, 's', { scope: 'global', environments: ['staging'] }));
  accepted(await control.switches.release(by, 's'));
  accepted(await control.flags.remove(by, 'child'));
  accepted(await control.segments.remove(by, 'staff'));
}

test('with a key to sign with, every snapshot is signed and stays so through every change', async (t) => {
  const store = createTestStore();
  const control = await startControl({ store, sign: signWith });
  t.after(() => control.stop());
  const held = new Map<string, Snapshot | undefined>();
  let checked = 0;
  for (const environment of ENVIRONMENTS) {
    accepted(
      await control.snapshots.subscribe(bySdk(environment), undefined, (event) => {
        const snapshot = after(held.get(environment), event);
        assert.ok(snapshot !== undefined);
        assertSigned(snapshot);
        held.set(environment, snapshot);
        checked += 1;
      }),
    );
  }
  await changeEverything(control);
  assert.ok(checked >= 14, `${checked} states were seen`);

  const again = await startControl({ store, sign: signWith });
  t.after(() => again.stop());
  for (const environment of ENVIRONMENTS) {
    const { snapshot, text } = accepted(await control.snapshots.current(bySdk(environment)));
    assert.deepEqual(JSON.parse(text), snapshot);
    assert.deepEqual(snapshot, held.get(environment));
    const other = accepted(await again.snapshots.current(bySdk(environment)));
    assert.equal(other.text, text, 'a replica with the same key says the same');
  }
});

test('without one nothing is signed', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const texts: string[] = [];
  accepted(await control.snapshots.subscribe(bySdk('staging'), undefined, ({ text }) => void texts.push(text)));
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  assert.equal(texts.length, 2);
  assert.ok(!texts.join().includes('signature'));
});
