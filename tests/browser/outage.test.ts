import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, newContext, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given a server that is new, and goes away', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createFlag', { body: { key: 'checkout' } });
  });
  after(() => world.close());

  test('P5: the first steps show beside a sample flag, and go with the first flag of one’s own', async () => {
    const page = await world.open('/');
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await page.getByRole('link', { name: 'Issue an SDK key' }).waitFor();
    await world.api('createFlag', { body: { key: 'mine' } });
    await page.getByRole('heading', { name: 'First steps' }).waitFor({ state: 'detached' });
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('P5: a page that was not loaded yet says that the server does not answer, and opens by itself when it does', async () => {
    const context = await newContext(world.browser, { storageState: await world.context.storageState() });
    const page = await context.newPage();
    await page.goto(`${world.url}/`);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await context.setOffline(true);
    await page.getByRole('navigation').getByRole('link', { name: 'Flags' }).click();
    await page.getByText('The server does not answer', { exact: true }).waitFor();
    assert.equal(await page.getByText(/dynamically imported/).count(), 0, 'nothing of how pages are loaded');
    await context.setOffline(false);
    await page.getByRole('link', { name: 'checkout', exact: true }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/flags');
    await context.close();
  });
});
