import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Segment } from '../segments/segment.ts';
import { segmentSummary } from './segment-summary.ts';

const equals = (value: string) => ({ attribute: 'plan', operator: 'equals', values: [value] }) as const;

const segment = (more: Partial<Segment> = {}): Segment => ({
  key: 'a',
  type: 'rule_based',
  name: '',
  description: '',
  owner: '',
  tags: [],
  when: equals('pro'),
  ...more,
});

const listing = (digest: string, count: number) =>
  segment({ type: 'list', when: { any: [] }, members: { count, chunks: [{ digest, count }] } });

test('beginnings, ends and parts of a segment are told', () => {
  assert.equal(segmentSummary(undefined, segment()), 'created, rule_based');
  assert.equal(segmentSummary(undefined, listing('x', 3)), 'created, list of 3 members');
  assert.equal(segmentSummary(segment(), undefined), 'deleted');
  assert.equal(segmentSummary(segment({ owner: 'shop' }), segment({ owner: 'web' })), 'owner shop → web');
  assert.equal(
    segmentSummary(segment(), segment({ when: equals('free'), priority: 2 })),
    'who belongs: plan is “pro” → plan is “free”, priority 2',
  );
  assert.equal(segmentSummary(segment(), segment({ description: 'x'.repeat(500) })), 'description changed');
  assert.equal(segmentSummary(segment({ parents: ['b'] }), segment()), 'parents no longer b');
  assert.equal(segmentSummary(segment({ managed_by: 'files' }), segment()), 'managed by nobody');
  assert.equal(segmentSummary(segment(), segment({ managed_by: 'files' })), 'managed by files');
  assert.equal(segmentSummary(segment(), segment()), 'nothing that is shown changed');
});

test('of a list it is told how many it names, and that others are named', () => {
  assert.equal(segmentSummary(listing('x', 3), listing('y', 5)), 'list 3 → 5 members');
  assert.equal(segmentSummary(listing('x', 3), listing('y', 3)), 'list of 3 members, others than before');
  assert.equal(segmentSummary(listing('x', 3), listing('x', 3)), 'nothing that is shown changed');
  assert.match(segmentSummary(listing('x', 3), segment()), /^type list → rule_based, .*list of 3 members given up$/);
});
