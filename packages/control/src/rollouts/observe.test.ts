import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instance } from '../ports/index.ts';
import { countInstances } from './observe.ts';

function instance(version: string, state: Instance['state'], problem?: string): Instance {
  const rest = problem === undefined ? {} : { problem };
  return { id: `${version}-a`, version, url: 'http://127.0.0.1:1', state, restarts: 0, ...rest };
}

test('what is wrong with a version is the first problem of an instance that is wanted and not healthy', () => {
  const counts = countInstances([
    instance('v1', 'healthy', 'was slow once'),
    instance('v2', 'stopping', 'of one that goes'),
    instance('v2', 'starting'),
    instance('v2', 'backing_off', 'Command not found: nodee'),
    instance('v2', 'unhealthy', 'it answered 503'),
  ]);
  assert.deepEqual(counts, {
    v1: { desired: 1, healthy: 1, failing: 0 },
    v2: { desired: 3, healthy: 0, failing: 2, problem: 'Command not found: nodee' },
  });
});
