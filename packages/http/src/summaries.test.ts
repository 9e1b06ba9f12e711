import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

function summarise(configurations: unknown) {
  const now = new Date().toISOString();
  const counts = [{ flag: 'checkout', variant: 'on', reason: 'STATIC', count: 1, configurations }];
  return world.call('POST', '/api/v1/sdk/summaries', { token: world.sdkKey, body: { from: now, to: now, counts } });
}

test('F18: configurations of a count are taken or left out; what makes no sense is named', async () => {
  for (const right of [undefined, { first: 0, last: 0 }, { first: 12, last: 15 }]) {
    const taken = await summarise(right);
    assert.equal(taken.status, 202, taken.text);
  }
  const field = '/counts/0/configurations';
  const wrong = [
    [{ first: 15, last: 12 }, `${field}/last`],
    [{ first: -1, last: 12 }, `${field}/first`],
    [{ first: 1, last: 1.5 }, `${field}/last`],
    [{ first: 1, last: 2 ** 60 }, `${field}/last`],
    [{ first: '1', last: 2 }, `${field}/first`],
    [{ first: 1 }, `${field}/last`],
    [{ first: 1, last: 2, all: [1] }, field],
    [null, field],
  ] as const;
  for (const [configurations, named] of wrong) {
    const refused = await summarise(configurations);
    const [error] = refused.problem.errors ?? [];
    assert.equal(refused.status, 422, refused.text);
    assert.ok(error?.field?.startsWith(named), refused.text);
  }
});
