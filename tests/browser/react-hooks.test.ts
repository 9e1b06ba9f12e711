import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { ADMIN_TOKEN, createWorld, type World } from '../../packages/http/src/testing/world.ts';
import { browserForTests } from '../parts/browser.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { skip, launch } = await browserForTests();

/** Counts how often each component is rendered; `wait` shows while one of them is suspended. */
const APPLICATION = `
import { Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { SpillwayProvider, useFlags, useSuspenseFlag, useTrack } from '@spillway/react';
import { createClient } from '@spillway/web';
const { url, clientKey } = globalThis.options;
const client = createClient({ url, clientKey, context: { targetingKey: 'ana' } });
globalThis.client = client;
globalThis.seen = [];
function Pair() {
  const { checkout, colour } = useFlags({ checkout: false, colour: 'none' });
  globalThis.seen.push(\`\${checkout} \${colour}\`);
  return <p id="pair">{String(checkout)} {colour}</p>;
}
function Late() {
  const checkout = useSuspenseFlag('checkout', false);
  globalThis.seen.push(\`late \${checkout}\`);
  return <p id="late">{String(checkout)}</p>;
}
function Buy() {
  const track = useTrack();
  return <button id="buy" onClick={() => track('bought')}>Buy</button>;
}
createRoot(document.querySelector('#root')).render(
  <SpillwayProvider client={client}>
    <Pair />
    <Suspense fallback={<p id="wait">Wait</p>}><Late /></Suspense>
    <Buy />
  </SpillwayProvider>,
);
`;

let script = '';
const site = createServer((request, response) => {
  const [type, text] =
    request.url === '/page.js'
      ? ['text/javascript', script]
      : ['text/html', '<!doctype html><div id="root"></div><script type="module" src="page.js"></script>'];
  response.writeHead(200, { 'content-type': type }).end(text);
});
let world: World;
let browser: Browser;
let origin = '';

before(async () => {
  if (skip !== false) return;
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const { outputFiles } = await build({
    stdin: { contents: APPLICATION, loader: 'jsx', resolveDir: `${ROOT}examples/react` },
    ...{ bundle: true, write: false, jsx: 'automatic', platform: 'browser', format: 'esm', target: 'es2022' },
    alias: { '@spillway/web': `${ROOT}sdks/web/src/index.ts`, '@spillway/react': `${ROOT}sdks/react/src/index.ts` },
  });
  script = outputFiles[0]?.text ?? '';
  world = await createWorld({ allowedOrigins: [origin] });
  for (const key of ['checkout', 'other']) await admin('POST', '/api/v1/feature-flags?reason=x', { key });
  const variants = ['red', 'blue'].map((name) => ({ name, value: name }));
  const environments = { production: { enabled: true, fallthrough: { variant: 'red' } } };
  await admin('POST', '/api/v1/feature-flags?reason=x', { key: 'colour', type: 'string', variants, environments });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
  site.closeAllConnections();
  site.close();
});

async function admin(method: string, path: string, body: object): Promise<void> {
  const { status, text } = await world.call(method, path, { token: ADMIN_TOKEN, body });
  assert.ok(status < 300, text);
}

async function turn(flag: string, enabled: boolean): Promise<void> {
  await admin('PATCH', `/api/v1/feature-flags/${flag}/environments/production?reason=x`, { enabled });
}

async function openPage(url: string): Promise<{ page: Page; errors: string[]; warnings: string[] }> {
  const page = await browser.newPage();
  const [errors, warnings]: [string[], string[]] = [[], []];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  await page.addInitScript((options) => Object.assign(globalThis, { options }), { url, clientKey: world.clientKey });
  await page.goto(origin);
  return { page, errors, warnings };
}

const seenIn = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'seen') as readonly string[]);
const connect = (page: Page) => page.evaluate(() => void Reflect.get(globalThis, 'client').initialize());

test('several flags render together, and again for one of them alone; a suspended one waits', { skip }, async () => {
  await turn('checkout', true);
  const { page, errors } = await openPage(world.url);
  await page.getByText('Wait').waitFor();
  assert.deepEqual(await seenIn(page), ['false none']);
  await connect(page);
  await page.locator('#late', { hasText: 'true' }).waitFor();
  assert.deepEqual(await seenIn(page), ['false none', 'true red', 'late true']);
  await turn('other', true);
  await turn('checkout', false);
  await page.locator('#pair', { hasText: 'false red' }).waitFor();
  await page.locator('#late', { hasText: 'false' }).waitFor();
  assert.deepEqual((await seenIn(page)).slice(3).toSorted(), ['false red', 'late false']);
  assert.deepEqual(errors, []);
  await page.close();
});

test('a suspended flag waits for no server that is away, and what is tracked by nobody breaks nothing', {
  skip,
}, async () => {
  const { page, errors, warnings } = await openPage('http://127.0.0.1:9');
  await page.getByText('Wait').waitFor();
  await connect(page);
  await page.locator('#late', { hasText: 'false' }).waitFor({ timeout: 6_000 });
  await page.click('#buy');
  await page.click('#buy');
  assert.equal(warnings.filter((text) => text.includes('useTrack')).length, 1);
  assert.deepEqual(errors, []);
  await page.close();
});
