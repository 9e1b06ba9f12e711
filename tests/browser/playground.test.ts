import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserForTests } from '../parts/browser.ts';
import { complaintsOf, createWorld, newContext, type World } from './world.ts';

const { skip } = await browserForTests();

describe('given a flag with rules and a split', { skip }, () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.api('createFlag', {
      query: { reason: 'set up' },
      body: {
        key: 'checkout-v2',
        environments: {
          production: {
            enabled: true,
            percentage: 50,
            rules: [
              {
                id: 'staff',
                when: {
                  all: [
                    { attribute: 'email', operator: 'ends_with', values: ['@example.com'] },
                    { not: { attribute: 'country', operator: 'in', values: ['US', 'CA'] } },
                  ],
                },
                serve: { variant: 'on' },
              },
            ],
          },
        },
      },
    });
    await world.api('createFlag', { body: { key: 'another' } });
  });
  after(() => world.close());

  const ASKED = '{"targetingKey": "user-7", "country": "US", "email": "ana@example.com", "secret": "s3cret"}';

  test('the trace says what each condition expected, what it found, and where the bucket fell', async () => {
    const page = await world.open('/flags/checkout-v2?tab=playground&env=production');
    await page.getByLabel('Context').fill(ASKED);
    await page.getByLabel('Context').press('Control+Enter');
    const steps = page.getByRole('list', { name: 'How it was decided' });
    await steps.getByText('Rule 1 staff does not match').waitFor();
    await steps.getByText('country is one of “US”, “CA”').waitFor();
    await steps.getByText('the context has “US”').waitFor();
    const ruler = steps.getByRole('img', {
      name: /^Bucket [\d,]+ among on from 0 to 50,000, off from 50,000 to 100,000$/,
    });
    await ruler.waitFor();
    const { trace } = await world.api('evaluateFlag', {
      params: { key: 'checkout-v2' },
      body: { environment: 'production', trace: true, context: JSON.parse(ASKED) },
    });
    const bucket = trace?.split?.bucket ?? -1;
    assert.match((await ruler.getAttribute('aria-label')) ?? '', new RegExp(`^Bucket ${bucket.toLocaleString('en')} `));
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('two environments are compared, and the difference is said first', async () => {
    const page = await world.open('/flags/checkout-v2?tab=playground&env=production');
    await page.getByLabel('Context').fill('{"targetingKey": "ana", "email": "ana@example.com", "country": "NZ"}');
    await page.getByLabel('Compare with').selectOption('staging');
    await page.getByRole('button', { name: 'Evaluate in both' }).click();
    await page.getByText('Different: true in production, false in staging').waitFor();
    assert.match(page.url(), /with=staging/);
    await page.close();
  });

  test('a shared link opens with the question, without what the answer did not depend on', async () => {
    const page = await world.open('/flags/checkout-v2?tab=playground&env=production');
    await page.getByLabel('Context').fill(ASKED);
    await page.getByRole('button', { name: 'Evaluate in production' }).click();
    await page.getByRole('button', { name: 'Share link' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share this question' });
    const link = (await dialog.getByRole('region', { name: 'Link', exact: true }).textContent()) ?? '';
    assert.doesNotMatch(decodeURIComponent(link), /secret|s3cret/);
    await page.close();
    const context = await newContext(world.browser, { storageState: await world.context.storageState() });
    const other = await context.newPage();
    await other.goto(link);
    const shown = await other.getByLabel('Context').inputValue();
    assert.deepEqual(JSON.parse(shown), { targetingKey: 'user-7', country: 'US', email: 'ana@example.com' });
    await context.close();
  });

  test('the question about every flag is shared as well, without what the person leaves out', async () => {
    const page = await world.open('/playground?env=staging');
    await page.getByLabel('Context').fill(ASKED);
    await page.getByRole('button', { name: 'Evaluate all flags' }).click();
    await page.getByRole('button', { name: 'Share link' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share this question' });
    await dialog.getByLabel('secret').uncheck();
    const link = (await dialog.getByRole('region', { name: 'Link', exact: true }).textContent()) ?? '';
    assert.doesNotMatch(decodeURIComponent(link), /secret|s3cret/);
    await page.goto('about:blank');
    await page.goto(link);
    const shown: Record<string, unknown> = JSON.parse(await page.getByLabel('Context').inputValue());
    const { secret: _, ...rest }: Record<string, unknown> = JSON.parse(ASKED);
    assert.deepEqual(shown, rest);
    assert.match(page.url(), /\/playground\?env=staging#/);
    await page.close();
  });

  test('a test is made of an answer, to be copied', async () => {
    const page = await world.open('/flags/checkout-v2?tab=playground&env=production');
    await page.getByLabel('Context').fill('{"targetingKey": "ana", "email": "ana@example.com"}');
    await page.getByRole('button', { name: 'Evaluate in production' }).click();
    await page.getByRole('button', { name: 'Make a test' }).click();
    const fixture = page.getByRole('dialog').getByRole('region', { name: 'Fixture', exact: true });
    const text = (await fixture.textContent()) ?? '';
    assert.ok(text.includes('context: {"email":"ana@example.com"}'), 'only what the answer depended on');
    assert.match(text, /kind: Tests[\s\S]*expect: {"value":true/);
    await page.close();
  });

  test('every flag is asked at once, and each says why when asked', async () => {
    const page = await world.open('/playground?env=production');
    await page.getByLabel('Context').fill('{"targetingKey": "ana", "email": "ana@example.com", "country": "NZ"}');
    await page.getByRole('button', { name: 'Evaluate all flags' }).click();
    await page.getByText(/^2 of 2 flags/).waitFor();
    await page.getByRole('button', { name: 'Why checkout-v2' }).click();
    await page.getByText('Rule staff matched.').waitFor();
    await page.getByLabel('Filter answers').fill('another');
    await page.getByText(/^1 of 2 flags/).waitFor();
    assert.deepEqual(complaintsOf(page), []);
    await page.close();
  });

  test('what is no context is said while it is typed', async () => {
    const page = await world.open('/flags/checkout-v2?tab=playground');
    await page.getByLabel('Context').fill('{"targetingKey": ');
    await page.getByText(/is not JSON/).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Evaluate in/ }).isDisabled(), true);
    await page.getByLabel('Context').fill('[1]');
    await page.getByText('must be an object').waitFor();
    await page.close();
  });
});
