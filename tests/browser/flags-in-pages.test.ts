import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { ADMIN_TOKEN, createWorld, type World } from '../../packages/http/src/testing/world.ts';
import { createClient } from '../../sdks/node/src/index.ts';
import { browserForTests } from '../parts/browser.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { skip, launch } = await browserForTests();

/** What the page's own server gives out, by path; it has another origin than the flags' server. */
const files = new Map<string, { readonly type: string; readonly text: string }>();
const site = createServer((request, response) => {
  const file = files.get(new URL(request.url ?? '/', 'http://page').pathname);
  response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain' }).end(file?.text);
});

let world: World;
let browser: Browser;
let origin = '';

before(async () => {
  if (skip !== false) return;
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
  site.closeAllConnections();
  site.close();
});

/** The examples as somebody would bundle them, with the SDKs as they are in the sources. */
async function bundle(path: string, platform: 'browser' | 'node'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${ROOT}${path}`],
    ...{ bundle: true, write: false, jsx: 'automatic' },
    ...{ platform, format: platform === 'node' ? 'cjs' : 'esm', target: 'es2022' },
    alias: {
      '@spillway/web/track': `${ROOT}sdks/web/src/track.ts`,
      '@spillway/web': `${ROOT}sdks/web/src/index.ts`,
      '@spillway/react': `${ROOT}sdks/react/src/index.ts`,
    },
  });
  return outputFiles[0]?.text ?? '';
}

async function startWorld(allowedOrigins: readonly string[]): Promise<void> {
  await world?.close();
  world = await createWorld({ allowedOrigins });
  await admin('POST', '/api/v1/feature-flags?reason=x', { key: 'new-checkout' });
  await admin('POST', '/api/v1/feature-flags?reason=x', {
    key: 'banner',
    type: 'json',
    variants: [
      { name: 'hello', value: { text: 'Hello' } },
      { name: 'sale', value: { text: 'Sale </script>' } },
    ],
    environments: { production: { enabled: true, fallthrough: { variant: 'hello' } } },
  });
}

async function admin(method: string, path: string, body: object): Promise<void> {
  const answer = await world.call(method, path, { token: ADMIN_TOKEN, body });
  assert.ok(answer.status < 300, answer.text);
}

const turn = (enabled: boolean) =>
  admin('PATCH', '/api/v1/feature-flags/new-checkout/environments/production?reason=x', { enabled });

interface Arrived {
  readonly type: string;
  readonly context: object;
  readonly source: string;
  readonly configuration: number | null;
  readonly value: number | null;
}

async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForFunction(
    ([where, what]) => document.querySelector(where ?? '')?.textContent === what,
    [selector, text],
    {
      timeout: 5_000,
    },
  );
}

async function openPage(): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, errors };
}

test('a page of another origin follows a flag, and keeps its value when the server goes', { skip }, async () => {
  await startWorld([origin]);
  files.set('/', { type: 'text/html', text: await readExample('browser/index.html') });
  files.set('/page.js', { type: 'text/javascript', text: await bundle('examples/browser/page.js', 'browser') });
  const { page, errors } = await openPage();
  await page.goto(`${origin}/?server=${world.url}&key=${world.clientKey}&user=ana`);
  await shows(page, '#status', 'ready');
  await shows(page, '#checkout', 'The old checkout');
  await turn(true);
  await shows(page, '#checkout', 'The new checkout');
  await world.server.close();
  await shows(page, '#status', 'stale');
  await shows(page, '#checkout', 'The new checkout');
  await page.reload();
  await shows(page, '#checkout', 'The new checkout');
  assert.deepEqual(errors, []);
  await page.close();
});

test('a page whose origin is not allowed gets its defaults and no exception', { skip }, async () => {
  await startWorld([]);
  await turn(true);
  const { page, errors } = await openPage();
  await page.goto(`${origin}/?server=${world.url}&key=${world.clientKey}&user=ben`);
  await page.waitForTimeout(3_500);
  await shows(page, '#checkout', 'The old checkout');
  assert.deepEqual(errors, []);
  await page.close();
});

test('T2: what a page tracks arrives once it is left, with the variants its user met', { skip }, async () => {
  await startWorld([origin]);
  await turn(true);
  const contents = `
    import { createClient } from './sdks/web/src/index.ts';
    import { withTracking } from './sdks/web/src/track.ts';
    const [url, clientKey] = ['server', 'key'].map((name) => new URLSearchParams(location.search).get(name));
    const options = { url, clientKey, context: { targetingKey: 'ana' }, exposures: true };
    const client = withTracking(createClient(options), options);
    await client.initialize();
    for (let times = 0; times < 3; times += 1) client.boolean('new-checkout', false);
    client.track('bought', { value: 12.5, plan: 'pro' });
    document.title = client.details('new-checkout', false).flagMetadata.configuration;
    document.body.textContent = 'tracked';
  `;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    ...{ bundle: true, write: false, format: 'esm', target: 'es2022' },
  });
  files.set('/tracking', {
    type: 'text/html',
    text: '<body><script type="module" src="/tracking.js"></script></body>',
  });
  files.set('/tracking.js', { type: 'text/javascript', text: outputFiles[0]?.text ?? '' });
  const { page, errors } = await openPage();
  await page.goto(`${origin}/tracking?server=${world.url}&key=${world.clientKey}`);
  await shows(page, 'body', 'tracked');
  const configuration = Number(await page.title());
  assert.ok(configuration > 0);
  const arrived = async () => {
    const answer = await world.call('GET', '/api/v1/events/recorded?environment=production', { token: ADMIN_TOKEN });
    return (JSON.parse(answer.text).items as readonly Arrived[])
      .map(({ type, context, source, configuration, value }) => ({ type, context, source, configuration, value }))
      .sort((one, other) => (one.type < other.type ? -1 : 1));
  };
  assert.deepEqual(await arrived(), []);
  await page.goto('about:blank');
  for (let tries = 0; (await arrived()).length < 2 && tries < 100; tries += 1) await page.waitForTimeout(50);
  const from = { context: { user: 'ana' }, source: 'client' };
  assert.deepEqual(await arrived(), [
    { type: 'flag_evaluated', ...from, configuration, value: null },
    { type: 'user_action', ...from, configuration: null, value: 12.5 },
  ]);
  assert.deepEqual(errors, []);
  await page.close();
});

test('React takes a server’s page over as it is, and renders again only what changed', { skip }, async () => {
  await startWorld([origin]);
  await turn(true);
  const context = { targetingKey: 'ana' };
  const onServer = createClient({ url: world.url, sdkKey: world.sdkKey, log: () => undefined });
  await onServer.initialize();
  const bootstrap = onServer.bootstrapFor(context);
  await onServer.close();
  // Newer than what the server renders: were it shown at once, the page would flicker.
  await admin('PATCH', '/api/v1/feature-flags/banner/environments/production?reason=x', {
    fallthrough: { variant: 'sale' },
  });

  const rendering = { exports: {} as { render(input: object): string } };
  new Function('module', 'exports', 'require', await bundle('examples/react/render.jsx', 'node'))(
    rendering,
    rendering.exports,
    createRequire(import.meta.url),
  );
  const text = rendering.exports.render({ url: world.url, clientKey: world.clientKey, context, bootstrap });
  assert.match(text, /The new checkout<\/p><p id="banner">Hello</);
  files.set('/react', { type: 'text/html', text });
  files.set('/page.js', { type: 'text/javascript', text: await bundle('examples/react/page.jsx', 'browser') });

  const { page, errors } = await openPage();
  await page.addInitScript(() => {
    const seen: string[] = [];
    const told = globalThis as unknown as Record<string, unknown>;
    told.seen = seen;
    told.rendered = (name: string) => seen.push(name);
    told.mismatch = (problem: string) => seen.push(problem);
  });
  const seen = () => page.evaluate(() => (globalThis as unknown as { readonly seen: readonly string[] }).seen);
  await page.goto(`${origin}/react`);
  await shows(page, '#status', 'ready');
  await shows(page, '#banner', 'Sale </script>');
  // Taken over once each; then the banner alone, which the stream had news of.
  assert.deepEqual(await seen(), ['checkout', 'banner', 'banner']);
  await turn(false);
  await shows(page, '#checkout', 'The old checkout');
  assert.deepEqual(await seen(), ['checkout', 'banner', 'banner', 'checkout']);
  await page.click('#buy');
  await page.goto('about:blank');
  const bought = async () => {
    const answer = await world.call('GET', '/api/v1/events/recorded?name=bought', { token: ADMIN_TOKEN });
    return (JSON.parse(answer.text).items as { value: number; context: object }[]).map((one) => [
      one.value,
      one.context,
    ]);
  };
  for (let tries = 0; (await bought()).length < 1 && tries < 100; tries += 1) await page.waitForTimeout(50);
  assert.deepEqual(await bought(), [[49.9, { user: 'ana' }]]);
  assert.deepEqual(errors, []);
  await page.close();
});

async function readExample(path: string): Promise<string> {
  return readFile(`${ROOT}examples/${path}`, 'utf8');
}
