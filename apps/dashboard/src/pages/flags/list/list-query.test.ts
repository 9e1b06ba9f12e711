import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuery } from './list-query.ts';

test('F8: the address says which flags are listed, and what it cannot say is left out', () => {
  assert.deepEqual(readQuery(''), { search: '', lifecycle: 'active' });
  assert.deepEqual(
    readQuery('q=pay&tag=q4&owner=ana&type=json&env=production&state=off&stale=yes&sort=-updated&lifecycle=archived'),
    {
      search: 'pay',
      lifecycle: 'archived',
      tag: 'q4',
      owner: 'ana',
      type: 'json',
      environment: 'production',
      enabled: false,
      stale: true,
      sort: '-updated',
    },
  );
  assert.deepEqual(readQuery('type=nothing&sort=size&env=production'), { search: '', lifecycle: 'active' });
});
