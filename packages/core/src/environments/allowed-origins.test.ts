import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ALLOWED_ORIGINS } from './allowed-origins.ts';
import { normaliseEnvironment } from './normalise.ts';

const withOrigins = (allowed_origins: readonly string[]) =>
  normaliseEnvironment({ key: 'production', description: '', protected: false, allowed_origins });

test('origins are taken as browsers write them, sorted and once each', () => {
  const origins = ['https://shop.example', 'http://localhost:5173', 'https://[::1]:8443', '*', 'https://shop.example'];
  const made = withOrigins(origins);
  assert.ok(made.ok);
  assert.deepEqual(made.value.allowed_origins, [
    '*',
    'http://localhost:5173',
    'https://[::1]:8443',
    'https://shop.example',
  ]);
});

test('whatever a browser would never send is refused where it stands', () => {
  const wrong = [
    ...['', 'shop.example', 'https://shop.example/', 'https://shop.example/path', 'https://Shop.example', 'null'],
    ...['https://shop.example:443', 'http://shop.example:80', 'ftp://shop.example', 'https://*.example', 'https://a:0'],
    ...['https://user@shop.example', 'https://shop.example ', `https://${'a'.repeat(300)}.example`],
  ];
  for (const origin of wrong) {
    const refused = withOrigins(['https://ok.example', origin]);
    assert.ok(!refused.ok, origin);
    assert.equal(refused.refusal.fields?.[0]?.field, '/allowed_origins/1', origin);
  }
  const many = withOrigins(Array.from({ length: MAX_ALLOWED_ORIGINS + 1 }, (_, index) => `https://a${index}.example`));
  assert.ok(!many.ok);
  assert.equal(many.refusal.fields?.[0]?.field, '/allowed_origins');
});
