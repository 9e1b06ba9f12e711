import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given flags that applications ask for and others depend on', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    for (const key of ['asked-for', 'unasked', 'edited', 'old', 'doomed', 'base'])
      await world.api('createFlag', { body: { key } });
    const requiring = { prerequisites: [{ flag: 'base', variants: ['on'] }] };
    await world.api('createFlag', { body: { key: 'on-top', environments: { development: requiring } } });
    await world.api('createFlag', { body: { key: 'child', parent: 'base' } });
    await world.api('createFlag', { body: { key: 'kept', managed_by: 'git: acme/flags' } });
    await world.api('createSegment', {
      body: { key: 'beta', when: { attribute: 'beta', operator: 'equals', values: [true] } },
    });
    await world.api('createFlag', {
      body: {
        key: 'for-beta',
        environments: { development: { rules: [{ id: 'beta', when: { segment: 'beta' }, serve: { variant: 'on' } }] } },
      },
    });
    await world.api('replaceCodeReferences', {
      body: { repository: 'acme/shop', references: [{ flag: 'old', path: 'src/cart.ts', line: 12 }] },
    });
  });
  after(() => world.close());

  /** What an application in production reports of its last minute. */
  const report = async (counts: Readonly<Record<string, number>>, sketches: Readonly<Record<string, string>> = {}) => {
    const application = await world.application('production');
    const now = Date.now();
    const sent = await application.call('sendSummary', {
      body: {
        from: new Date(now - 60_000).toISOString(),
        to: new Date(now).toISOString(),
        counts: Object.entries(counts).map(([variant, count]) => ({
          flag: 'asked-for',
          variant,
          reason: 'SPLIT',
          count,
          configurations: { first: 12, last: variant === 'on' ? 15 : 12 },
        })),
        users: Object.entries(sketches).map(([variant, sketch]) => ({ flag: 'asked-for', variant, sketch })),
      },
    });
    assert.ok(sent.ok);
  };

  test('how often each variant was answered is shown, and when last', async () => {
    await report({ on: 30, off: 90 }, { on: 'sAABBAB', off: 'sAABCABDAB' });
    const page = await world.open('/flags/asked-for?tab=usage');
    const table = page.getByRole('table', { name: 'Variants in production' });
    const row = table.getByRole('row', { name: /^on/ });
    await row.getByText('25 %').waitFor();
    await row.getByRole('img', { name: 'on: at most 30 per 6 hours' }).waitFor();
    await table.getByRole('row', { name: /^off/ }).getByText('75 %').waitFor();
    await page.getByText('120 evaluations for ≈ 4 users').waitFor();
    await row.getByText('≈ 2', { exact: true }).waitFor();
    await table.getByRole('row', { name: /^off/ }).getByText('≈ 3', { exact: true }).waitFor();
    await page.getByText('off from configuration 12, on from configurations 12-15').waitFor();
    await page.getByText(/^last evaluated (just now|\d+ s ago)/).waitFor();
    await page.getByText('24 hours').click();
    await table.getByRole('img', { name: 'on: at most 30 per hour' }).waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('a flag that nobody asks for says so and how to begin', async () => {
    const page = await world.open('/flags/unasked?tab=usage');
    await page.getByText('No application has asked for it yet').waitFor();
    await page.getByText(/^new: made (just now|\d+ s ago), not evaluated yet$/).waitFor();
    await page.close();
  });

  test('the list says of each flag how often it was asked for in the last week, and when last', async () => {
    await report({ on: 3 });
    const page = await world.open('/flags?sort=key');
    const row = (key: string) =>
      page.getByRole('row').filter({ has: page.getByRole('link', { name: key, exact: true }) });
    await row('asked-for')
      .getByRole('img', { name: /^\d+ evaluations in the last 7 days$/ })
      .waitFor();
    await row('asked-for')
      .getByText(/just now|s ago/)
      .waitFor();
    await row('unasked').getByText('never asked for').waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('a stale flag says why, and what to do', async () => {
    await world.api('archiveFlag', { params: { key: 'old' }, body: { reason: 'over' } });
    const page = await world.open('/flags/old');
    await page.getByText('Stale: It is archived, but code still names it').waitFor();
    await page.getByText('Take it out of the code, then delete it.').waitFor();
    await page.close();
  });

  test('a flag that others require is not offered for deletion; they are named and lead on', async () => {
    const page = await world.open('/flags/base');
    await ending(page, 'Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete base?' });
    await dialog.getByText('Other flags need it').waitFor();
    await dialog.getByText('requires it in development').waitFor();
    await dialog.getByText('as its parent').waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Delete' }).isDisabled(), true);
    await dialog.getByRole('link', { name: 'on-top' }).click();
    await page.getByRole('heading', { level: 1, name: 'on-top' }).waitFor();
    await page.close();
  });

  test('places in code are told before a flag is archived, which they do not prevent', async () => {
    await world.api('replaceCodeReferences', {
      body: { repository: 'acme/shop', references: [{ flag: 'doomed', path: 'src/cart.ts', line: 7 }] },
    });
    const page = await world.open('/flags/doomed');
    await ending(page, 'Archive');
    const dialog = page.getByRole('dialog', { name: 'Archive doomed?' });
    await dialog.getByText('src/cart.ts:7').waitFor();
    await dialog.getByText('Code that still asks for it gets its own default value').waitFor();
    await dialog.getByLabel('Reason').fill('served its time');
    await dialog.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('doomed is archived').waitFor();
    assert.equal((await world.api('getFlag', { params: { key: 'doomed' } })).lifecycle, 'archived');
    await page.getByText('Code that still asks for it gets its own default value').waitFor();
    const asked = { params: { key: 'doomed' }, body: { environment: 'development', context: {} } };
    assert.equal((await world.api('evaluateFlag', asked)).errorCode, 'FLAG_NOT_FOUND', 'as the page says');
    await page.close();
  });

  test('a segment in use names what uses it', async () => {
    const page = await world.open('/segments/beta');
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete beta?' });
    assert.equal(await dialog.getByRole('button', { name: 'Delete' }).isDisabled(), true);
    await dialog.getByRole('link', { name: 'for-beta' }).click();
    await page.getByRole('heading', { level: 1, name: 'for-beta' }).waitFor();
    await page.close();
  });

  test('a draft is kept while another environment or tab is shown', async () => {
    const page = await world.open('/flags/edited?env=staging');
    const everyone = page.getByRole('combobox', { name: 'Everyone else: what to serve' });
    await everyone.selectOption('off');
    await choose(page, 'development');
    await page.getByText('Unsaved changes in staging are kept until you leave this flag.').waitFor();
    assert.equal(await everyone.inputValue(), 'on', 'development is as it was');
    await page.getByRole('tab', { name: 'Activity' }).click();
    await page.getByRole('list', { name: 'Versions' }).waitFor();
    await page.getByRole('tab', { name: 'Targeting' }).click();
    await choose(page, 'staging');
    await page.getByRole('button', { name: 'Review changes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change edited in staging?' });
    await dialog.getByRole('button', { name: 'Save to staging' }).click();
    await page.getByText(/edited is saved in staging/).waitFor();
    const { environments } = await world.api('getFlag', { params: { key: 'edited' } });
    assert.deepEqual(environments.staging?.fallthrough, { variant: 'off' });
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('of a flag that was deleted and brought back, only versions that their number still means are restored', async () => {
    const params = { key: 'second-life' };
    await world.api('createFlag', { body: params });
    await world.api('updateFlagEnvironment', {
      params: { ...params, environment: 'staging' },
      body: { enabled: true },
    });
    await world.api('archiveFlag', { params, body: {} });
    await world.api('deleteFlag', { params });
    await world.api('createFlag', { body: params });
    const page = await world.open('/flags/second-life?tab=activity');
    const versions = page.getByRole('list', { name: 'Versions' }).getByRole('listitem');
    await versions.nth(4).waitFor();
    assert.equal(await page.getByText('current', { exact: true }).count(), 1);
    assert.deepEqual(
      await page.getByRole('button', { name: /^Restore/ }).allTextContents(),
      ['Restore version 3', 'Restore version 2'],
      'the first version one is another one now',
    );
    await versions.getByText('staging: turned on', { exact: true }).waitFor();
    await page.close();
  });

  test('leaving a draft behind is asked about, by a link as by the back button', async () => {
    const page = await world.open('/flags');
    await page.getByRole('link', { name: 'edited', exact: true }).click();
    await choose(page, 'development');
    await page.getByRole('combobox', { name: 'Everyone else: what to serve' }).selectOption('off');
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });

    await page.getByRole('link', { name: 'Segments' }).click();
    await question.getByText('What you changed in development would be lost.').waitFor();
    await question.getByRole('button', { name: 'Stay here' }).click();
    await page.getByText('Unsaved changes in development').waitFor();

    await page.evaluate(() => window.history.back());
    await question.getByRole('button', { name: 'Leave without saving' }).click();
    await page.getByRole('heading', { level: 1, name: 'Flags' }).waitFor();

    await page.getByRole('link', { name: 'Segments' }).click();
    await page.getByRole('heading', { level: 1, name: 'Segments' }).waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F8: those that are kept in files are found by which', async () => {
    const page = await world.open('/flags');
    await page.getByLabel('Kept in files').fill('git: acme/flags');
    await page.getByLabel('Kept in files').press('Enter');
    await page.getByText('1 flag', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'kept' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('managed'), 'git: acme/flags');
    await page.reload();
    await page.getByText('1 flag', { exact: true }).waitFor();
    await page.close();
  });

  async function ending(page: Page, word: 'Archive' | 'Delete') {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: word }).click();
  }

  async function choose(page: Page, environment: string) {
    await page.getByRole('group', { name: 'Environment' }).getByText(environment).click();
  }
});
