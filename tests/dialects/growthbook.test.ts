import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { importText } from '../../apps/cli/src/importing/import.ts';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { context, contextualBandits, FLAGS, feature, savedGroups, userOf } from './growthbook-definitions.ts';
import { createRandom, imported } from './importing.ts';
import { USERS } from './users.ts';

const NAME = '@growthbook/growthbook';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;
const SEED = Number(process.env.DIALECT_SEED ?? 20_260_402);

interface Client {
  initSync(options: object): unknown;
  evalFeature(key: string, user: object): { value: unknown; experimentResult?: { bucket?: number } };
}

function clientOf(payload: object): Client {
  const { GrowthBookClient } = peer<{ GrowthBookClient: new (options: object) => Client }>(NAME);
  const client = new GrowthBookClient({});
  client.initSync({ payload });
  return client;
}

test('S6: imported from GrowthBook, every user has the value that its own SDK gives', { skip }, async (t) => {
  t.mock.method(console, 'error', () => undefined);
  const random = createRandom(SEED);
  const features = Object.fromEntries(
    Array.from({ length: FLAGS }, (_, index) => [`flag-${index}`, feature(random, index)]),
  );
  const payload = { status: 200, features, savedGroups, contextualBandits };
  const { report, ask } = await imported('growthbook', payload);
  const client = clientOf(payload);
  assert.ok(report.carried.length > FLAGS * 0.9, JSON.stringify(report.refused.slice(0, 20)));
  for (let index = 0; index < USERS; index += 1) {
    const attributes = context(random, index);
    for (const at of [index, index + 37, index + 71]) {
      const { flag: key } = report.carried[at % report.carried.length] ?? assert.fail();
      assert.deepEqual(
        ask(key, attributes),
        client.evalFeature(key, { attributes }).value,
        `${key} for ${JSON.stringify(attributes)} ${JSON.stringify(Reflect.get(features, key))}`,
      );
    }
  }
});

test('S6: what is forced on a GrowthBook user, or was assigned before, counts as with its own SDK', {
  skip,
}, async (t) => {
  t.mock.method(console, 'error', () => undefined);
  const { GrowthBook } = peer<{ GrowthBook: new (user: object) => Single }>(NAME);
  const stickyBucketService = { getAllAssignments: async () => ({}), saveAssignments: async () => undefined };
  for (let seed = SEED; seed < SEED + 8; seed += 1) {
    const random = createRandom(seed);
    const features = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`flag-${index}`, feature(random, index)]),
    );
    const payload = { features, savedGroups, contextualBandits };
    const { report, ask } = await imported('growthbook', payload);
    for (let index = 0; index < USERS / 40; index += 1) {
      const user = userOf(random, index);
      const { flag } = report.carried[index % report.carried.length] ?? assert.fail();
      const keeps = 'stickyBucketAssignmentDocs' in user ? { stickyBucketService } : {};
      // It writes into what it is given.
      const sdk = new GrowthBook({ ...structuredClone(user), ...keeps });
      sdk.initSync({ payload });
      const expected = sdk.evalFeature(flag).value;
      sdk.destroy();
      assert.deepEqual(
        ask(flag, user),
        expected,
        `seed ${seed}: ${flag} for ${JSON.stringify(user)} ${JSON.stringify(features[flag])}`,
      );
    }
  }
});

test('S6: what was assigned to a GrowthBook user by `id` counts where a rule hashes by something else', {
  skip,
}, async () => {
  const { GrowthBook } = peer<{ GrowthBook: new (user: object) => Single }>(NAME);
  const stickyBucketService = { getAllAssignments: async () => ({}), saveAssignments: async () => undefined };
  const meta = [{ key: '0' }, { key: '1' }];
  const rule = { key: 'e', hashAttribute: 'device', variations: ['a', 'b'], meta, bucketVersion: 1 };
  const features = {
    kept: { defaultValue: 'no', rules: [rule] },
    blocked: { defaultValue: 'no', rules: [{ ...rule, bucketVersion: 2, minBucketVersion: 2 }] },
    elsewhere: { defaultValue: 'no', rules: [{ ...rule, fallbackAttribute: 'account' }] },
  };
  const { ask } = await imported('growthbook', { features });
  for (const assigned of ['0', '1']) {
    for (const attributes of [{ id: 'u', device: 'd', account: 'c' }, { id: 'u' }, { id: 'u', account: 'c' }]) {
      const assignments = { e__1: assigned };
      const doc = { attributeName: 'id', attributeValue: 'u', assignments };
      const user = { attributes, stickyBucketAssignmentDocs: { 'id||u': doc } };
      for (const flag of Object.keys(features)) {
        const sdk = new GrowthBook({ ...structuredClone(user), stickyBucketService });
        sdk.initSync({ payload: { features } });
        assert.equal(ask(flag, user), sdk.evalFeature(flag).value, `${flag} with ${assigned}`);
        sdk.destroy();
      }
    }
  }
});

