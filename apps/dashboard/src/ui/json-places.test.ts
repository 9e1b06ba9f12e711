import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeIn } from './json-places.ts';

const at = (text: string, pointer: string) => {
  const place = placeIn(text, pointer);
  return place === undefined ? undefined : text.slice(place.start, place.end);
};

test('a pointer leads to its value, and to what should hold it when it is missing', () => {
  const text = '{\n  "rules": [\n    {"id": "a\\"]", "serve": {"variant": "on"}},\n    {"id": "b"}\n  ]\n}';
  assert.equal(at(text, '/rules/0/serve/variant'), '"on"');
  assert.equal(placeIn(text, '/rules/1/id')?.line, 4);
  assert.equal(at(text, '/rules/1/serve'), '{"id": "b"}');
  assert.equal(at(text, ''), text);
  assert.equal(at('{"a/b": {"~": 1}}', '/a~1b/~0'), '1');
  assert.equal(placeIn('{"a": ', '/a'), undefined);
});

test('whatever the document, each of its members is found where it stands', () => {
  const step = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (document, indent) => {
      const text = JSON.stringify(document, null, indent);
      const visit = (value: unknown, pointer: string): void => {
        assert.deepEqual(JSON.parse(at(text, pointer) ?? ''), JSON.parse(JSON.stringify(value)));
        if (typeof value !== 'object' || value === null) return;
        for (const [key, inner] of Object.entries(value)) visit(inner, `${pointer}/${step(key)}`);
      };
      visit(JSON.parse(text), '');
    }),
  );
});
