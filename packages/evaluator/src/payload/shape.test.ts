import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Check, exactly, having, isCount, isNumber, isPresent, keyed, listOf, orNull } from './shape.ts';

/** What each check says of values, `undefined` being that all is well. */
function assertSays(check: Check, said: readonly (readonly [unknown, string | undefined])[]): void {
  for (const [value, words] of said) assert.equal(check(value), words, JSON.stringify(value));
}

test('numbers are finite, counts are whole and not below 0', () => {
  const noNumber = ' must be a number';
  assertSays(isNumber, [
    [0, undefined],
    [-1.5, undefined],
    ['1', noNumber],
    [Number.NaN, noNumber],
    [Number.POSITIVE_INFINITY, noNumber],
  ]);
  const noCount = ' must be a whole number from 0';
  assertSays(isCount, [
    [0, undefined],
    [2 ** 53 - 1, undefined],
    [-1, noCount],
    [1.5, noCount],
    [2 ** 53, noCount],
    ['1', noCount],
    [null, noCount],
  ]);
});

test('what must be there is there, null included, and what is fixed is exactly that', () => {
  assertSays(isPresent, [
    [null, undefined],
    [false, undefined],
    [undefined, ' is missing'],
  ]);
  assertSays(exactly('a/1'), [
    ['a/1', undefined],
    ['a/2', ' must be a/1'],
    [undefined, ' must be a/1'],
  ]);
});

test('a list says which of its items is wrong', () => {
  assertSays(listOf('string'), [
    [[], undefined],
    [['a', 'b'], undefined],
    [['a', 1], '/1 must be text'],
    [{ 0: 'a', length: 1 }, ' must be a list'],
    ['ab', ' must be a list'],
  ]);
  assertSays(listOf(isCount), [[[1, 2, -3], '/2 must be a whole number from 0']]);
});

test('an object says which of its fields is wrong; optional ones may be missing', () => {
  const check = having({ name: 'string', on: 'boolean' }, { count: isCount, note: 'string' });
  const good = { name: 'a', on: true };
  assertSays(check, [
    [good, undefined],
    [{ ...good, count: 1, note: '' }, undefined],
    [{ ...good, count: undefined }, undefined],
    [{ ...good, later: 1 }, undefined],
    [{ on: true }, '/name must be text'],
    [{ ...good, on: 1 }, '/on must be true or false'],
    [{ ...good, on: 'true' }, '/on must be true or false'],
    [{ ...good, count: -1 }, '/count must be a whole number from 0'],
    [{ ...good, note: null }, '/note must be text'],
    [[], ' must be an object'],
    [null, ' must be an object'],
    ['text', ' must be an object'],
  ]);
});

test('essential fields are known ones, required or optional, and told as a list of texts', () => {
  const check = having({ name: 'string' }, { note: 'string' });
  const essential = (names: unknown) => ({ name: 'a', essential: names });
  assertSays(check, [
    [essential([]), undefined],
    [essential(['name', 'note']), undefined],
    [essential(['name', 'later']), '/later is essential and not known to this version'],
    [essential(['toString']), '/toString is essential and not known to this version'],
    [essential('name'), '/essential must be a list'],
    [essential(['name', 7]), '/essential/1 must be text'],
    [essential(null), '/essential must be a list'],
  ]);
});

test('entries name their own key, and may be null where that is said', () => {
  const entry = having({ key: 'string' });
  assertSays(keyed(entry), [
    [{}, undefined],
    [{ a: { key: 'a' } }, undefined],
    [{ a: { key: 'b' } }, '/a/key must be a'],
    [{ a: { key: 'a' }, b: { key: 1 } }, '/b/key must be text'],
    [{ a: null }, '/a must be an object'],
    [[], ' must be an object'],
  ]);
  assertSays(keyed(orNull(entry)), [
    [{ a: null }, undefined],
    [{ a: { key: 'b' } }, '/a/key must be a'],
    [{ a: 7 }, '/a must be an object'],
  ]);
});
