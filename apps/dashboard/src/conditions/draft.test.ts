import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '@spillway/evaluator';
import fc from 'fast-check';
import { compose, draftOf, newComparison, newFlag, newGroup, withNode } from './draft.ts';

const country: Condition = { attribute: 'country', operator: 'in', values: ['NZ', 'AU'] };
const plan: Condition = { attribute: 'organisation', path: ['plan'], operator: 'equals', values: ['pro'] };

const again = (condition: Condition) => {
  const draft = draftOf(condition);
  assert.ok(draft !== undefined, 'a form can show it');
  return compose(draft).condition;
};

test('F3: groups in groups, negation, paths and segments are shown as a form and read back as they were', () => {
  const nested: Condition = {
    all: [
      country,
      { any: [plan, { not: { any: [country, { all: [plan] }] } }] },
      { not: { all: [country, plan] } },
      { segment: 'beta' },
      { not: { any: [{ segment: 'staff' }, { segment: 'bots' }] } },
      { attribute: 'email', operator: 'ends_with', values: ['@EXAMPLE.com'], ignore_case: true },
    ],
  };
  assert.deepEqual(again(nested), nested);
});

test('F3: whatever condition a form can show reads back as one that means the same', () => {
  const leaf = fc.oneof(
    fc.constant(country),
    fc.constant(plan),
    fc.record({ segment: fc.constantFrom('beta', 'staff') }),
    fc.record({
      attribute: fc.constantFrom('age', 'user.age'),
      operator: fc.constantFrom('greater_than' as const, 'less_or_equal' as const),
      values: fc.tuple(fc.integer()),
    }),
  );
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
      fc.record({ not: tie('condition') }),
    ),
  }));
  fc.assert(
    fc.property(condition, (drawn) => {
      const once = again(drawn);
      assert.ok(once !== undefined);
      assert.deepEqual(holdsFor(once), holdsFor(drawn));
      assert.deepEqual(again(once), once, 'settled after one reading');
    }),
  );
});

/** Truth of a condition for every assignment of its leaves, by their text. */
function holdsFor(condition: Condition): readonly boolean[] {
  const leaves = ['country', 'organisation', 'beta', 'staff', 'age', 'user.age'];
  return Array.from({ length: 2 ** leaves.length }, (_, bits) =>
    holds(condition, (name) => (bits & (1 << leaves.indexOf(name))) !== 0),
  );
}

function holds(condition: Condition, leaf: (name: string) => boolean): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, leaf));
  if ('any' in condition) return condition.any.some((part) => holds(part, leaf));
  if ('not' in condition) return !holds(condition.not, leaf);
  if ('flag' in condition) return leaf(condition.flag);
  return leaf('segment' in condition ? condition.segment : condition.attribute);
}

test('what another flag serves is a row of its own, also the other way round', () => {
  const asked = { flag: 'billing', variants: ['on', 'trial'] };
  for (const condition of [asked, { not: asked }, { all: [country, { not: asked }] }, { any: [asked, asked] }]) {
    const draft = draftOf(condition);
    assert.ok(draft !== undefined);
    const written = compose(draft).condition;
    assert.deepEqual(
      JSON.stringify(written).match(/"flag"/g)?.length,
      JSON.stringify(condition).match(/"flag"/g)?.length,
    );
    assert.equal(JSON.stringify(written).includes('"not"'), JSON.stringify(condition).includes('"not"'));
  }
  const [row] = draftOf({ not: asked })?.parts ?? [];
  assert.deepEqual(row?.is === 'flag' && [row.negated, row.flag, row.variants], [true, 'billing', ['on', 'trial']]);
  const unnamed = { ...newFlag(), flag: 'billing' };
  assert.equal(compose({ is: 'group', id: 'g', join: 'all', parts: [unnamed] }).condition, undefined);
  assert.equal(draftOf({ flag: 'billing' }), undefined);
});

test('what no form can say is left to JSON', () => {
  assert.equal(draftOf({ attribute: 'a -> b', operator: 'exists', values: [] }), undefined);
  assert.equal(draftOf({ all: [{ attribute: 'a', operator: 'roughly', values: [] }] }), undefined);
  assert.equal(draftOf('everyone'), undefined);
  let deep: Condition = country;
  for (let depth = 0; depth < 12; depth += 1) deep = { all: [deep] };
  assert.equal(draftOf(deep), undefined);
});

test('a condition that is not complete composes to nothing, and every node has its place', () => {
  const group = newGroup('none');
  assert.equal(compose(group).condition, undefined, 'its only comparison names no attribute');
  const [first] = group.parts;
  const second = newComparison();
  const two = { ...group, parts: [...group.parts, second] };
  assert.equal(compose(two).places.get(second.id), '/not/any/1');
  const filled = withNode(
    withNode(two, second.id, () => undefined),
    first?.id ?? '',
    (node) => (node.is === 'comparison' ? { ...node, attribute: 'organisation -> plan', text: 'pro, free' } : node),
  );
  const { condition, places } = compose(filled);
  assert.deepEqual(condition, {
    not: { attribute: 'organisation', path: ['plan'], operator: 'in', values: ['pro', 'free'] },
  });
  assert.equal(places.get(first?.id ?? ''), '/not');
});
