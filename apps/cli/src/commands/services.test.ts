import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallOutput } from '@spillway/contract';
import { instancesTable } from './services.ts';

type Status = CallOutput<'serviceStatus'>;

function status(...instances: Status['instances']): Status {
  const shares = { v1: 90_000, v2: 10_000 };
  return {
    key: 'shop',
    environment: 'production',
    desired_shares: shares,
    actual_shares: shares,
    instances,
    series: [],
  };
}

const healthy = { id: 'v1-a', version: 'v1', url: 'http://127.0.0.1:20001', state: 'healthy', restarts: 0 } as const;
const broken = { id: 'v2-b', version: 'v2', url: 'http://127.0.0.1:20002', state: 'backing_off', restarts: 4 } as const;

test('the status of a service without problems has no column for them', () => {
  assert.deepEqual(instancesTable(status(healthy)).split('\n'), [
    'INSTANCE  VERSION  STATE    SHARE  RESTARTS  URL',
    'v1-a      v1       healthy  90 %   0         http://127.0.0.1:20001',
  ]);
});

test('a problem is told beside its instance, on one line and without steering the terminal', () => {
  const problem = 'Command not found:\u001b[2J\n nodee';
  assert.deepEqual(instancesTable(status(healthy, { ...broken, problem })).split('\n'), [
    'INSTANCE  VERSION  STATE        SHARE  RESTARTS  URL                     PROBLEM',
    'v1-a      v1       healthy      90 %   0         http://127.0.0.1:20001  -',
    'v2-b      v2       backing off  10 %   4         http://127.0.0.1:20002  Command not found: [2J nodee',
  ]);
});
