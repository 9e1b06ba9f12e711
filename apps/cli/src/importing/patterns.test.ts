import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPattern } from './patterns.ts';

test('F19: what is no pattern anywhere is told from what is one in other languages', () => {
  assert.equal(readPattern('^a+$'), '^a+$');
  for (const nothing of ['(', '***', '[', 'a{2}{3}', '???']) assert.equal(readPattern(nothing), undefined, nothing);
  for (const elsewhere of ['(?i)a', '(?P<name>a)', '(?>a)b', 'a++', '(?-i)b', '(?#remark)a']) {
    assert.throws(() => readPattern(elsewhere), /some languages only/, elsewhere);
  }
  for (const usable of ['^(?!.*@x\\.com$).+@', '(?<name>a)']) assert.equal(readPattern(usable), usable);
  for (const unusable of ['(?=a)', '(a)\\1', '\\p{L}'])
    assert.throws(() => readPattern(unusable), /cannot be used here/);
  for (const other of ['[[:alpha:]]', '[a-z&&[^x]]', 'a[]', '[^]b', '[:x[:y:]]']) {
    assert.throws(() => readPattern(other), /something else in other languages/, other);
  }
  for (const usual of ['\\[\\]', 'a&&b', '[a&b]', '[:]', '\\w+:[0-9]']) assert.equal(readPattern(usual), usual);
});
