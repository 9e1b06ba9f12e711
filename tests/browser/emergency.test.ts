import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createClient } from '@spillway/contract/client';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given a kill switch over a live flag', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createFlag', {
      query: { reason: 'set up' },
      body: { key: 'payments', environments: { production: { enabled: true } } },
    });
    await world.api('createSwitch', { body: { key: 'stop-payments', scope: 'feature', affects: ['payments'] } });
  });
  after(() => world.close());

  /** An application in production that was asked some times and follows what changes. */
  const follow = async (): Promise<Response> => {
    const body = { name: 'shop', kind: 'sdk', environment: 'production' } as const;
    const { secret } = await world.api('createToken', { body });
    const now = Date.now();
    const sent = await createClient({ baseUrl: world.url, token: secret }).call('sendSummary', {
      body: {
        from: new Date(now - 60_000).toISOString(),
        to: new Date(now).toISOString(),
        counts: [{ flag: 'payments', variant: 'on', reason: 'DEFAULT', count: 250 }],
      },
    });
    assert.ok(sent.ok);
    const stream = await fetch(`${world.url}/api/v1/sdk/stream`, { headers: { authorization: `Bearer ${secret}` } });
    assert.equal(stream.status, 200);
    return stream;
  };

  const answer = async () =>
    world.api('evaluateFlag', {
      params: { key: 'payments' },
      body: { environment: 'production', context: { targetingKey: 'ana' } },
    });

  test('K2: it is fired with one confirm that says what users get, and obeyed at once', async () => {
    const following = await follow();
    const page = await world.open('/emergency');
    await page.getByRole('button', { name: 'Fire stop-payments' }).click();
    const dialog = page.getByRole('dialog', { name: 'Fire stop-payments?' });
    await dialog.getByText('payments gives everyone its off variant in every environment.').waitFor();
    const reach = dialog.getByRole('list', { name: 'How far it reaches' });
    await reach.getByText('1 flag, on: payments').waitFor();
    await reach.getByText('Asked for 250 times in the last day').waitFor();
    await reach.getByText('1 stream of applications, 0 streams of pages').waitFor();
    assert.equal(await dialog.getByLabel('Reason').inputValue(), 'incident');
    await dialog.getByRole('button', { name: 'Fire now' }).click();
    await page.getByRole('button', { name: 'Release… stop-payments' }).waitFor();
    const { value, flagMetadata } = await answer();
    assert.equal(value, false);
    assert.equal(flagMetadata.killSwitch, 'stop-payments');
    assert.deepEqual(complaintsOf(page), []);
    await following.body?.cancel();
    await page.close();
  });

  test('K8: the overview and the flag itself say that it is killed', async () => {
    const page = await world.open('/');
    await page.getByText('1 kill switch is fired.').waitFor();
    await page.goto(`${world.url}/flags/payments?env=production`);
    await page.getByText('Kill switch stop-payments is fired: everyone gets off').waitFor();
    await page.close();
  });

  test('K2: releasing wants the key typed and a reason, and gives back what was there', async () => {
    const page = await world.open('/emergency');
    await page.getByRole('button', { name: 'Release… stop-payments' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Release', exact: true });
    assert.equal(await confirm.isDisabled(), true);
    await dialog.getByLabel('Type stop-payments to confirm').fill('stop-payment');
    await dialog.getByLabel('Reason').fill('provider is back');
    assert.equal(await confirm.isDisabled(), true, 'not with another key');
    await dialog.getByLabel('Type stop-payments to confirm').fill('stop-payments');
    await confirm.click();
    await page.getByRole('button', { name: 'Fire stop-payments' }).waitFor();
    assert.equal((await answer()).value, true);
    await page.close();
  });

  test('K2: one that does not exist yet is made and fired in one step', async () => {
    const page = await world.open('/emergency');
    await page.getByRole('button', { name: 'New switch' }).click();
    const dialog = page.getByRole('dialog', { name: 'New kill switch' });
    await dialog.getByLabel('Key', { exact: true }).fill('everything-off');
    await dialog.getByLabel('Scope').selectOption('global');
    await dialog.getByRole('button', { name: 'Create and fire now' }).click();
    await page.getByRole('button', { name: 'Release… everything-off' }).waitFor();
    assert.equal((await answer()).flagMetadata.killSwitch, 'everything-off');
    await world.api('releaseSwitch', { params: { key: 'everything-off' }, body: { reason: 'tested' } });
    await page.getByRole('button', { name: 'Fire everything-off' }).waitFor();
    await page.close();
  });
});
