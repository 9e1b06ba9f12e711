import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { longestTurn } from '@spillway/control/testing/longest-turn';
import { openSqliteStore } from '@spillway/stores';
import { createWorld, type World } from './testing/world.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const FLAGS = 5_000;
/** Half of what most of these take in one go. */
const LONGEST_MS = 40;

/** Of three, because once in a while a turn has a collection of garbage in it. */
async function assertTurns(t: TestContext, what: string, ask: () => Promise<unknown>): Promise<void> {
  const turns: number[] = [];
  for (let round = 0; round < 3; round += 1) turns.push(await longestTurn(ask));
  const shortest = Math.min(...turns);
  t.diagnostic(`${what}: ${turns.map((turn) => turn.toFixed(1)).join(', ')} ms the longest turns`);
  assert.ok(shortest < LONGEST_MS, `${what}: ${shortest} ms`);
}

function definitionsOf() {
  const rule = { when: { attribute: 'country', operator: 'in', values: ['DE', 'AT'] }, serve: { variant: 'on' } };
  const flag = (index: number) => ({
    description: `Flag ${index}`,
    ...(index % 10 === 0 ? {} : { parent: `flag-${index - (index % 10)}` }),
    environments: { production: { enabled: true, percentage: index % 100, rules: [rule] } },
  });
  return { flags: Object.fromEntries(Array.from({ length: FLAGS }, (_, index) => [`flag-${index}`, flag(index)])) };
}

test(`F16: whatever looks at ${FLAGS} flags lets others in`, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-turns-'));
  const world = await createWorld({ store: await openSqliteStore({ file: join(directory, 'spillway.db'), sha256 }) });
  t.after(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });
  const definitions = definitionsOf();
  let fingerprint = '';
  await assertTurns(t, 'plan', async () => {
    const planned = await asked(world, 'POST', '/api/v1/definitions/plan', { definitions });
    fingerprint = String(planned.fingerprint);
  });
  const { changes } = await asked(world, 'POST', '/api/v1/definitions/apply', {
    ...{ definitions, fingerprint, reason: 'test' },
  });
  assert.equal((changes as unknown[]).length, FLAGS);
  const at = new Date().toISOString();
  const context = { targetingKey: 'user-1', country: 'DE' };
  await assertTurns(t, 'export', () => asked(world, 'GET', '/api/v1/definitions'));
  await assertTurns(t, 'all flags as of then', async () => {
    const { evaluations } = await asked(world, 'POST', '/api/v1/evaluate', { environment: 'production', context, at });
    assert.equal((evaluations as unknown[]).length, FLAGS);
  });
  let enabled = true;
  await assertTurns(t, 'a preview of what has just changed', async () => {
    enabled = !enabled;
    await asked(world, 'PATCH', '/api/v1/feature-flags/flag-7/environments/production?reason=test', { enabled });
    const preview = { environment: 'production', update: { percentage: 50 }, contexts: [context] };
    await asked(world, 'POST', '/api/v1/feature-flags/flag-1/preview', preview);
  });
});

async function asked(world: World, method: string, path: string, body?: unknown) {
  const answer = await world.call(method, path, { token: world.adminToken, ...(body === undefined ? {} : { body }) });
  assert.equal(answer.status, 200, answer.text.slice(0, 500));
  return answer.json;
}
