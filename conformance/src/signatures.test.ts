import assert from 'node:assert/strict';
import { createPrivateKey, hash, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseSnapshot, type Snapshot } from '@spillway/evaluator';
import { createSnapshotMessage } from '@spillway/evaluator/signature';

interface Vector {
  readonly private_key: string;
  readonly snapshot: Snapshot;
  readonly canonical: string;
  readonly message: string;
  readonly signature: string;
}

const vector: Vector = JSON.parse(readFileSync(new URL('../signatures.json', import.meta.url), 'utf8'));

test('the published snapshot has the published canonical form, message and signature', () => {
  assert.ok(parseSnapshot(vector.snapshot).ok);
  const hashed: string[] = [];
  const messageOf = createSnapshotMessage((text) => {
    hashed.push(text);
    return hash('sha256', text);
  });
  assert.equal(messageOf(vector.snapshot), vector.message);
  assert.equal(hashed.at(-1), vector.canonical);
  const signature = sign(null, Buffer.from(vector.message), createPrivateKey(vector.private_key));
  assert.equal(signature.toString('base64url'), vector.signature);
});
