import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { damaged } from './damage.ts';
import * as flagd from './flagd-definitions.ts';
import * as growthBook from './growthbook-definitions.ts';
import { createRandom, imported } from './importing.ts';

const SEED = 20_261_129;
const skip = (name: string) => (peerVersion(name) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false);
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

interface Client {
  initSync(options: object): unknown;
  evalFeature(key: string, user: object): { value: unknown };
}

const GROWTHBOOK = '@growthbook/growthbook';

test('S6: half-broken features of GrowthBook are refused, or answer as with its own SDK', {
  skip: skip(GROWTHBOOK),
}, async (t) => {
  t.mock.method(console, 'error', () => undefined);
  const { GrowthBookClient } = peer<{ GrowthBookClient: new (options: object) => Client }>(GROWTHBOOK);
  let carried = 0;
  for (let seed = SEED; seed < SEED + 20; seed += 1) {
    const random = createRandom(seed);
    const { savedGroups, contextualBandits } = growthBook;
    const features = json(
      Object.fromEntries(many(40, (index) => [`flag-${index}`, damaged(random, growthBook.feature(random, index))])),
    );
    const { report, ask } = await imported('growthbook', { features, savedGroups, contextualBandits });
    const client = new GrowthBookClient({});
    client.initSync({ payload: { features, savedGroups, contextualBandits } });
    carried += report.carried.length;
    for (const { flag } of report.carried) {
      for (const attributes of many(8, (index) => json(damaged(random, growthBook.context(random, index))))) {
        const expected = client.evalFeature(flag, { attributes }).value;
        const about = `seed ${seed}: ${flag} for ${JSON.stringify(attributes)} ${JSON.stringify(features[flag])}`;
        assert.deepEqual(ask(flag, attributes), expected, about);
      }
    }
  }
  assert.ok(carried > 200, `${carried} were carried`);
});

interface Core {
  setConfigurations(configuration: string): unknown;
  getFlag(key: string): { evaluate(context: object): { value?: unknown } };
  resolveObjectEvaluation(key: string, fallback: unknown, context: object): { reason: string };
}

/** Undefined for the caller's own default, which is for everybody where the flag is disabled. */
function valueIn(core: Core, context: object): unknown {
  const isDisabled = core.resolveObjectEvaluation('f', {}, context).reason === 'DISABLED';
  return isDisabled ? undefined : core.getFlag('f').evaluate(context).value;
}

const FLAGD = '@openfeature/flagd-core';

test("S6: half-broken flags of flagd are refused, or answer as with flagd's own core", {
  skip: skip(FLAGD),
}, async () => {
  const { FlagdCore } = peer<{ FlagdCore: new (storage: undefined, logger: object) => Core }>(FLAGD);
  const silent = () => undefined;
  const logger = { error: silent, warn: silent, info: silent, debug: silent };
  const opened = (file: object) => {
    const core = new FlagdCore(undefined, logger);
    core.setConfigurations(JSON.stringify(file));
    return core;
  };
  let carried = 0;
  for (let seed = SEED; seed < SEED + 300; seed += 1) {
    const random = createRandom(seed);
    const flags: Readonly<Record<string, unknown>> = { f: damaged(random, flagd.flag(random)) };
    const { report, ask } = await imported('flagd', { flags, $evaluators: flagd.evaluators });
    if (report.carried.length === 0) continue;
    carried += 1;
    const core = opened({ flags, $evaluators: flagd.evaluators });
    for (const context of many(12, (index) => json(damaged(random, flagd.context(random, index))))) {
      const now = Date.now();
      const expected = valueIn(core, context);
      if (Math.floor(Date.now() / 1_000) !== Math.floor(now / 1_000)) continue;
      const about = `seed ${seed}: ${JSON.stringify(context)} ${JSON.stringify(flags.f)}`;
      if (expected === undefined) assert.throws(() => ask('f', context, now), about);
      else assert.deepEqual(ask('f', context, now), expected, about);
    }
  }
  assert.ok(carried > 100, `${carried} were carried`);
});
