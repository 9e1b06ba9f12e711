import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesBetween, type Definition, definitionOf, inputOf, newSegment, onTopOf } from './definition.ts';
import type { Segment } from './queries.ts';

const SEGMENT: Segment = {
  key: 'beta',
  type: 'list',
  name: 'Beta',
  description: '',
  owner: 'ann',
  tags: ['eu'],
  when: { attribute: 'country', operator: 'in', values: ['DE'] },
  members: { by: 'account', path: ['id'], count: 3, chunks: [{ digest: 'a', count: 3 }] },
  parents: ['customers'],
  version: 4,
};

test('what is edited goes back as the API takes it, and the list stays where it is', () => {
  const definition = definitionOf(SEGMENT);
  assert.equal(definition.listBy, 'account.id');
  assert.deepEqual(inputOf('beta', definition), {
    key: 'beta',
    name: 'Beta',
    description: '',
    owner: 'ann',
    tags: ['eu'],
    when: SEGMENT.when,
    members: { by: 'account', path: ['id'] },
    parents: ['customers'],
    exclusions: [],
  });
});

test('only what differs is told', () => {
  const before = definitionOf(SEGMENT);
  assert.deepEqual(changesBetween(before, definitionOf(SEGMENT)), []);
  const after: Definition = { ...before, owner: 'ben', priority: 5, parents: [] };
  assert.deepEqual(
    changesBetween(before, after).map(({ path }) => path),
    ['owner', 'parents[0]', 'priority'],
  );
});

test('a change put on top of another one keeps both', () => {
  const base = definitionOf(SEGMENT);
  const merged = onTopOf({ ...base, owner: 'theirs' }, base, { ...base, tags: ['mine'], priority: 1 });
  assert.deepEqual([merged.owner, merged.tags, merged.priority], ['theirs', ['mine'], 1]);
});

test('a new segment has nobody in it', () => {
  assert.deepEqual(newSegment('a', 'rules', {}), { key: 'a', when: { any: [] } });
  assert.deepEqual(newSegment('a', 'list', { name: 'A' }), { key: 'a', name: 'A', type: 'list' });
});
