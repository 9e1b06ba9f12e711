import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_CONTAINERS, MAX_DEPTH, MAX_MEMBERS, MAX_VALUES, scanJson } from './scan.ts';

const SEED = 20_261_121;

test('whatever JSON.stringify writes is sound, with spaces too', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2, '\t'), (value, spaces) => {
      const scan = scanJson(JSON.stringify(value, null, spaces));
      // A generated key may be one of those that are refused, and a text may hold half a surrogate pair.
      if (scan.is === 'refused') assert.match(scan.problem.message, /not allowed as a key|surrogate/);
      else assert.equal(scan.is, 'sound');
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('it calls broken exactly what JSON.parse refuses', () => {
  const alphabet = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '1',
    '-',
    '.',
    'e',
    '0',
    'true',
    'null',
    ' ',
    '\n',
    'a',
    '"a"',
    '\u0001',
    '\\u12',
  );
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      assert.equal(scanJson(text).is !== 'broken', parses, JSON.stringify(text));
    }),
    { seed: SEED, numRuns: 20_000 },
  );
});

test('what is broken is placed by line and column', () => {
  assert.deepEqual(scanJson('{\n  "a": 1,\n  b: 2\n}'), {
    is: 'broken',
    line: 3,
    column: 3,
    message: 'expected a key in double quotes',
  });
  assert.deepEqual(scanJson('[1 2]'), { is: 'broken', line: 1, column: 4, message: 'expected "," or "]"' });
  assert.equal(scanJson('').is, 'broken');
  assert.equal(scanJson('{"a":1} x').is, 'broken');
});

test('a key that appears twice is named, wherever it is and however it is written', () => {
  assert.deepEqual(scanJson('{"a":{"b":[{"c":1,"c":2}]}}'), {
    is: 'refused',
    problem: { field: '/a/b/0/c', message: 'appears twice in the same object; keep one of them' },
  });
  const escaped = scanJson('{"a/b":1,"a\\u002fb":2}');
  assert.equal(escaped.is === 'refused' && escaped.problem.field, '/a~1b');
  assert.equal(scanJson('[{"c":1},{"c":2}]').is, 'sound');
});

test('keys that reach a prototype are named, escaped or not', () => {
  for (const [text, field] of [
    ['{"a":{"__proto__":{"admin":true}}}', '/a/__proto__'],
    ['{"\\u005f_proto__":1}', '/__proto__'],
    ['{"constructor":{"prototype":{"admin":true}}}', '/constructor/prototype'],
  ] as const) {
    const scan = scanJson(text);
    assert.equal(scan.is === 'refused' && scan.problem.field, field);
  }
  assert.equal(scanJson('{"prototype":1,"constructor":2}').is, 'sound');
});

test('nesting has a limit that no depth can hurt', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  assert.equal(scanJson(nested(MAX_DEPTH)).is, 'sound');
  assert.equal(scanJson(nested(MAX_DEPTH + 1)).is, 'refused');
  assert.equal(scanJson(nested(1_000_000)).is, 'refused');
  assert.equal(scanJson('{"a":'.repeat(10_000)).is, 'refused');
});

test('half a surrogate pair is refused where it stands', () => {
  const scan = scanJson('{"name":"a\\ud800b"}');
  assert.equal(scan.is === 'refused' && scan.problem.field, '/name');
  assert.equal(scanJson('{"name":"\\ud83d\\ude00"}').is, 'sound');
});

test('more values, objects or members than anybody needs are refused before they are built', () => {
  const members = (count: number) => `{"a":{${Array.from({ length: count }, (_, n) => `"k${n}":1`).join(',')}}}`;
  for (const [text, field] of [
    [`[${'1,'.repeat(MAX_VALUES)}1]`, ''],
    [`[${'[],'.repeat(MAX_CONTAINERS)}1]`, ''],
    [members(MAX_MEMBERS + 1), '/a'],
    ['{"a":[1,1e999]}', '/a/1'],
    [`{"a":-${'9'.repeat(400)}}`, '/a'],
  ] as const) {
    const scan = scanJson(text);
    assert.equal(scan.is === 'refused' && scan.problem.field, field, text.slice(0, 20));
  }
  assert.equal(scanJson(members(MAX_MEMBERS)).is, 'sound');
  assert.equal(scanJson('[1e308,-1e-999]').is, 'sound');
});

test('a megabyte of text, of escapes, of entries or of blanks is read without trouble', () => {
  for (const text of [
    `"${'a'.repeat(1_000_000)}"`,
    `"${'\\n'.repeat(500_000)}"`,
    `[${'1,'.repeat(MAX_VALUES - 2)}1]`,
    `${' '.repeat(1_000_000)}1`,
    `"${'\\u0041'.repeat(160_000)}"`,
  ]) {
    assert.equal(scanJson(text).is, 'sound');
  }
  assert.equal(scanJson(`"${'a\\'.repeat(333_333)}`).is, 'broken');
  assert.equal(scanJson('-'.repeat(1_000_000)).is, 'broken');
});

test('a whole number that would become another one is named where every digit counts, and let pass elsewhere', () => {
  const text = '{"variants":[{"value":9007199254740992},{"value":9007199254740993}],"n":12345678901234567000}';
  assert.equal(scanJson(text).is, 'sound');
  const scan = scanJson(text, undefined, 'exact');
  assert.equal(scan.is === 'refused' && scan.problem.field, '/variants/1/value');
  assert.match(scan.is === 'refused' ? scan.problem.message : '', /9007199254740992.*as text/);
  assert.equal(scanJson('{"n":1e300,"m":0.1,"at":1.7976931348623157e308}', undefined, 'exact').is, 'sound');
});
