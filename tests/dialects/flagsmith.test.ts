import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { environmentOf, evaluationContextOf, FEATURES, identityOf, traitsOf } from './flagsmith-definitions.ts';
import { createRandom, imported, importedText } from './importing.ts';
import { USERS } from './users.ts';

const NAME = 'flagsmith-nodejs';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;
const SEED = Number(process.env.DIALECT_SEED ?? 20_260_404);

interface Stated {
  readonly feature?: { readonly name: string };
  readonly feature_state_value: unknown;
  readonly multivariate_feature_state_values: readonly { readonly multivariate_feature_option: { value: unknown } }[];
}

/** The features that have a value in any state, be it a variant's. */
function valuedIn(document: object): Set<string> {
  const found = new Set<string>();
  JSON.stringify(document, (_, part: Stated | null) => {
    if (part?.feature?.name === undefined) return part;
    const variants = part.multivariate_feature_state_values.map((each) => each.multivariate_feature_option.value);
    if ([part.feature_state_value, ...variants].some((value) => value !== null)) found.add(part.feature.name);
    return part;
  });
  return found;
}

interface Flags {
  getFeatureValue(name: string): unknown;
  isFeatureEnabled(name: string): boolean;
}

interface Client {
  getIdentityFlags(identifier: string, traits: object): Promise<Flags>;
  getEnvironmentFlags(): Promise<Flags>;
}

interface Sdk {
  Flagsmith: new (options: object) => Client;
  LocalFileHandler: new (path: string) => unknown;
}

test('S6: imported from Flagsmith, every user has the value that its own SDK gives', { skip }, async (t) => {
  const random = createRandom(SEED);
  const environment = environmentOf(random);
  const { report, ask } = await imported('flagsmith', environment);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-flagsmith-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'environment.json');
  writeFileSync(path, JSON.stringify(environment));
  const { Flagsmith, LocalFileHandler } = peer<Sdk>(NAME);
  const client = new Flagsmith({ offlineMode: true, offlineHandler: new LocalFileHandler(path) });
  assert.ok(report.carried.length > FEATURES * 0.9, JSON.stringify(report.refused.slice(0, 20)));
  const valued = valuedIn(environment);
  for (let index = 0; index < USERS; index += 1) {
    const identifier = random.chance(0.05) ? random.pick(['user,3', 'user', '3', 'ü', '["user-9"]']) : `user-${index}`;
    const traits = traitsOf(random);
    const isAnybody = random.chance(0.01);
    const flags = await (isAnybody ? client.getEnvironmentFlags() : client.getIdentityFlags(identifier, traits));
    const context = isAnybody ? {} : { identifier, traits };
    for (const at of [index, index + 37, index + 71]) {
      const { flag: name, notes } = report.carried[at % report.carried.length] ?? assert.fail();
      const key = name.toLowerCase();
      const message: string = `${name} for ${JSON.stringify(context)}`;
      const expected = valued.has(name) ? flags.getFeatureValue(name) : flags.isFeatureEnabled(name);
      assert.deepEqual(ask(key, context), expected, message);
      if (notes.some((note) => note.includes('.enabled'))) {
        assert.equal(ask(`${key}.enabled`, context), flags.isFeatureEnabled(name), message);
      }
    }
  }
});

test('S6: what an engine of Flagsmith is given is read as well, with comments in it, and every identity has its result', {
  skip,
}, async () => {
  const path = join(PEERS_FOLDER, 'node_modules', NAME, 'build/cjs/flagsmith-engine/index.js');
  const { getEvaluationResult } = peer<{ getEvaluationResult(context: object): { flags: Results } }>(path);
  for (let seed = SEED; seed < SEED + 12; seed += 1) {
    const random = createRandom(seed);
    const given = evaluationContextOf(random);
    const { report, ask } = await importedText('flagsmith', `// seed ${seed}\n${JSON.stringify(given).slice(0, -1)},}`);
    assert.deepEqual(report.refused, []);
    for (let index = 0; index < USERS / 50; index += 1) {
      const identity = random.chance(0.03) ? undefined : identityOf(random, index);
      const { flags } = getEvaluationResult({ ...given, identity });
      const context = { ...given, ...(identity === undefined ? {} : { identity }) };
      for (const { flag, key, notes } of report.carried) {
        const message = `seed ${seed}: ${flag} for ${JSON.stringify(identity)}`;
        const { value, enabled } = flags[flag] ?? assert.fail(message);
        const isSwitch = notes.some((note) => note.startsWith('this is whether it is enabled'));
        assert.deepEqual(ask(key, context), isSwitch ? enabled : value, message);
        const isApart = notes.some((note) => note.includes('.enabled'));
        if (!isSwitch) assert.equal(isApart ? ask(`${key}.enabled`, context) : true, enabled, message);
      }
    }
  }
});

type Results = Readonly<Record<string, { readonly value: unknown; readonly enabled: boolean }>>;

test('S6: the vectors of the bucketing `flagsmith` are what its SDK computes', { skip }, async () => {
  const hashing = join(PEERS_FOLDER, 'node_modules', NAME, 'build/cjs/flagsmith-engine/utils/hashing/index.js');
  const { getHashedPercentageForObjIds } = peer<{ getHashedPercentageForObjIds(ids: string[]): number }>(hashing);
  const file = new URL('../../conformance/bucketing-flagsmith.json', import.meta.url);
  const { percentages } = JSON.parse(await readFile(file, 'utf8'));
  for (const { key, identity, percentage } of percentages) {
    assert.equal(getHashedPercentageForObjIds([key, identity]), percentage, `${key},${identity}`);
  }
});
