import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { ADMIN_TOKEN, createWorld, type World } from '../../packages/http/src/testing/world.ts';
import { browserForTests } from '../parts/browser.ts';

const { skip, launch } = await browserForTests();

/** An application as OpenFeature's documentation has it, and what it saw. */
const PAGE = `
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';

const query = new URLSearchParams(location.search);
const headers = [['Authorization', 'Bearer ' + query.get('key')]];
const client = OpenFeature.getClient();
const told = [];
globalThis.told = told;
client.addHandler(ProviderEvents.ConfigurationChanged, (details) => told.push(details.flagsChanged));
globalThis.value = () => client.getBooleanValue('checkout', false);
await OpenFeature.setContext({ targetingKey: 'ana' });
await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: query.get('server'), headers }));
globalThis.ready = true;
`;

let world: World;
let browser: Browser;
let script = '';
let origin = '';
const site = createServer((request, response) => {
  if (request.url === '/page.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  else response.writeHead(200, { 'content-type': 'text/html' }).end('<script type="module" src="/page.js"></script>');
});

before(async () => {
  if (skip !== false) return;
  const stdin = { contents: PAGE, resolveDir: import.meta.dirname };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'esm', target: 'es2022' });
  script = outputFiles[0]?.text ?? '';
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  world = await createWorld({ allowedOrigins: [origin] });
  for (const key of ['checkout', 'other']) {
    const body = { key, environments: { production: { enabled: false } } };
    await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
  }
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
  site.closeAllConnections();
  site.close();
});

async function turn(flag: string, enabled: boolean): Promise<void> {
  const path = `/api/v1/feature-flags/${flag}/environments/production?reason=test`;
  await world.call('PATCH', path, { token: ADMIN_TOKEN, body: { enabled } });
}

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${origin}/?server=${world.url}&key=${world.clientKey}`);
  await page.waitForFunction('globalThis.ready === true', undefined, { timeout: 10_000 });
  return page;
}

const STREAM = /\/ofrep\/v1\/events\?/;

test('P2: the OFREP provider in a page follows the event stream and hears which flag changed', { skip }, async () => {
  const page = await browser.newPage();
  const opened = page.waitForResponse((response) => STREAM.test(response.url()));
  await page.goto(`${origin}/?server=${world.url}&key=${world.clientKey}`);
  assert.equal((await opened).status(), 200);
  assert.equal(await page.evaluate('value()'), false);
  await turn('checkout', true);
  await page.waitForFunction('value() === true', undefined, { timeout: 5_000 });
  await page.waitForFunction('told.length > 0', undefined, { timeout: 5_000 });
  assert.deepEqual(await page.evaluate('told'), [['checkout']], 'and not every flag there is');
  await page.close();
});

test('a page that comes back with answers and a ticket of yesterday follows again', { skip }, async () => {
  await turn('checkout', false);
  const page = await openPage();
  world.pass(86_400_000);
  const opened = page.waitForResponse((response) => STREAM.test(response.url()) && response.status() === 200);
  await page.reload();
  await opened;
  await turn('checkout', true);
  await page.waitForFunction('value() === true', undefined, { timeout: 5_000 });
  await page.close();
});

test('a page follows on after the ticket ran out and the server went away for a moment', { skip }, async () => {
  await turn('checkout', false);
  const page = await openPage();
  world.pass(3_600_000);
  world.server.app.server.closeAllConnections();
  const opened = page.waitForResponse((response) => STREAM.test(response.url()) && response.status() === 200);
  await opened;
  await turn('checkout', true);
  await page.waitForFunction('value() === true', undefined, { timeout: 5_000 });
  await page.close();
});
