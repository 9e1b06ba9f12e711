import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { context, evaluators, flag } from './flagd-definitions.ts';
import { createRandom, imported } from './importing.ts';
import { USERS } from './users.ts';

const NAME = '@openfeature/flagd-core';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;
const SEED = Number(process.env.DIALECT_SEED ?? 20_260_403);

interface Core {
  setConfigurations(configuration: string): unknown;
  getFlag(key: string): { evaluate(context: object): { value?: unknown; variant?: string; reason: string } };
  resolveObjectEvaluation(key: string, fallback: unknown, context: object): { value: unknown; reason: string };
}

function opened(file: object): Core {
  const { FlagdCore } = peer<{ FlagdCore: new (storage: undefined, logger: object) => Core }>(NAME);
  const silent = () => undefined;
  const core = new FlagdCore(undefined, { error: silent, warn: silent, info: silent, debug: silent });
  core.setConfigurations(JSON.stringify(file));
  return core;
}

/** What callers get when there is no answer: their own default. */
const OWN_DEFAULT = Symbol('the default of the caller');

test("S6: imported from flagd, every user has the value that flagd's own core gives", { skip }, async () => {
  const random = createRandom(SEED);
  const flags = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`flag-${index}`, flag(random)]));
  const file = {
    $schema: 'https://flagd.dev/schema/v0/flags.json',
    flags,
    $evaluators: evaluators,
    metadata: { set: 'x' },
  };
  const { report, ask } = await imported('flagd', file);
  const core = opened(file);
  assert.ok(report.carried.length > 170, JSON.stringify(report.refused.slice(0, 30)));
  const answered = (key: string, asked: object, now: number) => {
    try {
      return ask(key, asked, now);
    } catch {
      return OWN_DEFAULT;
    }
  };
  let answers = 0;
  for (let index = 0; index < USERS; index += 1) {
    const asked = context(random, index);
    for (const at of [index, index + 37, index + 71]) {
      const { flag: key } = report.carried[at % report.carried.length] ?? assert.fail();
      const now = Date.now();
      const expected = valueIn(core, key, asked);
      if (Math.floor(Date.now() / 1_000) !== Math.floor(now / 1_000)) continue;
      if (expected !== undefined) answers += 1;
      assert.deepEqual(
        answered(key, asked, now),
        expected === undefined ? OWN_DEFAULT : expected,
        `seed ${SEED}: ${key} for ${JSON.stringify(asked)} ${JSON.stringify(flags[key])}`,
      );
    }
  }
  assert.ok(answers > USERS * 2, `${answers} questions had an answer`);
});

/** Undefined for the caller's own default. Whether a flag is disabled is looked at where a type is asked for. */
function valueIn(core: Core, key: string, asked: object): unknown {
  const { value, reason } = core.resolveObjectEvaluation(key, OWN_DEFAULT, asked);
  if (reason !== 'DISABLED') return core.getFlag(key).evaluate(asked).value;
  assert.equal(value, OWN_DEFAULT);
  return undefined;
}

test("S6: the vectors of the bucketing `flagd` are what flagd's own core computes", { skip }, async () => {
  const { choices } = JSON.parse(
    await readFile(new URL('../../conformance/bucketing-flagd.json', import.meta.url), 'utf8'),
  );
  for (const { flag, targetingKey, bucketBy, weights, chosen } of choices) {
    const parts = weights.map((weight: number, index: number) => [`v${index}`, weight]);
    const targeting = { fractional: [...(bucketBy === undefined ? [] : [{ var: 'by' }]), ...parts] };
    const variants = Object.fromEntries(weights.map((_: number, index: number) => [`v${index}`, index]));
    const core = opened({ flags: { [flag]: { state: 'ENABLED', variants, targeting } } });
    assert.equal(core.getFlag(flag).evaluate({ targetingKey, by: bucketBy }).value, chosen);
  }
});
