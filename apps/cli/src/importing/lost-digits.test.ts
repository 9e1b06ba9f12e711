import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importText } from './import.ts';

test('F19: a flag with a number of which a digit is lost is carried with a note, and its neighbours without', () => {
  const flag = (value: string) =>
    `{"state":"ENABLED","variants":{"a":${value},"b":1},"defaultVariant":"a","targeting":{"if":[{"==":[{"var":"n"},2]},"b"]}}`;
  const text = `{"flags":{"big":${flag('12345678901234567890')},"small":${flag('7')},"text":${flag('"12345678901234567890"').replace('"b":1', '"b":"x"')}}}`;
  const imported = importText('flagd', text);
  if (typeof imported === 'string') return assert.fail(imported);
  const notes = Object.fromEntries(imported.report.carried.map(({ flag: key, notes: said }) => [key, said]));
  assert.deepEqual(imported.report.refused, []);
  assert.deepEqual(
    (notes.big ?? []).filter((note) => note.includes('12345678901234567890')),
    ['the number 12345678901234567890 is kept as 12345678901234567000, as doubles have it'],
  );
  for (const key of ['small', 'text']) {
    assert.ok(!(notes[key] ?? []).some((note) => note.includes('doubles')), key);
  }
});
