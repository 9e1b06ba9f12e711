import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readContexts, withContext } from './read-contexts.ts';

const ANA = { targetingKey: 'ana' };
const BO = { targetingKey: 'bo', age: 30 };

test('one context, a list, and one a line are all understood', () => {
  for (const [text, contexts] of [
    ['', []],
    [' \n', []],
    [JSON.stringify(ANA), [ANA]],
    [JSON.stringify([ANA, BO], null, 2), [ANA, BO]],
    [JSON.stringify(BO, null, 2), [BO]],
    [`${JSON.stringify(ANA)}\n\n${JSON.stringify(BO)}\r\n`, [ANA, BO]],
    ['[]', []],
  ] as const) {
    assert.deepEqual(readContexts(text), { ok: true, value: contexts }, text);
  }
});

test('what is no context is named by its line or place', () => {
  const problem = (text: string) => {
    const read = readContexts(text);
    return read.ok ? 'nothing' : read.problem;
  };
  assert.match(problem('{"a":1}\n{"a":}'), /^line 2 is not JSON: /);
  assert.match(problem('{"a":1}\n[]'), /^line 2 is no object such as /);
  assert.match(problem('[{}, 7]'), /^context 2 is no object/);
  assert.match(problem('"ana"'), /^context 1 is no object/);
  assert.match(problem('[{"a":1},\n{"a":}]'), /^is not JSON: /, 'a list is one document');
  assert.match(problem(JSON.stringify(Array(1_001).fill({}))), /^holds 1,001 contexts; at most 1,000/);
});

test('a chosen context is put below those that are there, whatever shape they came in', () => {
  const both = withContext(JSON.stringify([ANA]), BO);
  assert.equal(both, '{"targetingKey":"ana"}\n{"targetingKey":"bo","age":30}');
  assert.equal(withContext('', ANA), '{"targetingKey":"ana"}');
});
