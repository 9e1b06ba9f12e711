import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plotMembership } from './membership.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 12, minute)).toISOString();
const counted = { profiles: 100, sampled: 100 };

test('counts stand at their moments, the highest at the top', () => {
  const { line, top } = plotMembership(
    [
      { at: at(0), ...counted, members: 0, entered: 0, left: 0 },
      { at: at(15), ...counted, members: 20, entered: 20, left: 0 },
      { at: at(60), ...counted, members: 10, entered: 0, left: 10 },
    ],
    400,
    100,
  );
  assert.equal(line, '0,100 100,0 400,50');
  assert.equal(top, 20);
});

test('a single count is a line across, and nothing counted is none', () => {
  const one = plotMembership([{ at: at(0), ...counted, members: 5, entered: 5, left: 0 }], 400, 100);
  assert.equal(one.line, '0,0 400,0');
  assert.equal(plotMembership([], 400, 100).line, '');
});