test('S6: attributes of a GrowthBook user that are overridden are asked as such, and forced features are told', {
  skip,
}, async () => {
  const features = { f: { defaultValue: 'no', rules: [{ condition: { country: 'DE' }, force: 'yes' }] } };
  const { ask } = await imported('growthbook', { features });
  for (const attributeOverrides of [{ country: 'DE' }, { country: null }, {}]) {
    const user = { attributes: { country: 'AT', id: 'u' }, attributeOverrides };
    assert.equal(ask('f', user), clientOf({ features }).evalFeature('f', user).value);
  }
  assert.throws(() => ask('f', { attributes: {}, forcedFeatureValues: { f: 1 } }), /has forcedFeatureValues/);
  assert.equal(ask('f', { attributes: {}, forcedFeatureValues: {} }), 'no');
});

test('S6: what single rules of GrowthBook require is asked of that flag, and follows it', { skip }, async () => {
  const features = {
    plan: {
      defaultValue: 'free',
      rules: [{ condition: { paying: true }, force: 'pro' }, { variations: ['free', 'pro'] }],
    },
    mixed: {
      defaultValue: 0,
      rules: [
        { parentConditions: [{ id: 'plan', condition: { value: 'pro' } }], condition: { beta: true }, force: 1 },
        { condition: { beta: false }, force: 2 },
        { parentConditions: [{ id: 'plan', condition: { value: { $ne: 'pro' } }, gate: true }] },
        { parentConditions: [{ id: 'mistaken', condition: { value: 'no such' } }], force: 3 },
        { parentConditions: [{ id: 'gone', condition: { value: null } }], force: 4 },
      ],
    },
    mistaken: { defaultValue: 'yes' },
    chained: {
      defaultValue: 'no',
      rules: [
        { condition: { staff: true }, force: 'staff' },
        { parentConditions: [{ id: 'mixed', condition: { value: { $gt: 0 } } }], force: 'yes' },
      ],
    },
  };
  const { report, flags, ask } = await imported('growthbook', { features });
  const client = clientOf({ features });
  for (let index = 0; index < 400; index += 1) {
    const attributes = { id: `u${index}`, paying: index % 3 === 0, beta: index % 2 === 0, staff: index % 7 === 0 };
    for (const key of Object.keys(features)) {
      assert.deepEqual(ask(key, attributes), client.evalFeature(key, { attributes }).value, `${key} ${index}`);
    }
  }
  assert.deepEqual(flags.chained?.rules[1]?.when, { flag: 'mixed', variants: ['1', '2', '4'] });
  const noted = report.carried.filter(({ notes }) => notes.some((note) => note.includes('put in')));
  assert.deepEqual(
    noted.map(({ flag, notes }) => [flag, notes]),
    [['mixed', ['the flag gone that a rule requires is put in as it is now: later changes of it are not followed']]],
  );
});

test('S6: where what GrowthBook assigns counts within one question already, the flag has a note', async () => {
  const meta = [{ key: '0' }, { key: '1' }];
  const passing = meta.map((each) => ({ ...each, passthrough: true }));
  const requires = { parentConditions: [{ id: 'parent', condition: { value: { $exists: true } } }] };
  const rule = { key: 'e', variations: ['a', 'b'], meta };
  const features = {
    parent: { defaultValue: 0, rules: [rule] },
    alike: { defaultValue: 'no', rules: [{ ...rule, ...requires, variations: [1, 2] }] },
    other: { defaultValue: 'no', rules: [{ ...rule, ...requires, seed: 'x' }, { force: 'f' }] },
    unkept: { defaultValue: 'no', rules: [{ ...rule, ...requires, seed: 'x', disableStickyBucketing: true }] },
    passing: {
      defaultValue: 'no',
      rules: [
        { ...rule, meta: passing },
        { ...rule, seed: 'x' },
      ],
    },
    chain: { defaultValue: 'no', rules: [rule, { ...rule, seed: 'x' }] },
  };
  const { report } = await imported('growthbook', { features });
  const noted = report.carried.filter(({ notes }) => notes.some((note) => /e may be asked twice/.test(note)));
  assert.deepEqual(
    noted.map(({ flag }) => flag),
    ['other', 'passing'],
  );
});

interface Single {
  initSync(options: object): unknown;
  evalFeature(key: string): { readonly value: unknown };
  destroy(): void;
}

