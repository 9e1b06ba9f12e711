import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportedFlag, ImportedSegment } from './report.ts';
import { inParts } from './split.ts';

const flag = (value: string): ImportedFlag => ({ type: 'string', variants: [{ name: 'only', value }] });

test('F19: definitions go in as many files as they take, in their order, and none is empty', () => {
  const flags = { a: flag('x'), b: flag('y'), huge: flag('z'.repeat(5_000)), c: flag('x') };
  const parts = inParts({ apiVersion: 'spillway/v1', kind: 'Definitions', flags }, 1_000);
  assert.deepEqual(
    parts.map((part) => Object.keys(part.flags)),
    [['a', 'b'], ['huge'], ['c']],
  );
  assert.deepEqual(Object.assign({}, ...parts.map((part) => part.flags)), flags);
  assert.deepEqual(inParts({ apiVersion: 'spillway/v1', kind: 'Definitions', flags: {} }, 1_000), []);
});

test('F19: segments go in files of their own, before the flags that refer to them', () => {
  const segment = (value: string): ImportedSegment => ({
    name: 's',
    when: { attribute: 'a', operator: 'equals', values: [value] },
  });
  const segments = { s1: segment('x'), s2: segment('y'.repeat(2_000)), s3: segment('z') };
  const flags = { a: flag('x') };
  const parts = inParts({ apiVersion: 'spillway/v1', kind: 'Definitions', segments, flags }, 1_000);
  assert.deepEqual(
    parts.map((part) => [Object.keys(part.segments ?? {}), Object.keys(part.flags)]),
    [
      [['s1'], []],
      [['s2'], []],
      [['s3'], []],
      [[], ['a']],
    ],
  );
});
