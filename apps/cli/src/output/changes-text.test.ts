import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesText } from './changes-text.ts';

test('what is new as a whole is told part by part when it is longer than a line, and nothing is cut off', () => {
  const split = [
    { variant: 'on', percentage: 10 },
    { variant: 'off', percentage: 90 },
  ];
  const rules = [{ id: 'staff', when: { segment: 'testers' }, serve: { variant: 'on' } }];
  const after = { enabled: true, off_variant: 'off', targets: [], rules, fallthrough: { split } };
  assert.deepEqual(changesText([{ path: '/environments/production', after }]), [
    '    /environments/production/enabled: now true',
    '    /environments/production/off_variant: now "off"',
    '    /environments/production/targets: now []',
    `    /environments/production/rules: now ${JSON.stringify(rules)}`,
    `    /environments/production/fallthrough: now ${JSON.stringify({ split })}`,
  ]);
  assert.deepEqual(changesText([{ path: '/environments/production', before: after }]).slice(0, 1), [
    '    /environments/production/enabled: no longer true',
  ]);
});

test('what is short stays whole, and what changed is told from what to what', () => {
  assert.deepEqual(changesText([{ path: '/tags', after: ['web'] }]), ['    /tags: now ["web"]']);
  assert.deepEqual(changesText([{ path: '', before: 1, after: 2 }]), ['    all of it: 1 → 2']);
});

test('of more than anyone reads, the rest is counted', () => {
  const after = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, index]));
  const lines = changesText([{ path: '/metadata', after }]);
  assert.deepEqual([lines.length, lines.at(-1)], [41, '    and 10 more places']);
});
