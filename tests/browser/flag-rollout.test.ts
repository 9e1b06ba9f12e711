import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, type World } from './world.ts';

const { skip } = await browserForTests();
const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString().replace(/\.\d+Z/, 'Z');

describe('given flags on their way to users', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    const steps = [5, 25, 100].map((percentage, place) => ({ from: inHours(place * 24 - 12), percentage }));
    const stages = { stages: { variant: 'on', otherwise: 'off', steps } };
    const ends = { from_percentage: 20, to_percentage: 40 };
    const ramp = { ramp: { variant: 'on', otherwise: 'off', from: inHours(-12), to: inHours(12), ...ends } };
    const when = { attribute: 'country', operator: 'equals', values: ['DE'] } as const;
    await world.api('createFlag', {
      body: {
        key: 'staged',
        services: ['checkout'],
        environments: {
          development: {
            enabled: true,
            rules: [{ id: 'germany', description: 'Germany first', when, serve: ramp }],
            fallthrough: stages,
          },
        },
      },
    });
    await world.api('createFlag', { body: { key: 'plain' } });
  });
  after(() => world.close());

  const place = (page: Page, name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
  const confirm = async (page: Page, action: string, button: string) => {
    const dialog = page.getByRole('dialog', { name: action });
    await dialog.getByRole('button', { name: button }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const served = async () => {
    const flag = await world.api('getFlag', { params: { key: 'staged' } });
    const { rules, fallthrough } = flag.environments.development ?? assert.fail('there is no development');
    return { rule: rules[0]?.serve ?? assert.fail('there is no rule'), fallthrough };
  };

  test('F5: the tab tells which stage lasts and when the next one comes; the next may begin now', async () => {
    const page = await world.open('/flags/staged?env=development&tab=rollout');
    const everyone = place(page, 'Everyone else');
    await everyone.getByText('Under way').waitFor();
    await everyone.getByText('5 % on', { exact: true }).first().waitFor();
    await everyone
      .getByRole('list', { name: 'Stages' })
      .getByText('in 11 h 59 min')
      .or(everyone.getByText('in 12 h'))
      .first()
      .waitFor();
    await everyone.getByRole('button', { name: 'Next stage now' }).click();
    await confirm(page, 'Begin the next stage of staged in development?', 'Begin it now');
    await everyone.getByText('25 % on', { exact: true }).first().waitFor();
    const { fallthrough } = await served();
    assert.ok('stages' in fallthrough);
    const [, second, third] = fallthrough.stages.steps.map(({ from }) => Date.parse(from));
    assert.ok(second !== undefined && third !== undefined && second <= Date.now());
    assert.equal(third - second, 24 * HOUR_MS);
    assert.deepEqual(complaintsOf(page), []);
  });

  test('F5: a ramp is held where it stands, goes on from there, and is taken back', async () => {
    const page = await world.open('/flags/staged?env=development&tab=rollout');
    const germany = place(page, 'Germany first');
    await germany.getByText('If country').waitFor();
    await germany.getByRole('button', { name: 'Hold' }).click();
    await confirm(page, 'Hold the rollout of staged in development?', 'Hold here');
    await germany.getByText('On hold').waitFor();
    const { rule: standing } = await served();
    assert.ok('split' in standing);
    assert.equal(standing.split[0]?.variant, 'on');
    assert.ok(Math.abs((standing.split[0]?.percentage ?? 0) - 30) < 0.1);

    await germany.getByRole('button', { name: 'Resume' }).click();
    await confirm(page, 'Resume the rollout of staged in development?', 'Resume');
    await germany.getByText('Under way').waitFor();
    const { rule: going } = await served();
    assert.ok('ramp' in going);
    assert.equal(going.ramp.from_percentage, standing.split[0]?.percentage);
    assert.ok(Math.abs(Date.parse(going.ramp.to) - Date.parse(going.ramp.from) - 12 * HOUR_MS) < HOUR_MS / 10);

    await germany.getByRole('button', { name: 'Roll back' }).click();
    await confirm(page, 'Roll back the rollout of staged in development?', 'Roll back');
    await germany.waitFor({ state: 'detached' });
    assert.deepEqual((await served()).rule, { variant: 'off' });
    assert.deepEqual(complaintsOf(page), []);
  });

  test('releases of the services that the flag names are there, held and sent on without leaving it', async () => {
    await world.api('putService', { params: { environment: 'development', key: 'checkout' }, body: {} });
    const strategy = { kind: 'canary' as const, steps: [{ percentage: 10, bake_ms: 60_000 }] };
    const version = { name: 'v2', command: ['node', 'server.mjs'] };
    const stages = [{ key: 'checkout', service: 'checkout', version, strategy }];
    await world.api('applyRollout', { body: { plan: { key: 'checkout-v2', environment: 'development', stages } } });
    const page = await world.open('/flags/staged?env=development&tab=rollout');
    const releases = page.getByRole('region', { name: 'Releases of checkout in development' });
    await releases.getByRole('link', { name: /^checkout-v2 Progressing/ }).waitFor();
    const actions = releases.getByRole('toolbar', { name: 'Actions of checkout-v2' });
    await actions.getByRole('button', { name: 'Pause' }).click();
    await releases.getByRole('link', { name: /^checkout-v2 Paused/ }).waitFor();
    const { status } = await world.api('getRollout', { params: { key: 'checkout-v2' } });
    assert.equal(status, 'paused');
    await page.getByRole('radio', { name: /^production/ }).check({ force: true });
    await page.getByText('None yet, neither under way nor ended.').waitFor();
    assert.deepEqual(complaintsOf(page), []);
  });

  test('a protected environment wants a reason, and a flag that shares nothing says where to begin', async () => {
    const page = await world.open('/flags/plain?env=production&tab=rollout');
    await page.getByText('Nothing is shared out in production').waitFor();
    await page.getByText('This flag names no service.').waitFor();
    await page.getByRole('switch', { name: 'plain in production' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn on plain in production?' });
    await dialog.getByLabel('Reason').fill('for the launch');
    await dialog.getByRole('button', { name: 'Turn on in production' }).click();
    await page.getByText('On in production', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Open targeting' }).click();
    await page.getByRole('tab', { name: 'Targeting', selected: true }).waitFor();
    assert.deepEqual(complaintsOf(page), []);
  });
});
