import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, problems } from '../flags/testing/normalising.ts';
import { type ProfileSearch, searchCondition } from './search.ts';

const KNOWN = new Set(['staff', 'beta']);
const conditionOf = (search: ProfileSearch) => accepted(searchCondition(search, KNOWN));

test('S9: a search is a condition of the rule model, and all that it says must hold', () => {
  assert.equal(conditionOf({}), undefined);
  assert.deepEqual(conditionOf({ segments: ['staff'] }), { segment: 'staff' });
  assert.deepEqual(conditionOf({ attributes: ['plan=pro'] }), { attribute: 'plan', operator: 'in', values: ['pro'] });
  const when = { not: { segment: 'beta' } };
  assert.deepEqual(conditionOf({ when, attributes: ['organisation -> plan=a=b'], segments: ['staff'] }), {
    all: [when, { attribute: 'organisation', path: ['plan'], operator: 'in', values: ['a=b'] }, { segment: 'staff' }],
  });
});

test('S9: what nobody put in quotes is asked for as text and as what it reads like', () => {
  const valuesOf = (text: string) => Reflect.get(conditionOf({ attributes: [`a=${text}`] }) ?? {}, 'values');
  assert.deepEqual(valuesOf('30'), ['30', 30]);
  assert.deepEqual(valuesOf('true'), ['true', true]);
  assert.deepEqual(valuesOf('"30"'), ['"30"', '30']);
  assert.deepEqual(valuesOf('null'), ['null']);
  assert.deepEqual(valuesOf('{}'), ['{}']);
  assert.deepEqual(valuesOf(''), ['']);
});

test('S9: what names no attribute or no segment is refused where it stands', () => {
  const refused = searchCondition({ attributes: ['a=1', 'plan', '=pro', 'a->=1'], segments: ['staff', 'gone'] }, KNOWN);
  assert.deepEqual(
    problems(refused).map(({ field }) => field),
    ['/attributes/1', '/attributes/2', '/attributes/3', '/segments/1'],
  );
});
