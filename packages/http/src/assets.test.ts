import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createAssets } from './assets.ts';
import { createWorld, type World } from './testing/world.ts';

const SCRIPT = 'document.documentElement.dataset.theme = "dark";';
const CODE = `export const page = ${JSON.stringify('x'.repeat(5_000))};`;

let world: World;
before(async () => {
  world = await createWorld({
    assets: createAssets([
      [
        '/index.html',
        Buffer.from(`<!doctype html><script>${SCRIPT}</script><script type="module" src="/assets/a-1f.js"></script>`),
      ],
      ['/emergency.html', Buffer.from('<!doctype html><title>Emergency</title>')],
      ['/assets/a-1f.js', Buffer.from(CODE)],
    ]),
  });
});
after(() => world.close());

const html = { accept: 'text/html,application/xhtml+xml' };

test('every page of the dashboard is its document; what is not a page is not', async () => {
  for (const path of ['/', '/flags', '/flags/new-checkout', '/rollouts/shop.v2?tab=plot', '/sign-in']) {
    const answer = await world.call('GET', path, { headers: html });
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(answer.text, /a-1f\.js/);
  }
  assert.match((await world.call('GET', '/emergency', { headers: html })).text, /Emergency/);
  for (const path of [
    '/api',
    '/api/v2/flags',
    '/api/v1/nothing',
    '//flags',
    '/flags/../flags',
    '/.git/config',
    '/a%2fb',
  ]) {
    const answer = await world.call('GET', path, { headers: html });
    assert.equal(answer.status, 404, path);
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
  }
  assert.equal((await world.call('GET', '/assets/missing.js')).status, 404);
  assert.equal((await world.call('POST', '/flags', { headers: html })).status, 404);
});

test('no path reaches a file that is not in the map', async () => {
  for (const path of [
    '/../package.json',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/index.html',
    '/..\\package.json',
    '/assets/a-1f.js%00',
    '/constructor',
    '/__proto__',
  ]) {
    const answer = await world.call('GET', path);
    assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
  }
});

test('files with a hash in their name may be kept for good, pages are asked for again', async () => {
  const file = await world.call('GET', '/assets/a-1f.js');
  assert.match(String(file.headers['cache-control']), /immutable/);
  assert.equal(file.text, CODE);
  const page = await world.call('GET', '/', { headers: html });
  assert.equal(page.headers['cache-control'], 'no-cache');
  const again = await world.call('GET', '/', { headers: { 'if-none-match': String(page.headers.etag) } });
  assert.equal(again.status, 304);
  assert.equal(again.text, '');
  const head = await world.call('HEAD', '/assets/a-1f.js');
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
});

test('large files are compressed for those who ask', async () => {
  const response = await fetch(`${world.url}/assets/a-1f.js`, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(response.headers.get('content-encoding'), 'gzip');
  assert.equal(await response.text(), CODE);
  const refused = await world.call('GET', '/assets/a-1f.js', { headers: { 'accept-encoding': 'gzip;q=0, br' } });
  assert.equal(refused.headers['content-encoding'], undefined);
  assert.throws(() => gunzipSync(refused.text));
});

test('the page may run its own scripts and nothing else', async () => {
  const policy = String((await world.call('GET', '/', { headers: html })).headers['content-security-policy']);
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  assert.ok(policy.includes(`script-src 'self' 'sha256-${hash}'`), policy);
  assert.ok(policy.includes("frame-ancestors 'none'") && policy.includes("default-src 'none'"));
  assert.ok(!policy.includes('unsafe'), policy);
});

test('without a built dashboard a page says how to get one', async () => {
  const bare = await createWorld();
  try {
    const page = await bare.call('GET', '/', { headers: html });
    assert.equal(page.status, 200);
    assert.match(page.text, /build/);
    assert.equal((await bare.call('GET', '/nothing')).status, 404);
  } finally {
    await bare.close();
  }
});
