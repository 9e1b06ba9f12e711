import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given flags to be edited', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createSegment', {
      body: { key: 'beta', when: { attribute: 'beta', operator: 'equals', values: [true] } },
    });
    await world.api('createFlag', { body: { key: 'payments' } });
    for (const key of ['nested', 'timed', 'refused', 'ordered', 'asking', 'detailed'])
      await world.api('createFlag', { body: { key } });
    await world.api('createFlag', {
      body: {
        key: 'layout',
        type: 'json',
        variants: [
          { name: 'one', value: { columns: 1 } },
          { name: 'two', value: { columns: 2 } },
        ],
      },
    });
  });
  after(() => world.close());

  const state = async (key: string) => {
    const flag = await world.api('getFlag', { params: { key } });
    const found = flag.environments.development;
    assert.ok(found !== undefined, `${key} has a state in development`);
    return found;
  };

  test('F3: a rule of groups, paths, segments and any case is made in the form', async () => {
    const page = await world.open('/flags/nested?env=development');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByLabel('Condition 1: attribute').fill('organisation -> plan');
    await page.getByLabel('Condition 1: comparison').selectOption('in');
    await page.getByLabel('Condition 1: values, separated by commas').fill('pro, 42');
    await page.getByRole('button', { name: 'Condition 1: upper and lower case are the same' }).click();
    await page.getByRole('button', { name: 'Add group' }).click();
    await page.getByLabel('Group 2: how they are joined').selectOption('none');
    await page.getByLabel('Condition 2.1: attribute').fill('age');
    await page.getByLabel('Condition 2.1: comparison').selectOption('between');
    await page.getByLabel('Condition 2.1: lowest').fill('13');
    await page.getByLabel('Condition 2.1: highest').fill('17');
    const inner = page.getByRole('group', { name: 'Group 2' });
    await inner.getByRole('button', { name: 'Add segment' }).click();
    await page.getByLabel('Condition 2.2: segments').fill('beta');
    await page.getByLabel('Condition 2.2: segments').press('Enter');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save to development' }).click();
    await page.getByText(/is saved in development/).waitFor();
    const { rules } = await state('nested');
    assert.deepEqual(rules[0]?.when, {
      all: [
        { attribute: 'organisation', path: ['plan'], operator: 'in', values: ['pro', 42], ignore_case: true },
        { not: { any: [{ attribute: 'age', operator: 'between', values: [13, 17] }, { segment: 'beta' }] } },
      ],
    });
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F4: a ramp and stages are set in local time and kept in UTC', async () => {
    const page = await world.open('/flags/timed?env=development');
    await page.getByLabel('Everyone else: what to serve').selectOption({ label: 'Gradually, on a ramp…' });
    await page.getByLabel('Everyone else: ramp from (local time)').fill('2027-01-04T09:00');
    await page.getByLabel('Everyone else: ramp to (local time)').fill('2027-01-03T09:00');
    await page.getByRole('status').filter({ hasText: 'A ramp has to end after it begins' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Review changes' }).isDisabled(), true);
    await page.getByLabel('Everyone else: ramp to (local time)').fill('2027-01-11T09:00');
    await page.getByLabel('Everyone else: percentage at the end').fill('50');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save to development' }).click();
    await page.getByText(/is saved in development/).waitFor();
    const { fallthrough } = await state('timed');
    assert.ok('ramp' in fallthrough);
    const utc = await page.evaluate(() => new Date('2027-01-04T09:00').toISOString().replace('.000', ''));
    assert.deepEqual([fallthrough.ramp.from, fallthrough.ramp.to_percentage], [utc, 50]);
    await page.close();
  });

  test('F7: what the server refuses is shown at the condition that it names, in the form and as JSON', async () => {
    const page = await world.open('/flags/refused?env=development');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByLabel('Condition 1: comparison').selectOption('regex');
    await page.getByLabel('Condition 1: value', { exact: true }).fill('(unclosed');
    await page.getByRole('button', { name: 'Review changes' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save to development' }).click();
    await dialog.getByRole('button', { name: 'Show where' }).click();
    await page
      .getByRole('group', { name: 'Conditions' })
      .getByText(/must be a regular expression/)
      .waitFor();
    await page.getByRole('radio', { name: 'JSON' }).check({ force: true });
    await page.getByRole('button', { name: /^line \d+: .*\/rules\/0\/when\/all\/0\/values\/0/ }).click();
    const selected = await page.getByLabel('development as JSON').evaluate((area) => {
      const { value, selectionStart, selectionEnd } = area as unknown as {
        value: string;
        selectionStart: number;
        selectionEnd: number;
      };
      return value.slice(selectionStart, selectionEnd);
    });
    assert.equal(selected, '"(unclosed"');
    await page.close();
  });

  test('F3: the state is edited as JSON, and what has no shape is said before it is sent', async () => {
    const page = await world.open('/flags/layout?env=development&as=json');
    const area = page.getByLabel('development as JSON');
    const text = await area.inputValue();
    await area.fill(text.replace('"enabled": false', '"enabled": "no"'));
    await page.getByText('needs enabled: true or false').waitFor();
    await area.fill(text.replace('"enabled": false', '"enabled": true'));
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('dialog').getByText('before: off').waitFor({ state: 'attached' });
    await page.getByRole('dialog').getByRole('button', { name: 'Save to development' }).click();
    await page.getByText(/is saved in development/).waitFor();
    assert.equal((await state('layout')).enabled, true);
    await page.close();
  });

  test('F3: rules are put in order by keyboard, and the focus goes with the rule', async () => {
    const page = await world.open('/flags/ordered?env=development');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('button', { name: 'Move rule 1 down' }).focus();
    await page.keyboard.press('Alt+ArrowDown');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    assert.match(await focused(), /rule 2/, 'its own button, at its new place');
    await page.keyboard.press('Alt+ArrowUp');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save to development' }).click();
    await page.getByText(/is saved in development/).waitFor();
    assert.deepEqual(
      (await state('ordered')).rules.map(({ id }) => id),
      ['rule-2', 'rule-1'],
    );
    await page.close();
  });

  test('F9: a prerequisite is chosen among the flags and the variants there are', async () => {
    const page = await world.open('/flags/ordered?env=development');
    await page.getByRole('button', { name: 'Edit prerequisites' }).click();
    await page.getByRole('button', { name: 'Add prerequisite' }).click();
    await page.getByLabel('Prerequisite 1: flag').fill('payments');
    await page.getByRole('group', { name: 'Prerequisite 1: variants' }).getByLabel('on').check();
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('dialog').getByText('payments serves on').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save to development' }).click();
    await page.getByText(/is saved in development/).waitFor();
    assert.deepEqual((await state('ordered')).prerequisites, [{ flag: 'payments', variants: ['on'] }]);
    await page.close();
  });

  test('F6: a rule asks what another flag serves, chosen among the flags and their variants', async () => {
    const page = await world.open('/flags/asking?env=development');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('button', { name: 'Remove condition 1' }).click();
    await page.getByRole('button', { name: 'Add flag' }).click();
    await page.getByLabel('Condition 1: flag').fill('payments');
    await page.getByRole('group', { name: 'Condition 1: variants' }).getByLabel('off').check();
    await page.getByLabel('Condition 1: serving').selectOption('none');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save to development' }).click();
    await page.getByText(/is saved in development/).waitFor();
    const [rule] = (await state('asking')).rules;
    assert.deepEqual(rule?.when, { all: [{ not: { flag: 'payments', variants: ['off'] } }] });
    await page.getByText('flag payments serves off').waitFor();
    await page.close();
  });

  test('F7: the details of a flag are changed after it was made, and reviewed', async () => {
    const page = await world.open('/flags/detailed');
    await page.getByRole('button', { name: 'Details' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Description').fill('What it is about');
    await dialog.getByLabel('Owner').fill('team-checkout');
    await dialog.getByLabel('Tags', { exact: true }).fill('checkout,');
    await dialog.getByLabel('Tags', { exact: true }).press('Enter');
    await dialog.getByLabel('Parent flag').fill('payments');
    await dialog.getByRole('button', { name: 'Review changes' }).click();
    await dialog.getByText('team-checkout').waitFor();
    await dialog.getByLabel('Reason').fill('found its owner');
    await dialog.getByRole('button', { name: 'Save details' }).click();
    await page.getByText(/detailed is saved/).waitFor();
    const flag = await world.api('getFlag', { params: { key: 'detailed' } });
    assert.deepEqual(
      [flag.description, flag.owner, flag.tags, flag.parent],
      ['What it is about', 'team-checkout', ['checkout'], 'payments'],
    );
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('F2: a flag starts from what it is for, prepared but off', async () => {
    const page = await world.open('/flags?new=1');
    const dialog = page.getByRole('dialog', { name: 'New flag' });
    await dialog.getByLabel('Key').fill('for-some');
    await dialog.getByLabel('Starting point').selectOption('percentage');
    await dialog.getByLabel('Percentage to start with').fill('25');
    await dialog.getByRole('button', { name: 'Create flag' }).click();
    await page.getByRole('heading', { level: 1, name: 'for-some' }).waitFor();
    const flag = await world.api('getFlag', { params: { key: 'for-some' } });
    assert.equal(flag.kind, 'percentage');
    assert.deepEqual(flag.environments.development?.fallthrough, {
      split: [
        { variant: 'on', percentage: 25 },
        { variant: 'off', percentage: 75 },
      ],
    });
    assert.equal(flag.environments.development?.enabled, false);
    await page.close();
  });

  test('F12: versions are told in words, compared, and brought back after a look at what that changes', async () => {
    await world.api('createFlag', { body: { key: 'versioned' } });
    const update = (enabled: boolean, reason: string) =>
      world.api('updateFlagEnvironment', {
        params: { key: 'versioned', environment: 'production' },
        query: { reason },
        body: { enabled },
      });
    await update(true, 'launch');
    await update(false, 'too early');
    const page = await world.open('/flags/versioned?tab=activity');
    await page.getByText('“too early”').waitFor();
    await page.getByRole('button', { name: 'What changed in version 2' }).click();
    await page.getByText('production: State').first().waitFor();
    await page.getByLabel('Earlier version').fill('1');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('Versions 1 and 3 are the same.').waitFor();
    await page.getByRole('button', { name: 'Restore version 2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Restore version 2 of versioned?' });
    await dialog.getByText('production: State').waitFor();
    const restore = dialog.getByRole('button', { name: 'Restore version 2' });
    assert.equal(await restore.isDisabled(), true, 'production wants a reason');
    await dialog.getByLabel('Reason').fill('now it is time');
    await restore.click();
    await page.getByText(/is again as in version 2, now version 4/).waitFor();
    const flag = await world.api('getFlag', { params: { key: 'versioned' } });
    assert.equal(flag.environments.production?.enabled, true);
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });
});
