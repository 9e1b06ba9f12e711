import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given an application that tells whom it asked for', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createFlag', {
      body: { key: 'checkout', environments: { development: { enabled: true, percentage: 0 } } },
    });
    await world.api('createFlag', {
      body: {
        key: 'on-top',
        environments: {
          development: { enabled: true, percentage: 100, prerequisites: [{ flag: 'checkout', variants: ['on'] }] },
        },
      },
    });
  });
  after(() => world.close());

  const tell = async (count: number) => {
    const application = await world.application('development');
    const now = Date.now();
    const sent = await application.call('sendSummary', {
      body: {
        from: new Date(now - 60_000).toISOString(),
        to: new Date(now).toISOString(),
        counts: [],
        contexts: {
          recent_contexts: 'full',
          items: Array.from({ length: count }, (_, rank) => ({ rank, context: { targetingKey: `user-${rank}` } })),
        },
      },
    });
    assert.ok(sent.ok, JSON.stringify(sent));
  };

  test('F13: whoever reviews a change sees whom it would change, and for which other flags', async () => {
    const review = async () => {
      const page = await world.open('/flags/checkout?env=development');
      await page.getByLabel('Everyone else: what to serve').selectOption({ label: 'A percentage of people each…' });
      await page.getByLabel('Everyone else: percentage of on').fill('100');
      await page.getByRole('button', { name: 'Review changes' }).click();
      return { page, effect: page.getByRole('region', { name: 'Effect on recent contexts' }) };
    };
    const before = await review();
    await before.effect.getByText(/^development keeps no recent contexts, /).waitFor();
    await before.page.close();

    const settings = await world.open('/settings');
    await settings.getByLabel('Recent contexts of development').selectOption({ label: 'kept in full' });
    await settings.getByText('Recent contexts of development: kept in full').waitFor();
    assert.deepEqual(complaintsOf(settings), []);
    await settings.close();
    await tell(40);

    const { page, effect } = await review();
    await effect.getByText('40 of 40 recent contexts', { exact: true }).waitFor();
    await effect.getByText('off → on', { exact: true }).waitFor();
    await effect.getByText(/^Among them: user-\d+, user-\d+, user-\d+$/).waitFor();
    await effect.getByText('on-top, which requires it, changes for 40.', { exact: true }).waitFor();
    assert.deepEqual(complaintsOf(page), []);
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
    await page.close();
  });

  test('F13: while a rule is edited, how many of the recent contexts it matches is told beside it', async () => {
    const age = { attribute: 'targetingKey', operator: 'ends_with' as const, values: ['7'] };
    const rule = { id: 'sevens', when: { all: [age] }, serve: { variant: 'on' } };
    const environments = { development: { rules: [rule] }, staging: { rules: [rule] } };
    await world.api('createFlag', { query: { reason: 'set up' }, body: { key: 'sevens', environments } });
    const unsampled = await world.open('/flags/sevens?env=staging');
    await unsampled.getByRole('button', { name: 'Edit rule 1' }).click();
    await unsampled.getByText(/^How many match cannot be told: staging keeps no recent contexts/).waitFor();
    await unsampled.close();

    const page = await world.open('/flags/sevens?env=development');
    await page.getByRole('button', { name: 'Edit rule 1' }).click();
    await page.getByText('Matches 4 of the last 40 contexts (10 %).', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Copy rule 1' }).click();
    await page
      .getByRole('button', { name: 'Edit rule 2' })
      .or(page.getByRole('button', { name: 'Done rule 2' }))
      .waitFor();
    await page.getByText(/^Matches 4 .*, but targets and rules above decide for all of them\.$/).waitFor();
    await page.getByLabel('Condition 1: value').last().fill('3');
    await page.getByText('Matches 4 of the last 40 contexts (10 %).', { exact: true }).nth(1).waitFor();
    await page.getByLabel('Condition 1: attribute').last().fill('');
    await page.getByText('How many match is counted when the conditions are complete.').first().waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F13: a change is tried on contexts that are pasted or picked, and mistakes in them are named by line', async () => {
    const page = await world.open('/flags/checkout?env=development');
    await page.getByLabel('Everyone else: what to serve').selectOption({ label: 'A percentage of people each…' });
    await page.getByLabel('Everyone else: percentage of on').fill('100');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByText('Contexts of your own').click();
    const effect = page.getByRole('region', { name: 'Effect on chosen contexts' });
    const box = effect.getByLabel('Contexts to try it on');
    await box.fill('{"targetingKey":"ana"}\n{"targetingKey":"bo"');
    await effect.getByText(/line 2 is not JSON/).waitFor();
    await box.fill('{"targetingKey":"ana"}\n{"targetingKey":"bo"}');
    await effect.getByText('2 of 2 contexts', { exact: true }).waitFor();
    await effect.getByText('Among them: ana, bo').waitFor();
    await effect.getByRole('button', { name: 'user-3', exact: true }).click();
    await effect.getByText('3 of 3 contexts', { exact: true }).waitFor();
    assert.match(await box.inputValue(), /\{"targetingKey":"user-3"\}$/);
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('the playground offers those whom applications asked for lately', async () => {
    const page = await world.open('/flags/checkout?env=development&tab=playground');
    await page.getByRole('group', { name: 'Or one that was asked for lately in development' }).waitFor();
    await page.getByRole('button', { name: 'user-3', exact: true }).click();
    assert.deepEqual(JSON.parse(await page.getByLabel('Context').inputValue()), { targetingKey: 'user-3' });
    await page.getByRole('button', { name: 'Evaluate in development' }).click();
    await page.getByText('In development this user gets').waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F13: the review of a segment says who comes and goes, and which flags answer otherwise', async () => {
    const when = (value: string) => ({ attribute: 'targetingKey', operator: 'equals' as const, values: [value] });
    const reason = { reason: 'set up' };
    await world.api('createSegment', { query: reason, body: { key: 'chosen', when: { all: [when('nobody')] } } });
    const rule = { id: 'chosen', when: { segment: 'chosen' }, serve: { variant: 'on' } };
    await world.api('createFlag', {
      body: { key: 'for-chosen', environments: { development: { enabled: true, percentage: 0, rules: [rule] } } },
    });
    const page = await world.open('/segments/chosen');
    await page.getByLabel(/value/).first().fill('user-5');
    await page.getByRole('button', { name: 'Review and save' }).click();
    const effect = page.getByRole('region', { name: 'Effect on recent contexts' });
    await effect.getByText('1 of 40 recent contexts would come in, 0 would leave').waitFor();
    await effect.getByText('for-chosen', { exact: true }).waitFor();
    await effect.getByText('1 of 40 recent contexts', { exact: true }).waitFor();
    await page.getByText('Contexts of your own').click();
    const chosen = page.getByRole('region', { name: 'Effect on chosen contexts' });
    await chosen.getByLabel('Contexts to try it on').fill('[{"targetingKey":"user-5"},{"targetingKey":"eve"}]');
    await chosen.getByText('1 of 2 contexts would come in, 0 would leave').first().waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });
});
