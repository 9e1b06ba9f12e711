import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given the change log of a running server', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createFlag', { query: { reason: '=HYPERLINK("http://example.org")' }, body: { key: 'risky' } });
    await world.api('createFlag', { query: { reason: 'spring sale' }, body: { key: 'sale' } });
  });
  after(() => world.close());

  test('F12: the log is narrowed by words and person, and the address says how', async () => {
    const page = await world.open('/audit');
    await page.getByText('Chain verified').waitFor();
    await page.getByLabel('Words').fill('SPRING');
    await page.getByText('“spring sale”').waitFor();
    await page.getByText('=HYPERLINK').waitFor({ state: 'detached' });
    await page.getByLabel('Who').fill('nobody');
    await page.getByText('Nothing in the log fits all of these filters.').waitFor();
    assert.match(page.url(), /q=SPRING/);
    assert.match(page.url(), /actor=nobody/);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('“spring sale”').waitFor();
    assert.equal(new URL(page.url()).search, '');
    const shared = await world.open('/audit?q=spring&noun=flags');
    await shared.getByText('“spring sale”').waitFor();
    assert.equal(await shared.getByLabel('Words').inputValue(), 'spring');
    assert.deepEqual([...complaintsOf(page), ...complaintsOf(shared)], []);
    await shared.close();
    await page.close();
  });

  test('F12: the log is narrowed to what was changed in an environment', async () => {
    const body = { enabled: true };
    await world.api('updateFlagEnvironment', { params: { key: 'sale', environment: 'staging' }, body });
    await world.api('updateFlagEnvironment', {
      params: { key: 'risky', environment: 'production' },
      query: { reason: 'for users' },
      body,
    });
    const page = await world.open('/audit?noun=flags');
    await page.getByText('“for users”').waitFor();
    await page.getByLabel('Environment').selectOption('staging');
    await page.getByText('“for users”').waitFor({ state: 'detached' });
    await page.getByText('updated flag').waitFor();
    assert.match(page.url(), /env=staging/);
    assert.match((await page.getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '', /environment=staging/);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('“for users”').waitFor();
    await page.close();
  });

  test('what was found is had as a file, and no spreadsheet runs what people wrote', async () => {
    const page = await world.open('/audit?q=example.org');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'spillway-changes.csv');
    const rows = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    assert.equal(rows.length, 2);
    assert.match(rows[0] ?? '', /^seq,at,actor,action/);
    assert.match(rows[1] ?? '', /"'=HYPERLINK/);
    await page.close();
  });
});
