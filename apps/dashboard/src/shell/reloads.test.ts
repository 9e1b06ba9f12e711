import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnfetched, mayReload } from './reloads.ts';

test('a script that did not arrive is told from a fault of the page, whatever the browser calls it', () => {
  const said = [
    'Failed to fetch dynamically imported module: http://127.0.0.1:4600/assets/flag-page-1.js',
    'error loading dynamically imported module: http://127.0.0.1:4600/assets/flag-page-1.js',
    'Importing a module script failed.',
    'Unable to preload CSS for /assets/health-plots-1.css',
  ];
  for (const message of said) assert.equal(isUnfetched(new TypeError(message)), true, message);
  assert.equal(isUnfetched(new TypeError("Cannot read properties of undefined (reading 'map')")), false);
});

test('the document loads itself anew once, and again only after a while', () => {
  const kept = new Map<string, string>();
  const memory = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
  const asked = [1_000, 2_000, 15_999, 16_000, 16_001].map((now) => mayReload(memory, now));
  assert.deepEqual(asked, [true, false, false, true, false]);
});
