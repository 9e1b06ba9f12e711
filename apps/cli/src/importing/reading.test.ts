import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson, readJsonOrYaml } from './reading.ts';

test('F19: files are JSON, with the comments and commas that people leave in it', () => {
  const text = `// what this is
{ plain: 'it\\'s', "quoted": [1, .5, -0x1F, +2e3, 5.,], /* of two
  lines */ $odd_: "a\\
b\\x41\\u00e9\\n", 'ключ': {}, none: null, yes: true, no: false, }`;
  assert.deepEqual(readJson(text), {
    ...{ plain: "it's", quoted: [1, 0.5, -31, 2_000, 5], $odd_: 'abAé\n', ключ: {}, none: null, yes: true, no: false },
  });
  assert.deepEqual(readJson('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}'));
  assert.deepEqual(readJson("{'__proto__': 1}"), JSON.parse('{"__proto__": 1}'));
});

test('F19: what is no JSON is refused with the line of the mistake', () => {
  for (const text of ['{a: 1,, b: 2}', '[1 2]', '{a 1}', '"\\1"', "'\n'", '{a: b}', '[01]', '']) {
    assert.throws(() => readJson(text), /it is not JSON: /, text);
  }
  assert.throws(() => readJson('{\n a: 1\n b: 2 }'), /line 3/);
  assert.throws(() => readJson('[1,'), /ends too early/);
  assert.throws(() => readJson(`${'['.repeat(600)}${']'.repeat(600)}//`), /nests more than \d+ deep/);
});

test('F19: where YAML is read, JSON with comments is as well', () => {
  assert.deepEqual(readJsonOrYaml('flags:\n  a: {on: true}'), { flags: { a: { on: true } } });
  assert.deepEqual(readJsonOrYaml('{flags: {}, // none\n}'), { flags: {} });
  assert.throws(() => readJsonOrYaml('flags: ['), /neither JSON nor YAML/);
});
