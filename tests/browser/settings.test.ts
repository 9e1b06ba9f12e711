import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given the settings of environments', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
  });
  after(() => world.close());

  test('F7: an environment is protected with a click, and given free only with a reason', async () => {
    const page = await world.open('/settings');
    const settings = () => page.getByRole('button', { name: 'Settings of staging' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings of staging' });
    const save = dialog.getByRole('button', { name: 'Save settings' });
    await settings();
    assert.equal(await save.isDisabled(), true, 'nothing differs yet');
    await dialog.getByRole('checkbox', { name: /Protected/ }).check();
    await save.click();
    await page.getByText('staging is saved, version 2').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'staging' }).getByText('Protected').waitFor();

    await settings();
    await dialog.getByRole('checkbox', { name: /Protected/ }).uncheck();
    await dialog.getByText('From then on anybody changes staging without saying why').waitFor();
    assert.equal(await save.isDisabled(), true, 'a reason is wanted');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('only for rehearsals');
    await save.click();
    await page.getByText('staging is saved, version 3').waitFor();
    const { items } = await world.api('listChanges', { query: { noun: 'environments', limit: 1 } });
    assert.deepEqual([items[0]?.action, items[0]?.reason], ['environment.updated', 'only for rehearsals']);
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('what a protected environment keeps of contexts is changed with a reason, too', async () => {
    const page = await world.open('/settings');
    await page.getByRole('button', { name: 'Settings of production' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings of production' });
    await dialog.getByLabel('Recent contexts').selectOption({ label: 'kept, keys hashed' });
    await dialog.getByRole('checkbox', { name: 'Count different users' }).uncheck();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('to preview changes');
    await dialog.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText('Recent contexts: kept, keys hashed').waitFor();
    const { items } = await world.api('listEnvironments', { query: {} });
    assert.equal(items.find(({ key }) => key === 'production')?.unique_users, false);
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('pages that may use client keys, and for whom, are set here; a wrong origin is told where it stands', async () => {
    const page = await world.open('/settings');
    await page.getByRole('button', { name: 'Settings of development' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings of development' });
    const origins = dialog.getByRole('textbox', { name: 'Allowed origins' });
    const save = dialog.getByRole('button', { name: 'Save settings' });
    await dialog.getByLabel('Client keys answer for').selectOption({ label: 'signed contexts only' });
    await origins.fill('https://shop.example/path');
    await origins.press('Enter');
    await save.click();
    await dialog.getByRole('listitem').filter({ hasText: 'must be an origin such as' }).waitFor();
    await origins.press('Backspace');
    await origins.fill('https://shop.example');
    await origins.press('Enter');
    await save.click();
    await page.getByText('development is saved, version 2').waitFor();
    const { items } = await world.api('listEnvironments', { query: {} });
    const development = items.find(({ key }) => key === 'development');
    assert.deepEqual(
      [development?.client_contexts, development?.allowed_origins],
      ['signed', ['https://shop.example']],
    );
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });
});