test('S6: GrowthBook features by their keys are read like a payload, and nothing else is', async () => {
  const { ask } = await imported('growthbook', { a: { defaultValue: 1 }, b: { rules: [{ force: 'x' }] } });
  assert.deepEqual([ask('a', {}), ask('b', {})], [1, 'x']);
  for (const file of [{ a: { defaultValue: 1 }, status: 200 }, { a: 1 }, {}, [], { features: [] }]) {
    assert.match(String(importText('growthbook', JSON.stringify(file))), /^is not an SDK's payload/);
  }
  assert.match(String(importText('growthbook', '{"encryptedFeatures": "x"}')), /are encrypted/);
});

test('S6: GrowthBook features as its REST API lists them answer in each environment as its SDK does', {
  skip,
}, async () => {
  const seen = (features: Readonly<Record<string, object>>) => features;
  const split = { variations: ['old', 'new'], hashVersion: 2, weights: [0.4, 0.6], coverage: 0.8 };
  const gate = { parentConditions: [{ id: 'base', condition: { value: true }, gate: true }] };
  const environments = {
    production: seen({
      base: { defaultValue: false, rules: [{ condition: { country: 'DE' }, force: true }] },
      above: { defaultValue: 'none', rules: [gate, split] },
    }),
    test: seen({ above: { defaultValue: 'none', rules: [{ parentConditions: gate.parentConditions }, split] } }),
  };
  const item = (id: string, valueType: string, defaultValue: string, more: object = {}) => {
    const states = Object.entries(environments).map(([name, features]) => {
      const definition = features[id];
      return [name, definition ? { enabled: true, definition: JSON.stringify(definition) } : { enabled: false }];
    });
    return { id, valueType, defaultValue, archived: false, environments: Object.fromEntries(states), ...more };
  };
  const orphan = { enabled: true, definition: '{"rules":[{"parentConditions":[{"id":"x"}]}]}' };
  const listed = {
    features: [
      item('base', 'boolean', 'false'),
      item('above', 'string', 'none'),
      item('gone', 'string', ''),
      item('orphan', 'string', '', { environments: { production: orphan } }),
      item('short', 'string', '', { environments: { test: { enabled: true } } }),
    ],
  };
  for (const [environment, features] of Object.entries(environments)) {
    const { report, ask } = await imported('growthbook', listed, { environment });
    assert.deepEqual(
      report.refused.map(({ flag, reason }) => [flag, reason.split(',')[0]]),
      [
        ['gone', 'it is off or archived wherever the list tells of it'],
        ['orphan', 'it requires x'],
        ['short', 'the list does not say what SDKs get of short in test'],
      ],
    );
    const client = clientOf({ features });
    for (let index = 0; index < 300; index += 1) {
      const attributes = { id: `user-${index}`, country: index % 3 === 0 ? 'DE' : 'AT' };
      for (const key of Object.keys(features)) {
        assert.equal(ask(key, attributes), client.evalFeature(key, { attributes }).value, `${key} in ${environment}`);
      }
    }
  }
  const { report, ask } = await imported('growthbook', listed, { environment: 'test' });
  assert.equal(ask('base', { country: 'DE' }), false);
  assert.match(report.carried[0]?.notes.join() ?? '', /off in test/);
  const single = await imported('growthbook', { feature: listed.features[0] }, { environment: 'production' });
  assert.equal(single.ask('base', { country: 'DE' }), true);
});

test('S6: an encrypted payload of GrowthBook is read with its key, as its own SDK reads it', { skip }, async () => {
  const secret = randomBytes(16);
  const decryptionKey = secret.toString('base64');
  const encrypt = (value: object) => {
    const vector = randomBytes(16);
    const cipher = createCipheriv('aes-128-cbc', secret, vector);
    const bytes = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
    return `${vector.toString('base64')}.${bytes.toString('base64')}`;
  };
  const rules = [{ condition: { id: { $inGroup: 'staff' } }, force: 'in' }];
  const payload = {
    features: {},
    encryptedFeatures: encrypt({ asked: { defaultValue: 'out', rules } }),
    encryptedSavedGroups: encrypt({ staff: ['Zoë'] }),
  };
  const { ask } = await imported('growthbook', payload, { decryptionKey: `${decryptionKey}\n` });
  const { GrowthBookClient } = peer<{ GrowthBookClient: new (options: object) => Client & Awaiting }>(NAME);
  const client = new GrowthBookClient({ decryptionKey });
  await client.init({ payload });
  for (const id of ['Zoë', 'x']) {
    assert.equal(ask('asked', { id }), client.evalFeature('asked', { attributes: { id } }).value);
  }
  assert.match(String(importText('growthbook', JSON.stringify(payload))), /say --decryption-key-file/);
  const other = importText('growthbook', JSON.stringify(payload), {
    decryptionKey: randomBytes(16).toString('base64'),
  });
  assert.match(String(other), /cannot be decrypted with this key/);
  assert.match(
    String(importText('growthbook', JSON.stringify(payload), { decryptionKey: 'x' })),
    /cannot be decrypted/,
  );
});

interface Awaiting {
  init(options: object): Promise<unknown>;
}

test('S6: the vectors of the bucketing `growthbook` are what its SDK computes', { skip }, async () => {
  const file = new URL('../../conformance/bucketing-growthbook.json', import.meta.url);
  const { buckets } = JSON.parse(await readFile(file, 'utf8'));
  for (const { seed, key, version, bucket } of buckets) {
    const rules = [{ variations: [1, 2], seed, hashVersion: version }];
    const client = clientOf({ features: { asked: { defaultValue: 0, rules } } });
    const { experimentResult } = client.evalFeature('asked', { attributes: { id: key } });
    assert.equal(experimentResult?.bucket, bucket, `${key} under ${seed} by ${version}`);
  }
});
