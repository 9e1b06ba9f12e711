import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanSource } from './scan.ts';

const KEYS = new Set(['new-checkout', 'theme', 'new_search', 'a.b', 'step2']);

const found = (text: string) => {
  const { references, unknown } = scanSource('f', text, KEYS);
  const said = (list: typeof references) => list.map(({ flag, line }) => `${line} ${flag}`);
  return { references: said(references), unknown: said(unknown) };
};

test('keys are found as whole words, in calls, in prose and as properties', () => {
  const text = [
    "if (flags.boolean('new-checkout', user, false)) go();",
    '// new-checkout. Later: old-new-checkout, new-checkouts',
    'const on = flags.new_search && settings.a.b;',
    'new_search(new_search)',
  ].join('\n');
  assert.deepEqual(found(text).references, ['1 new-checkout', '2 new-checkout', '3 new_search', '4 new_search']);
  assert.deepEqual(found('x = "a.b"\n\n step2').references, ['1 a.b', '3 step2']);
});

test('a key that is a plain word counts where it is quoted', () => {
  assert.deepEqual(found('the theme is dark\nvariant = "theme"\n`theme` and \'theme"').references, [
    '2 theme',
    '3 theme',
  ]);
});

test('keys that a client is asked for and no flag has are told', () => {
  const text = [
    "flags.string('thème', user)",
    "client.getBooleanValue('new-chekout', false)",
    'const { value } = useFlag("dark-mode");',
    "z.string('must be text')",
    "flags.json('layout', user, {})",
    "flags.boolean('new-checkout', user, false)",
  ].join('\n');
  assert.deepEqual(found(text).unknown, ['2 new-chekout', '3 dark-mode', '5 layout']);
});

test('a megabyte on one line, and five thousand keys, are read in a moment', () => {
  const keys = new Set(Array.from({ length: 5_000 }, (_, index) => `flag-${index}`));
  const text = `${Array.from({ length: 100_000 }, (_, index) => `word-${index}`).join(' ')} flag-4999`;
  const began = performance.now();
  const { references } = scanSource('f', text, keys);
  assert.deepEqual(
    references.map(({ flag }) => flag),
    ['flag-4999'],
  );
  assert.ok(references[0] !== undefined && references[0].text.length <= 200);
  assert.ok(performance.now() - began < 5_000);
});
