import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { createClient } from '@spillway/contract/client';
import type { Page } from 'playwright-core';
import { browserForTests } from '../parts/browser.ts';
import { createWorld, newContext, type World } from './world.ts';

const { skip } = await browserForTests();

/** Every screen, and the dialogs that open on one; each is left as it was found. */
const SCREENS: readonly { readonly path: string; readonly act?: (page: Page) => Promise<unknown> }[] = [
  { path: '/' },
  { path: '/flags' },
  { path: '/flags?new=1', act: (page) => page.getByRole('dialog', { name: 'New flag' }).waitFor() },
  { path: '/flags?lifecycle=archived' },
  { path: '/flags/checkout-v2', act: (page) => page.getByRole('button', { name: 'Edit rule 1' }).click() },
  {
    path: '/flags/checkout-v2?tab=playground',
    act: async (page) => {
      await page.getByRole('button', { name: /^Evaluate in/ }).click();
      await page.getByText(/^Configuration \d/).waitFor();
    },
  },
  {
    path: '/playground',
    act: async (page) => {
      await page.getByRole('button', { name: 'Evaluate all flags' }).click();
      await page.getByRole('button', { name: 'Why checkout-v2' }).click();
      await page.getByRole('list', { name: 'How it was decided' }).waitFor();
    },
  },
  {
    path: '/flags/checkout-v2?tab=activity',
    act: (page) => page.getByRole('list', { name: 'Versions' }).waitFor(),
  },
  { path: '/flags/checkout-v2?tab=rollout', act: (page) => page.getByText('This flag names no service.').waitFor() },
  {
    path: '/flags/checkout-v2?tab=usage',
    act: (page) => page.getByRole('table', { name: 'Variants in production' }).waitFor(),
  },
  {
    path: '/flags/checkout-v2',
    act: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByText('Still depending on it').waitFor();
    },
  },
  { path: '/flags/checkout-v2?tab=code', act: (page) => page.getByRole('region', { name: 'curl command' }).waitFor() },
  { path: '/flags/checkout-v2?as=json', act: (page) => page.getByLabel('production as JSON').waitFor() },
  {
    path: '/flags/checkout-v2?env=development',
    act: async (page) => {
      await page.getByRole('button', { name: 'Edit prerequisites' }).click();
      await page.getByRole('button', { name: 'Add prerequisite' }).click();
      await page.getByRole('button', { name: 'Edit individual targets' }).click();
      await page.getByRole('button', { name: 'Add targets' }).click();
      await page.getByRole('button', { name: 'Add rule' }).click();
      await page.getByRole('button', { name: 'Add group' }).click();
      await page.getByRole('button', { name: 'Add segment' }).first().click();
      await page.getByLabel('Rule 1: what to serve').selectOption({ label: 'In stages, at given times…' });
      await page.getByLabel('Everyone else: what to serve').selectOption({ label: 'Gradually, on a ramp…' });
      await page.getByRole('button', { name: 'Change bucketing of everyone else' }).click();
    },
  },
  {
    path: '/flags/checkout-v2',
    act: async (page) => {
      await page.getByRole('button', { name: 'Details', exact: true }).click();
      await page.getByRole('dialog', { name: 'Details of checkout-v2' }).waitFor();
    },
  },
  { path: '/flags/missing' },
  { path: '/rollouts' },
  { path: '/emergency', act: (page) => page.getByRole('button', { name: 'Fire stop-all' }).click() },
  { path: '/audit', act: (page) => page.getByText('Chain verified').waitFor() },
  { path: '/audit?q=nothing-like-it', act: (page) => page.getByText('No changes').waitFor() },
  { path: '/segments' },
  { path: '/segments?new=1', act: (page) => page.getByRole('dialog', { name: 'New segment' }).waitFor() },
  { path: '/segments/beta', act: (page) => page.getByRole('button', { name: 'Edit condition 1' }).click() },
  { path: '/segments/beta?tab=list' },
  { path: '/segments/beta?tab=size', act: (page) => page.getByText('Every profile was looked at.').waitFor() },
  { path: '/overlap?segments=beta,eu', act: (page) => page.getByRole('heading', { name: 'Pairs' }).waitFor() },
  { path: '/profiles' },
  { path: '/profiles?key=user-1', act: (page) => page.getByText('Belongs to, by priority').waitFor() },
  { path: '/segments/beta?tab=used-by' },
  { path: '/segments/beta?tab=history' },
  { path: '/settings', act: (page) => page.getByRole('button', { name: 'Issue token' }).click() },
  { path: '/settings', act: (page) => page.getByRole('button', { name: 'Settings of production' }).click() },
  { path: '/sign-in' },
  { path: '/nowhere' },
];

