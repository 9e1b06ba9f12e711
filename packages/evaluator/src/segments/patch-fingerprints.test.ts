import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeMembers } from './fingerprints.ts';
import { diffFingerprints, patchFingerprints } from './patch-fingerprints.ts';

const SEED = 20_261_129;
const listOf = (keys: readonly string[]) => encodeMembers(keys).fingerprints;
const keys = fc.uniqueArray(fc.stringMatching(/^[a-h]{1,2}$/), { maxLength: 40 });

test(`S1: what differs between two lists leads from one to the other and back (seed ${SEED})`, () => {
  fc.assert(
    fc.property(keys, keys, (before, after) => {
      const [one, other] = [listOf(before), listOf(after)];
      const { added, removed } = diffFingerprints(one, other);
      assert.equal(patchFingerprints(one, { added, removed }), other);
      assert.equal(patchFingerprints(other, { added: removed, removed: added }), one);
      assert.equal(added, listOf(after.filter((key) => !before.includes(key))));
      assert.equal(removed, listOf(before.filter((key) => !after.includes(key))));
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

test('S1: changes of another list are not applied', () => {
  const list = listOf(['a', 'b', 'c']);
  assert.equal(patchFingerprints(list, { added: listOf(['b']), removed: '' }), undefined, 'is there already');
  assert.equal(patchFingerprints(list, { added: '', removed: listOf(['d']) }), undefined, 'is not there');
  assert.equal(patchFingerprints(list, { added: listOf(['d']), removed: listOf(['d']) }), undefined, 'both');
  assert.equal(patchFingerprints(list, { added: listOf(['a']), removed: listOf(['a']) }), undefined, 'both');
  assert.equal(patchFingerprints('', { added: listOf(['d']), removed: '' }), listOf(['d']));
});

test('S1: text that is no list is refused, wherever it stands', () => {
  const list = listOf(['a', 'b', 'c']);
  const more = listOf(['d', 'e']);
  for (const added of [more.slice(0, 8), `${more.slice(0, 17)}!`, `${more.slice(9)}${more.slice(0, 9)}`]) {
    assert.throws(() => patchFingerprints(list, { added, removed: '' }), /member list/, added);
    assert.throws(() => patchFingerprints(list, { added: '', removed: added }), /member list/, added);
  }
});
