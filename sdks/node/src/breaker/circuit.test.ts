import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admit, type Call, CIRCUIT_LIMITS, type Circuit, type CircuitLimits, CLOSED, settle } from './circuit.ts';

function admitted(circuit: Circuit, now: number, limits: CircuitLimits = CIRCUIT_LIMITS): [Circuit, Call] {
  const admission = admit(circuit, now, limits);
  if (admission.is !== 'admitted') assert.fail('the call was refused');
  return [admission.circuit, admission.call];
}

function after(circuit: Circuit, outcome: 'succeeded' | 'failed', now: number, limits = CIRCUIT_LIMITS): Circuit {
  const [trying, call] = admitted(circuit, now, limits);
  return settle(trying, call, outcome, now, limits);
}

function failTimes(count: number, now: number): Circuit {
  let circuit = CLOSED;
  for (let index = 0; index < count; index += 1) circuit = after(circuit, 'failed', now + index);
  return circuit;
}

test('K5: five failures open it, four do not, and success between them takes none back', () => {
  assert.equal(failTimes(4, 0).is, 'closed');
  assert.equal(failTimes(5, 0).is, 'open');
  assert.equal(after(after(failTimes(4, 0), 'succeeded', 10), 'failed', 11).is, 'open');
});

test('K5: failures that have left the window do not count', () => {
  const before = failTimes(4, 0);
  assert.equal(after(before, 'failed', CIRCUIT_LIMITS.windowMs + 3).is, 'closed');
  assert.equal(after(before, 'failed', CIRCUIT_LIMITS.windowMs - 1).is, 'open');
});

test('K5: a slow success is a failure', () => {
  const limits = { ...CIRCUIT_LIMITS, slowMs: 100, failures: 1 };
  const [circuit, call] = admitted(CLOSED, 0, limits);
  assert.equal(settle(circuit, call, 'succeeded', 100, limits).is, 'closed');
  assert.equal(settle(circuit, call, 'succeeded', 101, limits).is, 'open');
});

test('K5: open for a minute to the millisecond, then at most three trials at once', () => {
  const open = failTimes(5, 0);
  const refused = admit(open, 60_003, CIRCUIT_LIMITS);
  assert.deepEqual(refused, { is: 'refused', circuit: open, retryAfterMs: 1 });
  let [circuit] = admitted(open, 60_004);
  [circuit] = admitted(circuit, 60_005);
  [circuit] = admitted(circuit, 60_006);
  assert.equal(admit(circuit, 60_007, CIRCUIT_LIMITS).is, 'refused');
});

test('K5: five successful trials close it; one that fails opens it for another minute', () => {
  let circuit = failTimes(5, 0);
  for (let count = 0; count < 4; count += 1) circuit = after(circuit, 'succeeded', 70_000 + count);
  assert.equal(circuit.is, 'half_open');
  assert.deepEqual(after(circuit, 'succeeded', 70_010), { is: 'closed', period: 3, failedAt: [] });
  const again = after(circuit, 'failed', 70_010);
  assert.equal(again.is, 'open');
  assert.equal(admit(again, 130_009, CIRCUIT_LIMITS).is, 'refused');
  assert.equal(admit(again, 130_010, CIRCUIT_LIMITS).is, 'admitted');
});

test('K5: what was begun before the circuit opened says nothing about the trials after it', () => {
  const [, late] = admitted(CLOSED, 0);
  const [trying] = admitted(failTimes(5, 0), 61_000);
  assert.equal(settle(trying, late, 'failed', 61_001, CIRCUIT_LIMITS), trying);
  assert.equal(settle(trying, late, 'succeeded', 61_001, CIRCUIT_LIMITS), trying);
});

test('K5: trials that never come back give up their places after a minute', () => {
  let [circuit] = admitted(failTimes(5, 0), 61_000);
  [circuit] = admitted(circuit, 61_000);
  [circuit] = admitted(circuit, 61_000);
  assert.equal(admit(circuit, 120_999, CIRCUIT_LIMITS).is, 'refused');
  assert.equal(after(circuit, 'succeeded', 121_000).is, 'half_open');
});
