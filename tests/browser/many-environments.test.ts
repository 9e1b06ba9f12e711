import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, newContext, type World } from './world.ts';

const { skip } = await browserForTests();

const WIDTHS = [1440, 1000, 390];
const MORE = ['demo', 'integration', 'load-test', 'qa'];
const MORE_PROTECTED = ['apac-production', 'eu-production', 'us-production'];
const LONG = {
  key: 'enable-new-customer-onboarding-experience-with-personalised-welcome',
  description: 'Whether people who come back after a while are greeted by name, in all of the shops that we have',
  owner: 'team-customer-lifecycle-and-loyalty',
  tags: ['experiment-2026-spring-second-half', 'mobile', 'checkout'],
};

/** Whether a switch is there to be pressed without scrolling sideways. */
async function isInSight(page: Page, name: string): Promise<boolean> {
  const box = await page.getByRole('switch', { name, exact: true }).boundingBox();
  const width = page.viewportSize()?.width ?? 0;
  return box !== null && box.x >= 0 && box.x + box.width <= width;
}

/** What is wider than the place it has, of what is meant to fit: the page itself and the list. */
function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => {
    const wide = [document.documentElement, ...document.querySelectorAll('main .overflow-x-auto')];
    return Math.max(...wide.map((element) => element.scrollWidth - element.clientWidth));
  });
}

describe('given flags with long names', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    for (const environments of [
      {},
      { development: { enabled: true }, production: { enabled: true, percentage: 20 } },
    ]) {
      const key = 'production' in environments ? LONG.key : 'plain';
      await world.api('createFlag', { query: { reason: 'set up' }, body: { ...LONG, key, environments } });
    }
  });
  after(() => world.close());

  async function at(width: number): Promise<{ page: Page; context: BrowserContext }> {
    const viewport = { width, height: 900 };
    const context = await newContext(world.browser, { viewport, storageState: await world.context.storageState() });
    return { context, page: await context.newPage() };
  }

  test('F7: every switch of three environments is in sight, however long names, owners and tags are', async () => {
    for (const width of WIDTHS) {
      const { page, context } = await at(width);
      await page.goto(`${world.url}/flags`);
      await page.getByRole('switch', { name: `${LONG.key} in production` }).waitFor();
      for (const environment of ['development', 'staging', 'production']) {
        assert.ok(await isInSight(page, `${LONG.key} in ${environment}`), `${environment} at ${width} px`);
      }
      assert.equal(await tooWide(page), 0, `${width} px`);
      await context.close();
    }
  });

  describe('and ten environments', () => {
    before(async () => {
      for (const key of MORE) await world.api('createEnvironment', { body: { key } });
      for (const key of MORE_PROTECTED) await world.api('createEnvironment', { body: { key, protected: true } });
    });

    test('production keeps its switch, and the others are one press away', async () => {
      for (const width of WIDTHS) {
        const { page, context } = await at(width);
        await page.goto(`${world.url}/flags`);
        const others = page.getByRole('button', {
          name: new RegExp(`^${LONG.key} is on in 1 of \\d other environments$`),
        });
        await others.waitFor();
        assert.ok(await isInSight(page, `${LONG.key} in production`), `${width} px`);
        assert.equal(await tooWide(page), 0, `${width} px`);
        await others.click();
        const opened = page.getByRole('dialog', { name: `${LONG.key} in other environments` });
        await opened.getByRole('switch', { name: `${LONG.key} in staging` }).waitFor();
        assert.equal(await tooWide(page), 0, `${width} px, opened`);
        await page.keyboard.press('Escape');
        await opened.waitFor({ state: 'detached' });
        await others.and(page.locator(':focus')).waitFor({ timeout: 3_000 });
        await context.close();
      }
    });

    test('a switch among the others works as one in the list does: at once, or after a review', async () => {
      const page = await world.open('/flags?q=plain');
      await page.getByRole('button', { name: /^plain is on in 0 of/ }).click();
      await page.getByRole('switch', { name: 'plain in qa' }).click();
      await page.getByText('plain is on in qa').waitFor();
      await page.getByRole('button', { name: /^plain is on in 1 of/ }).waitFor();
      await page.keyboard.press('Escape');
      await page.setViewportSize({ width: 1000, height: 900 });
      await page.getByRole('button', { name: /^plain is on in 1 of/ }).click();
      await page.getByRole('switch', { name: 'plain in us-production' }).click();
      const review = page.getByRole('dialog', { name: 'Turn on plain in us-production?' });
      await review.getByLabel('Reason').fill('launch');
      await review.getByRole('button', { name: 'Turn on in us-production' }).click();
      await page.getByText('plain is on in us-production').waitFor();
      const { environments } = await world.api('getFlag', { params: { key: 'plain' } });
      assert.equal(environments['us-production']?.enabled, true);
      assert.deepEqual(complaintsOf(page), []);
      await page.close();
    });

    test('which environments have columns can be chosen, and is remembered', async () => {
      const { page, context } = await at(1440);
      await page.goto(`${world.url}/flags`);
      await page.getByRole('button', { name: 'Environments', exact: true }).click();
      await page.getByRole('checkbox', { name: 'qa' }).check();
      await page.getByRole('checkbox', { name: 'staging' }).check();
      await page.getByRole('columnheader', { name: 'qa' }).waitFor();
      await page.reload();
      const names = page.getByRole('columnheader');
      await names.first().waitFor();
      assert.deepEqual((await names.allTextContents()).slice(-3), ['qa', 'staging', 'Others on']);
      await page.getByRole('button', { name: 'Environments', exact: true }).click();
      await page.getByRole('button', { name: 'Choose for me' }).click();
      await page.getByRole('columnheader', { name: 'production (protected)', exact: true }).waitFor();
      await context.close();
    });

    test('a flag and the playground begin in production, and a phone shows which environment is chosen', async () => {
      const { page, context } = await at(390);
      await page.goto(`${world.url}/flags/plain`);
      const chosen = page.getByRole('combobox', { name: 'Environment' });
      assert.equal(await chosen.inputValue(), 'production');
      await chosen.selectOption('qa: on');
      await page.getByText('On in qa').waitFor();
      await page.goto(`${world.url}/playground`);
      await chosen.waitFor();
      assert.equal(await chosen.inputValue(), 'production');
      assert.equal(await tooWide(page), 0);
      await context.close();
    });

    test('axe finds nothing in what opens, in light and dark, wide and narrow', async () => {
      const found: string[] = [];
      for (const width of WIDTHS) {
        const { page, context } = await at(width);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          for (const name of [/^plain is on in/, /^Environments$/]) {
            await page.goto(`${world.url}/flags?q=plain`);
            await page.getByRole('button', { name }).click();
            await page.getByRole('dialog').waitFor();
            const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
            found.push(
              ...violations.map(({ id, nodes }) => `${width} ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
            );
          }
        }
        await context.close();
      }
      assert.deepEqual(found, []);
    });
  });
});
