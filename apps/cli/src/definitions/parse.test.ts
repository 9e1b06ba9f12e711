import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_DEPTH } from '../files/plain-document.ts';
import { placeText } from './finding.ts';
import { parseText } from './parse.ts';

const HEAD = 'apiVersion: spillway/v1\nkind: Definitions\n';

/** The one thing that is wrong, as people see it. */
function wrong(text: string): string {
  const { documents, findings } = parseText('f', text);
  assert.equal(findings.length, 1, JSON.stringify(findings.length));
  assert.equal(documents.length, 0);
  const [finding] = findings;
  return finding === undefined ? '' : `${placeText(finding.place)} ${finding.message}`;
}

const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;

test('YAML that cannot be used is told with its place and the remedy', () => {
  assert.match(wrong(`${HEAD}flags:\n  a: {}\n  a: {}\n`), /^f:5:3 is a key that this map has already; keep one/);
  assert.match(wrong(`${HEAD}flags:\n\ta: {}\n`), /^f:4:1 is indented with a tab; YAML is indented with spaces/);
  assert.match(wrong(`${HEAD}flags:\n  __proto__: {}\n`), /^f:4:3 has the key __proto__/);
  assert.match(wrong(`${HEAD}flags: ${nested('[', ']', 10_000)}`), /^f:3:\d+ nests deeper than 64 levels/);
  assert.match(wrong(`${HEAD}flags: ${nested('[', ']', MAX_DEPTH + 1)}`), /^f:3:\d+ nests deeper than 64 levels/);
  assert.match(wrong(`${HEAD}flags:\n  ? [a, b]\n  : 1\n`), /has a key that is not text/);
  assert.match(wrong('a: &a { b: 1 }\nc:\n  <<: *a\n'), /^f:3:3 merges with `<<`/);
  assert.match(wrong('a: .inf\n'), /^f:1:4 is neither text, a finite number/);
  assert.match(wrong('a: *nowhere\n'), /^f:1:4 /);
  assert.match(wrong('a: [1, 2\n'), /^f:2:1 ends before the ] that closes what was opened/);
  assert.match(wrong('{"flags": {\n'), /^f:2:1 ends before the } that closes what was opened/);
  assert.match(wrong('a: "b\n'), /^f:\d:\d+ cannot be read: /);
});

test('two less-than signs in quotes are a key like any other', () => {
  assert.deepEqual(parseText('f', 'a: { "<<": 1 }\n').documents[0]?.value, { a: { '<<': 1 } });
});

test('an alias is written out; aliases of aliases are not written out for ever', () => {
  const shared = parseText('f', 'a: &x [1, 2]\nb: *x\n');
  assert.deepEqual(shared.documents[0]?.value, { a: [1, 2], b: [1, 2] });
  const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const bomb = levels.map((name, at) => {
    const inside = at === 0 ? 'x' : `*${levels[at - 1]}`;
    return `${name}: &${name} [${Array(10).fill(inside).join(', ')}]`;
  });
  assert.match(wrong(bomb.join('\n')), /holds too many values, aliases written out/);
  assert.match(wrong('a: &a [*a]\n'), /nests deeper than 64 levels/);
});

test('JSON is read with the same strictness, tabs and all, and its places are those of its text', () => {
  assert.match(wrong('{\n\t"a": 1,\n\t"a": 2\n}'), /^f:3:2 is a key that this map has already/);
  assert.match(wrong('{"a": {"__proto__": {}}}'), /^f:1:8 has the key __proto__/);
  assert.match(wrong(nested('{"a":', '}', 10_000)), /nests deeper than 64 levels/);
  const { documents, findings } = parseText(
    'f',
    '{\n\t"flags": {\n\t\t"a~/b": {"x: y": [1, "say \\"a\\": b"]}\n\t}\n}',
  );
  assert.deepEqual(findings, []);
  assert.equal(placeText(documents[0]?.placeOf('/flags/a~0~1b/x: y/1') ?? assert.fail()), 'f:3:24');
});

test('each field is found at its key, and a missing one at its nearest parent', () => {
  const { documents } = parseText(
    'f',
    `${HEAD}flags:\n  one:\n    rules:\n      - id: a\n      - id: b\n  1:\n    off: yes\n`,
  );
  const [document] = documents;
  const at = (pointer: string) => placeText(document?.placeOf(pointer) ?? assert.fail()).slice(2);
  assert.equal(at('/flags/one'), '4:3');
  assert.equal(at('/flags/one/rules/1/id'), '7:9');
  assert.equal(at('/flags/one/rules/1/when'), '7:9');
  assert.equal(at('/flags/1/off'), '9:5');
  assert.equal(at(''), '1:1');
});

test('a file holds several documents, and an empty one at its end is none', () => {
  const { documents, findings } = parseText('f', 'a: 1\n---\nb: 2\n---\n');
  assert.deepEqual(findings, []);
  assert.deepEqual(
    documents.map(({ value }) => value),
    [{ a: 1 }, { b: 2 }],
  );
  assert.equal(placeText(documents[1]?.placeOf('/b') ?? assert.fail()), 'f:3:1');
});

test('a number that would not keep its digits is refused at its place, in YAML and in JSON', () => {
  assert.match(wrong('a:\n  b: 9007199254740993\n'), /^f:2:6 is a whole number .* 9007199254740992/);
  assert.match(wrong('a: 0x20000000000001\n'), /^f:1:4 is a whole number/);
  assert.match(wrong('{\n  "a": [1, 12345678901234567890]\n}'), /^f:2:12 is a whole number .* as text/);
  const kept = parseText('f', '{"a": "12345678901234567890", "b": 9007199254740992, "c": 1e21}');
  assert.deepEqual(kept.findings, []);
  assert.deepEqual(kept.documents[0]?.value, { a: '12345678901234567890', b: 9007199254740992, c: 1e21 });
});