describe('given some flags and switches', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createFlag', {
      query: { reason: 'set up' },
      body: {
        key: 'checkout-v2',
        description: 'One-page checkout',
        tags: ['checkout'],
        environments: {
          production: {
            enabled: true,
            percentage: 12.5,
            rules: [
              {
                id: 'staff',
                when: { attribute: 'email', operator: 'ends_with', values: ['@example.com'] },
                serve: { variant: 'on' },
              },
            ],
          },
        },
      },
    });
    await world.api('createSegment', {
      query: { reason: 'set up' },
      body: {
        key: 'beta',
        name: 'Beta testers',
        tags: ['early'],
        members: { keys: ['user-1', 'user-2'] },
        when: { attribute: 'email', operator: 'ends_with', values: ['@example.com'] },
        score: { rules: [{ when: { attribute: 'plan', operator: 'in', values: ['pro'] }, weight: 2 }], threshold: 2 },
      },
    });
    await world.api('createSegment', {
      query: { reason: 'set up' },
      body: { key: 'eu', when: { attribute: 'country', operator: 'in', values: ['DE'] } },
    });
    for (const [key, country] of Object.entries({ 'user-1': 'DE', 'user-2': 'US', 'user-3': 'DE' })) {
      await world.api('putProfile', { params: { key }, body: { attributes: { country } } });
    }
    const { secret } = await world.api('createToken', {
      body: { name: 'shop', kind: 'sdk', environment: 'production' },
    });
    const asked = await createClient({ baseUrl: world.url, token: secret }).call('evaluateFlag', {
      params: { key: 'checkout-v2' },
      body: { context: { targetingKey: 'user-1' } },
    });
    assert.ok(asked.ok);
    await world.api('createSwitch', { body: { key: 'stop-all', scope: 'global' } });
    await world.api('activateSwitch', {
      params: { key: 'stop-search' },
      body: { reason: 'incident', scope: 'feature', affects: ['checkout-v2'] },
    });
  });
  after(() => world.close());

  test('axe finds nothing on any screen, nor a colour too faint in light or dark', async () => {
    const context = await newContext(world.browser, { storageState: await world.context.storageState() });
    const page = await context.newPage();
    const found: string[] = [];
    const examine = async (path: string, axe: AxeBuilder) => {
      const { violations, passes } = await axe.setLegacyMode().analyze();
      assert.ok(passes.length > 0, `${path} was examined`);
      found.push(...violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html).join(' ')}`));
    };
    for (const { path, act } of SCREENS) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(world.url + path);
      await page.locator('h1, [role=dialog]').first().waitFor();
      await page.locator('[role=status]:has-text("Loading")').first().waitFor({ state: 'detached' });
      await act?.(page);
      await examine(`${path} in light`, new AxeBuilder({ page }));
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html[data-theme=dark]').waitFor();
      await examine(`${path} in dark`, new AxeBuilder({ page }).withRules(['color-contrast']));
    }
    assert.deepEqual(found, []);
    await context.close();
  });

  test('no screen is wider than a phone', async () => {
    const viewport = { width: 390, height: 844 };
    const context = await newContext(world.browser, { viewport, storageState: await world.context.storageState() });
    const page = await context.newPage();
    const wide: string[] = [];
    for (const { path } of SCREENS) {
      await page.goto(world.url + path);
      await page.locator('h1, [role=dialog]').first().waitFor();
      const excess = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (excess > 0) wide.push(`${path} by ${excess} px`);
    }
    assert.deepEqual(wide, []);
    await context.close();
  });

  test('the chosen theme is painted from the first moment and kept', async () => {
    const context = await newContext(world.browser, {
      colorScheme: 'light',
      storageState: await world.context.storageState(),
    });
    const page = await context.newPage();
    await page.goto(`${world.url}/settings`);
    await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
    await page.goto(`${world.url}/flags`, { waitUntil: 'commit' });
    await page.locator('html[data-theme=dark]').waitFor();
    await context.close();
  });
});
