import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { applyDelta } from '../payload/apply-delta.ts';
import type { FlagDefinition, Snapshot } from '../snapshot.ts';
import { createSnapshotMessage } from './snapshot-message.ts';

const sha256 = (text: string) => hash('sha256', text);
const messageOf = (snapshot: Snapshot) => createSnapshotMessage(sha256)(snapshot);

function flag(key: string, variant = 'on'): FlagDefinition {
  return {
    ...{ key, version: 1, type: 'boolean', services: [], enabled: true, off_variant: 'off', targets: [], rules: [] },
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    fallthrough: { variant },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: key },
  };
}

const members = { algorithm: 'spillway-fingerprint-1', fingerprints: 'AAAAAAAABAAAAAAAAD' } as const;
const snapshot: Snapshot = {
  ...{ format: 'spillway.snapshot/1', project: 'shop', environment: 'production', number: 7 },
  flags: { a: flag('a'), b: flag('b') },
  segments: { staff: { key: 'staff', version: 2, when: { any: [] }, members } },
  switches: { stop: { key: 'stop', version: 1, scope: 'feature', affects: ['a'] } },
};

test('the message stays the same whatever order members came in, and has no part in the signature', () => {
  const { switches, segments, flags, ...frame } = snapshot;
  const turned: Snapshot = { switches, segments, flags: { b: flag('b'), a: flag('a') }, signature: 'x', ...frame };
  assert.equal(messageOf(turned), messageOf(snapshot));
  assert.match(messageOf(snapshot), /^spillway\.snapshot-signature\/1\n[0-9a-f]{64}$/);
});

test('whatever changes in a snapshot changes the message', () => {
  const { a, b } = snapshot.flags;
  assert.ok(a !== undefined && b !== undefined);
  const staff = snapshot.segments.staff;
  assert.ok(staff !== undefined);
  const changes: Record<string, object> = {
    'a value': { flags: { a: { ...a, variants: [{ name: 'on', value: false }, a.variants[1]] }, b } },
    'a removed flag': { flags: { a } },
    'an added flag': { flags: { a, b, c: flag('c') } },
    'a flag under the definition of another': { flags: { a: b, b: a } },
    'a member of a segment': {
      segments: { staff: { ...staff, members: { ...members, fingerprints: 'AAAAAAAABAAAAAAAAE' } } },
    },
    'a removed segment': { segments: {} },
    'a released switch': { switches: {} },
    'what a switch affects': { switches: { stop: { ...snapshot.switches.stop, affects: ['b'] } } },
    'the number': { number: 8 },
    'the environment': { environment: 'staging' },
    'the project': { project: 'other' },
    'a field of a later version': { later: true },
    'what is essential': { essential: ['flags'] },
  };
  const messages = Object.entries(changes).map(([what, change]) => [what, messageOf({ ...snapshot, ...change })]);
  assert.equal(new Set([messageOf(snapshot), ...messages.map(([, message]) => message)]).size, messages.length + 1);
});

test('keys that are names of the language are keys', () => {
  const flags = Object.fromEntries([['__proto__', flag('__proto__')]]);
  assert.notEqual(messageOf({ ...snapshot, flags }), messageOf({ ...snapshot, flags: {} }));
});

test('after a change it is that of the whole, and only what changed is digested', () => {
  let hashed = 0;
  const remembering = createSnapshotMessage((text) => {
    hashed += 1;
    return sha256(text);
  });
  remembering(snapshot);
  assert.equal(hashed, 4, 'two flags, a segment and all of it');
  const after = applyDelta(
    { ...snapshot, signature: 'of 7' },
    {
      ...{ format: 'spillway.delta/1', project: 'shop', environment: 'production', base: 7, number: 8 },
      flags: { a: null, b: flag('b', 'off') },
      segments: {
        staff: {
          ...{ key: 'staff', version: 3, when: { any: [] } },
          members: {
            ...{ algorithm: 'spillway-fingerprint-1', base_version: 2, count: 2 },
            ...{ added: 'AAAAAAAAE', removed: 'AAAAAAAAD' },
          },
        },
      },
      signature: 'of 8',
    },
  );
  assert.equal(after?.signature, 'of 8');
  const whole: Snapshot = {
    ...snapshot,
    number: 8,
    flags: { b: flag('b', 'off') },
    segments: {
      staff: {
        ...{ key: 'staff', version: 3, when: { any: [] } },
        members: { ...members, fingerprints: 'AAAAAAAABAAAAAAAAE' },
      },
    },
  };
  assert.equal(remembering(after), messageOf(whole));
  assert.equal(hashed, 7, 'a flag, a segment and all of it');
  assert.equal(remembering({ ...after, flags: { a: flag('a'), ...after.flags } }) === messageOf(whole), false);
});

test('of what goes nothing is remembered: when it comes back it is digested anew', () => {
  const digested: string[] = [];
  const remembering = createSnapshotMessage((text) => {
    digested.push(text);
    return sha256(text);
  });
  const { a, b } = snapshot.flags;
  assert.ok(a !== undefined && b !== undefined);
  remembering(snapshot);
  const replaced: Snapshot = { ...snapshot, flags: { b, c: flag('c') } };
  assert.equal(remembering(replaced), messageOf(replaced));
  digested.length = 0;
  assert.equal(remembering(snapshot), messageOf(snapshot));
  assert.deepEqual(
    digested.map((text) => JSON.parse(text).key).filter((key) => key !== undefined),
    ['a'],
  );
});

test('a change without a signature leaves none behind', () => {
  const { project, environment } = snapshot;
  const delta = { format: 'spillway.delta/1', project, environment, base: 7, number: 8 } as const;
  const after = applyDelta({ ...snapshot, signature: 'of 7' }, delta);
  assert.ok(after !== undefined && !('signature' in after));
});

test('what has no canonical form has no message', () => {
  assert.throws(() => messageOf({ ...snapshot, project: '\ud800' }), TypeError);
});
