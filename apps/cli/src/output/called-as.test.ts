import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calledAs } from './called-as.ts';

test('commands to copy go through npx only for who called it that way', () => {
  assert.equal(calledAs({ npm_command: 'exec' }), 'npx spillway');
  assert.equal(calledAs({ npm_command: 'test' }), 'spillway');
  assert.equal(calledAs({}), 'spillway');
});
