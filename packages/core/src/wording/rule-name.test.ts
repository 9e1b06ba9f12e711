import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenId, ruleName } from './rule-name.ts';

const MADE_UP = '01a22720-d016-7b14-8595-e5c43c99222c';

test('a rule is called by what it is for, by the id that somebody gave it, or by its place', () => {
  assert.equal(ruleName({ id: 'staff', description: 'Our own people' }, 1), 'Our own people');
  assert.equal(ruleName({ id: 'staff', description: '' }, 1), 'staff');
  assert.equal(ruleName({ id: 'staff' }, 1), 'staff');
  assert.equal(ruleName({ id: MADE_UP }, 3), 'Rule 3');
  assert.equal(chosenId(MADE_UP), undefined);
  assert.equal(chosenId('01a22720-d016'), '01a22720-d016');
});
