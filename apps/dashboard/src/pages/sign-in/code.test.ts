import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeIn, safeNext } from './code.ts';

test('a code is found in a link as printed', () => {
  assert.equal(codeIn('http://127.0.0.1:4600/sign-in#code=a-B_9'), 'a-B_9');
  assert.equal(codeIn('#code='), undefined);
  assert.equal(codeIn('a-B_9'), undefined);
});

test('signing in never leads to another site', () => {
  assert.equal(safeNext('/flags'), '/flags');
  for (const next of [
    null,
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/sign-in',
  ]) {
    assert.equal(safeNext(next), '/', String(next));
  }
});
