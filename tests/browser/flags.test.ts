import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, newContext, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given the dashboard of a running server', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createFlag', { body: { key: 'checkout-v2', description: 'One-page checkout' } });
  });
  after(() => world.close());

  const enabled = async (environment: string) =>
    (await world.api('getFlag', { params: { key: 'checkout-v2' } })).environments[environment]?.enabled ?? false;

  test('a spent sign-in link says so and what to do, and nothing is shown without a session', async () => {
    const stranger = await newContext(world.browser);
    const page = await stranger.newPage();
    await page.goto(`${world.url}/flags`);
    await page.waitForURL(/\/sign-in\?next=/);
    await page.goto(`${world.url}/sign-in#code=spent`);
    await page.getByRole('alert').getByText('This link no longer works').waitFor();
    await page.getByText('npx spillway login').waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the code does not stay in the address');
    await stranger.close();
  });

  test('F7: a flag is turned on in development with one click, and undone with another', async () => {
    const page = await world.open('/flags');
    const toggle = page.getByRole('switch', { name: 'checkout-v2 in development' });
    await toggle.click();
    await page.getByText('checkout-v2 is on in development').waitFor();
    assert.equal(await enabled('development'), true);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('checkout-v2 is off in development').waitFor();
    assert.equal(await enabled('development'), false);
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F7: production changes only after its difference was shown and a reason given', async () => {
    const page = await world.open('/flags');
    await page.getByRole('switch', { name: 'checkout-v2 in production' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn on checkout-v2 in production?' });
    await dialog.getByText('before: off').waitFor({ state: 'attached' });
    const confirm = dialog.getByRole('button', { name: 'Turn on in production' });
    assert.equal(await confirm.isDisabled(), true, 'not without a reason');
    assert.equal(await enabled('production'), false, 'not on the first click');
    await dialog.getByLabel('Reason').fill('launch day');
    await confirm.click();
    await page.getByText('checkout-v2 is on in production').waitFor();
    assert.equal(await enabled('production'), true);
    const { items } = await world.api('listChanges', { query: { noun: 'flags', key: 'checkout-v2', limit: 1 } });
    assert.equal(items[0]?.reason, 'launch day');
    await page.close();
  });

  test('F7: the keyboard alone is enough to toggle', async () => {
    const page = await world.open('/flags');
    await page.getByRole('switch', { name: 'checkout-v2 in staging' }).waitFor();
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Search flags');
    const onSwitch = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    for (let presses = 0; presses < 12 && (await onSwitch()) !== 'checkout-v2 in staging'; presses += 1) {
      await page.keyboard.press('Tab');
    }
    assert.equal(await onSwitch(), 'checkout-v2 in staging');
    await page.keyboard.press('Space');
    await page.getByText('checkout-v2 is on in staging').waitFor();
    assert.equal(await enabled('staging'), true);
    await page.close();
  });

  test('the keyboard alone finds a flag and the list of keys', async () => {
    const page = await world.open('/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('checkout');
    await page.getByRole('option', { name: /^checkout-v2/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'checkout-v2' }).waitFor();
    assert.equal(await page.title(), 'checkout-v2 · Spillway');
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F10: what another client changes appears without a reload', async () => {
    const page = await world.open('/flags');
    const toggle = page.getByRole('switch', { name: 'checkout-v2 in development' });
    await page.getByText('Live', { exact: true }).first().waitFor();
    assert.equal(await toggle.getAttribute('aria-checked'), 'false');
    await world.api('updateFlagEnvironment', {
      params: { key: 'checkout-v2', environment: 'development' },
      body: { enabled: true },
    });
    await page.locator('[role=switch][aria-checked=true][aria-label="checkout-v2 in development"]').first().waitFor();
    await world.api('createFlag', { body: { key: 'made-elsewhere' } });
    await page.getByRole('link', { name: 'made-elsewhere' }).waitFor();
    await page.close();
  });

  test('F4: a percentage is set, reviewed and saved; the playground answers with it', async () => {
    const page = await world.open('/flags/checkout-v2?env=development');
    await page.getByLabel('Everyone else: what to serve').selectOption({ label: 'A percentage of people each…' });
    await page.getByLabel('Everyone else: percentage of on').fill('12.5');
    await page.getByRole('button', { name: 'Review changes' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('12.5 % on · 87.5 % off', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Save to development' }).click();
    await page.getByText(/is saved in development/).waitFor();
    const flag = await world.api('getFlag', { params: { key: 'checkout-v2' } });
    const serve = flag.environments.development?.fallthrough;
    assert.ok(serve !== undefined && 'split' in serve);
    assert.deepEqual(serve.split.map(({ variant, percentage }) => [variant, percentage]).sort(), [
      ['off', 87.5],
      ['on', 12.5],
    ]);
    await page.getByRole('tab', { name: 'Playground' }).click();
    await page.getByRole('button', { name: 'Evaluate in development' }).click();
    await page.getByText('SPLIT', { exact: true }).waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F3: a rule is added in the form and decides', async () => {
    const page = await world.open('/flags/checkout-v2?env=development');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByLabel('Condition 1: attribute').fill('country');
    await page.getByLabel('Condition 1: comparison').selectOption('in');
    await page.getByLabel('Condition 1: values, separated by commas').fill('NZ, AU');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save to development' }).click();
    await page.getByText(/is saved in development/).waitFor();
    const answer = await world.api('evaluateFlag', {
      params: { key: 'checkout-v2' },
      body: { environment: 'development', context: { targetingKey: 'ana', country: 'NZ' } },
    });
    assert.equal(answer.value, true);
    assert.equal(answer.reason, 'TARGETING_MATCH');
    await page.close();
  });

  test('a stale write shows both versions and goes on without losing either', async () => {
    const page = await world.open('/flags/checkout-v2?env=staging');
    await page.getByLabel('Everyone else: what to serve').selectOption('off');
    await page.getByRole('button', { name: 'Review changes' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Everyone else gets').waitFor();
    await world.api('updateFlagEnvironment', {
      params: { key: 'checkout-v2', environment: 'staging' },
      body: { enabled: false },
    });
    await dialog.getByRole('button', { name: 'Save to staging' }).click();
    await page.getByRole('dialog', { name: 'Someone else saved first' }).waitFor();
    await page.getByText('The two do not touch').waitFor();
    await page.getByRole('button', { name: 'Put mine on top, review again' }).click();
    await page.getByRole('button', { name: 'Save to staging' }).click();
    await page.getByText(/is saved in staging/).waitFor();
    const { environments } = await world.api('getFlag', { params: { key: 'checkout-v2' } });
    assert.equal(environments.staging?.enabled, false, 'theirs is kept');
    assert.deepEqual(environments.staging?.fallthrough, { variant: 'off' }, 'mine is saved');
    await page.close();
  });

  test('j, k and the arrows go from row to row, and Enter opens one', async () => {
    const page = await world.open('/flags');
    await page.getByRole('link', { name: 'made-elsewhere' }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.keyboard.press('j');
    assert.equal(await focused(), 'checkout-v2');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'made-elsewhere');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'checkout-v2' }).waitFor();
    await page.close();
  });
});
