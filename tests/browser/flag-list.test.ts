import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

const MANY = 5_000;
/** From the last key pressed to the result on the screen, on a busy machine. */
const SEARCH_LIMIT_MS = 3_000;

describe('given a list of 5,000 flags', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    const flags = Object.fromEntries(
      Array.from({ length: MANY }, (_, number) => [
        `flag-${String(number).padStart(4, '0')}`,
        {
          owner: number % 2 === 0 ? 'ana' : 'bo',
          tags: number % 100 === 0 ? ['rare'] : ['usual'],
          ...(number % 1_000 === 1 ? { type: 'string' as const, variants: [{ name: 'one', value: 'a' }] } : {}),
          ...(number % 500 === 0 ? { environments: { development: { enabled: true } } } : {}),
        },
      ]),
    );
    const definitions = { apiVersion: 'spillway/v1', kind: 'Definitions', flags } as const;
    const { fingerprint } = await world.api('planDefinitions', { body: { definitions } });
    await world.api('applyDefinitions', { body: { definitions, fingerprint } });
  });
  after(() => world.close());

  test('F8: what is typed is found among all of them, quickly', async (t) => {
    const page = await world.open('/flags');
    await page.getByText('5,000 flags').waitFor();
    await page.keyboard.press('/');
    const begin = performance.now();
    await page.keyboard.type('flag-4321');
    await page.getByRole('link', { name: 'flag-4321' }).waitFor();
    await page.getByText('1 flag', { exact: true }).waitFor();
    const elapsed = performance.now() - begin;
    t.diagnostic(`from the first key to the result: ${Math.round(elapsed)} ms`);
    assert.ok(elapsed < SEARCH_LIMIT_MS, `${elapsed} ms`);
    assert.match(page.url(), /q=flag-4321/);
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F8: filters narrow the list on the server, stand in the address, and are cleared at once', async () => {
    const page = await world.open('/flags');
    await page.getByText('5,000 flags').waitFor();
    await page.getByLabel('Tag', { exact: true }).fill('rare');
    await page.getByLabel('Tag', { exact: true }).press('Enter');
    await page.getByText('50 flags').waitFor();
    await page.getByLabel('State in an environment').selectOption('on development');
    await page.getByText('10 flags').waitFor();
    await page.getByLabel('Owner', { exact: true }).fill('bo');
    await page.getByLabel('Owner', { exact: true }).press('Enter');
    await page.getByText('No flag is like that').waitFor();
    assert.match(page.url(), /tag=rare/);
    await page.reload();
    await page.getByText('No flag is like that').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await page.getByText('5,000 flags').waitFor();
    await page.getByLabel('Type').selectOption('string');
    await page.getByText('5 flags', { exact: true }).waitFor();
    await page.close();
  });

  test('the overview counts all of them, and each number opens the list of those', async () => {
    const page = await world.open('/');
    await page.getByRole('link', { name: '5,000', exact: true }).waitFor();
    const { total } = await world.api('listFlags', { query: { limit: 1, lifecycle: 'active', stale: 'true' } });
    const name = total.toLocaleString('en');
    // Each number arrives by itself.
    await page.getByRole('definition').nth(2).getByRole('link', { name, exact: true }).click();
    await page.waitForURL(/\/flags\?stale=yes$/);
    assert.equal(await page.getByLabel('Staleness').inputValue(), 'yes');
    await page.close();
  });

  test('F8: going back from a flag finds the list as it was: filters, what was loaded, and the place in it', async () => {
    const page = await world.open('/flags?tag=usual');
    await page.getByText('4,950 flags').waitFor();
    await page.getByText('50 of 4,950', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    const far = page.getByRole('link', { name: 'flag-0090', exact: true });
    await far.scrollIntoViewIfNeeded();
    const head = await page.getByRole('columnheader', { name: 'production' }).boundingBox();
    assert.equal(head?.y, 0, 'which switch is which shows however far one has come');
    const before = await page.evaluate(() => window.scrollY);
    assert.ok(before > 500, `scrolled to ${before}`);
    await far.click();
    await page.getByRole('heading', { level: 1, name: 'flag-0090' }).waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0, 'a page begins at its beginning');
    await page.goBack();
    await far.waitFor();
    await page.waitForFunction((at) => Math.abs(window.scrollY - at) < 40, before);
    assert.equal(await page.getByLabel('Tag', { exact: true }).inputValue(), 'usual');
    await page.close();
  });

  test('F8: j, k and the arrows go from row to row, and Enter opens one', async () => {
    const page = await world.open('/flags?q=flag-100');
    await page.getByText('10 flags').waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.keyboard.press('j');
    assert.equal(await focused(), 'flag-1000');
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    assert.equal(await focused(), 'flag-1001');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'flag-1001' }).waitFor();
    await page.close();
  });
});
