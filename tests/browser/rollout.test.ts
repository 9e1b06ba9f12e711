import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { readPlan } from '../../examples/shop/demo/plans.ts';
import { startShoppers } from '../../examples/shop/demo/shoppers.ts';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

const RATE = 60;
const POLL_MS = 100;
const DEADLINE_MS = 20_000;

describe('given the shop with people in it', { skip }, () => {
  let world: World;
  let shoppers: { stop(): Promise<void> } | undefined;

  before(async () => {
    world = await createWorld({ whole: true });
    await world.api('putService', { params: { environment: 'production', key: 'shop' }, body: {} });
    await world.api('applyRollout', { body: { plan: await readPlan('v1', {}), reason: 'the first version' } });
    await until(async () => (await world.api('getRollout', { params: { key: 'shop-v1' } })).status === 'succeeded');
    assert.ok(world.gatewayUrl !== undefined);
    shoppers = startShoppers(world.gatewayUrl, RATE, () => undefined);
  });
  after(async () => {
    await shoppers?.stop();
    await world.close();
  });

  test('R12: a first version has all traffic at once, took no steps and has no rival', async () => {
    const page = await world.open('/rollouts/shop-v1');
    const steps = page.getByRole('region', { name: 'Steps' }).getByRole('listitem');
    await steps.nth(1).getByText('All traffic at once').waitFor();
    assert.equal(await steps.count(), 2);
    await page.getByRole('img', { name: /^Routed: 100 % v1/ }).waitFor();
    assert.equal(await page.getByRole('term').filter({ hasText: 'stable' }).count(), 0);
    await page.getByText('Nothing to judge: there was no version before it.').waitFor();
    await page.close();
  });

  test('R12: a canary is watched live, held, sent on and taken back from its page', async () => {
    const plan = await readPlan('v2', {});
    const patient = plan.stages.map((stage) => ({
      ...stage,
      strategy: {
        ...stage.strategy,
        steps: [
          { percentage: 25, bake_ms: '60s' },
          { percentage: 60, bake_ms: '60s' },
        ],
      },
    }));
    await world.api('applyRollout', { body: { plan: { ...plan, stages: patient }, reason: 'recommendations' } });
    const status = async () => (await world.api('getRollout', { params: { key: 'shop-v2' } })).status;

    const page = await world.open('/');
    await page.getByText('Rolling out now').waitFor();
    await page.getByRole('link', { name: /^shop-v2 Progressing/ }).click();
    await page.getByRole('img', { name: /^Routed: 25 % v2, 75 % v1/ }).waitFor({ timeout: DEADLINE_MS });
    await page.locator('[aria-current=step]').getByText('25 % of traffic').waitFor();
    await page.getByRole('img', { name: /^Errors: v2 now/ }).waitFor();
    await page.getByRole('region', { name: 'Findings' }).getByText('Error rate').waitFor({ timeout: DEADLINE_MS });
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      [],
    );

    await page.getByLabel('Reason', { exact: true }).fill('looking at a report');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page
      .getByText(/looking at a report/)
      .first()
      .waitFor();
    assert.equal(await status(), 'paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    assert.equal(await status(), 'progressing');

    await page.getByRole('button', { name: 'Promote', exact: true }).click();
    await page.getByRole('img', { name: /^Routed: 60 % v2, 40 % v1/ }).waitFor({ timeout: DEADLINE_MS });

    await page.getByRole('button', { name: 'Abort' }).click();
    const dialog = page.getByRole('dialog', { name: 'Abort shop-v2?' });
    await dialog.getByText('All traffic of shop goes back to v1 at once').waitFor();
    await dialog.getByLabel('Reason (optional)').fill('too few clicks');
    await dialog.getByRole('button', { name: 'Abort and go back' }).click();
    await page.getByRole('heading', { level: 1, name: /Rolled back/ }).waitFor({ timeout: DEADLINE_MS });
    assert.equal(await status(), 'rolled_back');
    await page.getByText(/^Aborted by \S+: too few clicks\.$/).waitFor();
    await page.getByText('“too few clicks”', { exact: true }).waitFor();
    assert.equal(await page.getByText('too few clicks').count(), 2, 'once above the timeline, once in it');
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, 'waited too long');
    await sleep(POLL_MS);
  }
}
