import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given the segments of a running server', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createSegment', {
      query: { reason: 'set up' },
      body: { key: 'vips', name: 'Very important', members: { keys: ['user-1', 'user-2'] } },
    });
  });
  after(() => world.close());

  const segment = (key: string) => world.api('getSegment', { params: { key } });

  test('S1: a segment is made, given a rule, reviewed and saved', async () => {
    const page = await world.open('/segments');
    await page.getByRole('link', { name: 'vips' }).waitFor();
    await page.getByRole('button', { name: 'New segment' }).click();
    const dialog = page.getByRole('dialog', { name: 'New segment' });
    await dialog.getByLabel('Key').fill('germans');
    await dialog.getByLabel('Reason (optional)').fill('campaign');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'germans' }).waitFor();
    await page.getByText('Nobody belongs yet').waitFor();
    await page.getByRole('button', { name: 'Add condition' }).click();
    await page.keyboard.type('country');
    await page.getByText('Something is not complete yet.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('DE');
    await page.getByRole('button', { name: 'Review and save' }).click();
    const review = page.getByRole('dialog', { name: 'Save germans?' });
    await review.getByText('Nothing uses this segment yet.').waitFor();
    assert.equal((await segment('germans')).version, 1, 'not before it was reviewed');
    await review.getByLabel('Reason (optional)', { exact: true }).fill('campaign starts');
    await review.getByRole('button', { name: 'Save segment' }).click();
    await page.getByText('germans is saved').waitFor();
    const saved = await segment('germans');
    assert.equal(saved.version, 2);
    assert.match(JSON.stringify(saved.when), /"attribute":"country","operator":"in","values":\["DE"\]/);
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('“campaign starts”').waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('S1: a file adds to the list, and the server says who is on it', async () => {
    const page = await world.open('/segments/vips?tab=list');
    await page.getByLabel('File with keys').setInputFiles({
      name: 'new-vips.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('id\nuser-2\nuser-3\n'),
    });
    const preview = page.getByRole('region', { name: 'Preview of the file' });
    await preview.getByText('2 keys from id:').waitFor();
    await preview.getByText('user-3', { exact: true }).waitFor();
    await page.getByLabel('Reason').fill('spring fair');
    await page.getByRole('button', { name: 'Add from file' }).click();
    await page.getByText('3 listed now').waitFor();
    await page.getByText('1 joined, 0 left.').waitFor();
    await page.getByLabel('Keys', { exact: true }).fill('user-3, nobody');
    await page.getByRole('button', { name: 'Check 2 keys' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: /not listed$/ })
      .waitFor();
    const answers = await page
      .getByRole('listitem')
      .filter({ hasText: /listed$/ })
      .allInnerTexts();
    assert.deepEqual(
      answers.map((text) => text.replaceAll(/\s+/g, ' ').replace(/^[^a-z]+/, '')),
      ['user-3 listed', 'nobody not listed'],
    );
    assert.equal((await segment('vips')).members?.count, 3);
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('two people change a segment: the second puts theirs on top, and both changes stay', async () => {
    await world.api('createSegment', { query: { reason: 'x' }, body: { key: 'shared', when: { any: [] } } });
    const page = await world.open('/segments/shared');
    await page.getByLabel('Owner').fill('ann');
    await world.api('replaceSegment', {
      params: { key: 'shared' },
      query: { reason: 'x' },
      body: { key: 'shared', when: { any: [] }, description: 'by another person' },
    });
    await page.getByText('Someone else saved meanwhile').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Review and save' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Put mine on top' }).click();
    await page.getByRole('button', { name: 'Review and save' }).click();
    const review = page.getByRole('dialog', { name: 'Save shared?' });
    await review.getByLabel('Reason').fill('an owner');
    await review.getByRole('button', { name: 'Save segment' }).click();
    await page.getByText('shared is saved').waitFor();
    const { owner, description } = await segment('shared');
    assert.deepEqual({ owner, description }, { owner: 'ann', description: 'by another person' });
    await page.close();
  });

  test('a segment in use says by what, and is not deleted', async () => {
    await world.api('createSegment', { query: { reason: 'x' }, body: { key: 'uses-vips', parents: ['vips'] } });
    const page = await world.open('/segments/vips?tab=used-by');
    await page.getByRole('link', { name: 'uses-vips' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete vips?' });
    await dialog.getByText('Still in use').waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Delete' }).isDisabled(), true);
    await page.close();
  });

  test('S1: a file whose keys stand in another column shows so before it is sent, and the column is chosen', async () => {
    const page = await world.open('/segments/vips?tab=list');
    await page.getByLabel('File with keys').setInputFiles({
      name: 'customers.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('name,customer\n"Ana, the first",user-8\nBo,user-9\n'),
    });
    const preview = page.getByRole('region', { name: 'Preview of the file' });
    await preview.getByText('The first line has no column key, id, user_id or targetingKey.').waitFor();
    await preview.getByRole('button', { name: 'customer' }).click();
    await preview.getByText('2 keys from customer:').waitFor();
    await preview.getByText('user-9', { exact: true }).waitFor();
    assert.equal(await page.getByLabel('Column (optional)').inputValue(), 'customer');
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('S6: profiles are counted in segments, compared, and forgotten', async () => {
    for (const key of ['user-1', 'user-9']) {
      await world.api('putProfile', { params: { key }, body: { attributes: { country: 'DE' } } });
    }
    await world.api('createSegment', {
      query: { reason: 'x' },
      body: { key: 'in-de', when: { attribute: 'country', operator: 'in', values: ['DE'] } },
    });
    const page = await world.open('/segments/vips?tab=size');
    await page.getByText('1 of 2 profiles, 50 %').waitFor();
    await page.goto(`${world.url}/overlap?segments=vips,in-de`);
    await page.getByRole('cell', { name: '50 % of in-de' }).waitFor();
    await page.goto(`${world.url}/profiles`);
    await page.getByLabel('Segments', { exact: true }).fill('vips');
    await page.getByLabel('Segments', { exact: true }).press('Enter');
    await page.getByText('Looked at 2 of 2 profiles.').waitFor();
    await page.getByRole('button', { name: /user-9/ }).waitFor({ state: 'detached' });
    await page.getByLabel('Attributes', { exact: true }).fill('country=FR');
    await page.getByLabel('Attributes', { exact: true }).press('Enter');
    await page.getByText('No profile is like that').waitFor();
    assert.deepEqual(Object.fromEntries(new URL(page.url()).searchParams), {
      segments: 'vips',
      attributes: 'country=FR',
    });
    await page.goto(`${world.url}/profiles?attributes=country%3DDE&segments=in-de`);
    await page.getByRole('button', { name: /user-9/ }).click();
    await page.getByRole('dialog', { name: 'user-9' }).getByRole('link', { name: 'in-de' }).waitFor();
    await page.getByRole('button', { name: 'Delete profile' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('user-9 is forgotten').waitFor();
    const { items } = await world.api('listProfiles', {});
    assert.deepEqual(
      items.map(({ key }) => key),
      ['user-1'],
    );
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('an earlier version is compared with the present one and restored, its list with it', async () => {
    const change = async (members: readonly string[], owner: string) => {
      const body = { key: 'turned', owner, members: { keys: [...members] } };
      const { key } = body;
      await (owner === 'first'
        ? world.api('createSegment', { query: { reason: 'x' }, body })
        : world.api('replaceSegment', { params: { key }, query: { reason: 'x' }, body }));
    };
    await change(['ann', 'bob'], 'first');
    await change(['cid'], 'second');
    const page = await world.open('/segments/turned?tab=history');
    await page.getByRole('button', { name: 'Compare and restore version 1' }).click();
    const dialog = page.getByRole('dialog', { name: 'Restore version 1 of turned?' });
    await dialog.getByText('1 member now, 2 members in version 1.').waitFor();
    await dialog.getByLabel('Reason').fill('back');
    await dialog.getByRole('button', { name: 'Restore version 1' }).click();
    await page.getByText('turned is again as in version 1, now version 3').waitFor();
    const restored = await segment('turned');
    assert.deepEqual([restored.owner, restored.members?.count], ['first', 2]);
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });
});
