import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { ADMIN_TOKEN, createWorld, type World } from '../../packages/http/src/testing/world.ts';
import { browserForTests } from '../parts/browser.ts';

const { skip, launch } = await browserForTests();
const EXAMPLE = fileURLToPath(new URL('../../examples/openfeature-web/', import.meta.url));

let world: World;
let browser: Browser;
let script = '';
let html = '';
let origin = '';
const site = createServer((request, response) => {
  const isScript = request.url === '/page.js';
  response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' }).end(isScript ? script : html);
});

before(async () => {
  if (skip !== false) return;
  const entryPoints = [`${EXAMPLE}page.js`];
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: 'esm', target: 'es2022' });
  script = outputFiles[0]?.text ?? '';
  html = await readFile(`${EXAMPLE}index.html`, 'utf8');
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  world = await createWorld({ allowedOrigins: [origin] });
  const state = { enabled: true, targets: [{ variant: 'on', keys: ['ann'] }], fallthrough: { variant: 'off' } };
  const body = { key: 'new-checkout', environments: { production: state } };
  await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
  site.closeAllConnections();
  site.close();
});

async function open(key: string): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${origin}/?server=${world.url}&key=${key}&user=ann`);
  return { page, errors };
}

async function shows(page: Page, selector: string, text: string): Promise<void> {
  const found = ([where, what]: readonly string[]) => document.querySelector(where ?? '')?.textContent === what;
  await page.waitForFunction(found, [selector, text], { timeout: 10_000 });
}

test('P2: the provider in a page answers, follows a change and another user, and nothing of rules arrives', {
  skip,
}, async () => {
  const { page, errors } = await open(world.clientKey);
  await shows(page, '#checkout', 'The new checkout');
  await shows(page, '#status', 'READY');
  await page.fill('#user', 'ben');
  await page.press('#user', 'Tab');
  await shows(page, '#checkout', 'The old checkout');
  const path = '/api/v1/feature-flags/new-checkout/environments/production?reason=test';
  await world.call('PATCH', path, { token: ADMIN_TOKEN, body: { fallthrough: { variant: 'on' } } });
  await shows(page, '#checkout', 'The new checkout');
  const stored = await page.evaluate('JSON.stringify(Object.entries(localStorage))');
  assert.ok(!String(stored).includes('fallthrough'), String(stored));
  assert.deepEqual(errors, []);
  await page.close();
});

test('a refused key is FATAL, and the page answers what its code says', { skip }, async () => {
  const { page, errors } = await open('spw_client_production_unknown');
  await shows(page, '#status', 'FATAL');
  await shows(page, '#checkout', 'The old checkout');
  assert.deepEqual(errors, []);
  await page.close();
});
