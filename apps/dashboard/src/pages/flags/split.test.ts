import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evened, inOrderOf, missing, sharesOf, withShare } from './split.ts';

const two = [
  { name: 'on', value: true },
  { name: 'off', value: false },
];

test('F4: with two variants the other one takes the rest, exactly, at every step of 0.001 %', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
      const shares = withShare(sharesOf({ variant: 'off' }, two), 'on', thousandths / 1_000);
      assert.equal(missing(shares), 0);
      assert.equal(shares[0]?.percentage, thousandths / 1_000);
    }),
  );
});

test('F4: evened shares always make a whole', () => {
  for (let count = 1; count <= 100; count += 1) {
    const shares = Array.from({ length: count }, (_, index) => ({ variant: `v${index}`, percentage: 0 }));
    assert.equal(missing(evened(shares)), 0, `${count} variants`);
  }
});

test('a plain variant is shown as all of it, a split as it is', () => {
  assert.deepEqual(sharesOf({ variant: 'on' }, two), [
    { variant: 'on', percentage: 100 },
    { variant: 'off', percentage: 0 },
  ]);
  assert.equal(sharesOf({ split: [{ variant: 'on', percentage: 12.5 }] }, two)[1]?.percentage, 0);
});

test('F5: a split that is edited keeps the order of its parts, which says who is in which', () => {
  const split = [
    { variant: 'off', percentage: 60 },
    { variant: 'on', percentage: 40 },
  ];
  const changed = withShare(sharesOf({ split }, two), 'on', 50);
  assert.deepEqual(inOrderOf(split, changed), [
    { variant: 'off', percentage: 50 },
    { variant: 'on', percentage: 50 },
  ]);
});
