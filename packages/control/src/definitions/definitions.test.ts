import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DefinedFlag, Definitions } from '@spillway/core';
import { applyDelta, compile, evaluate, type Snapshot } from '@spillway/evaluator';
import { longestTurn } from '../../testing/longest-turn.ts';
import { onEveryStore, sqliteFor } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, bySdk, createTestStore, refused, startControl } from '../../testing/start-control.ts';
import type { Control } from '../control.ts';
import type { Store } from '../ports/index.ts';

const BETA = { attribute: 'beta', operator: 'equals', values: [true] } as const;

const DEFINITIONS: Definitions = {
  segments: { beta: { when: BETA }, staff: { when: { attribute: 'staff', operator: 'exists', values: [] } } },
  flags: {
    checkout: {
      description: 'The new checkout',
      all_environments: { enabled: true, percentage: 10 },
      environments: {
        production: { rules: [{ when: { segment: 'beta' }, serve: { variant: 'on' } }] },
        staging: { percentage: 100 },
      },
    },
    theme: {
      variants: [
        { name: 'light', value: '#fff' },
        { name: 'dark', value: '#000' },
      ],
      environments: { production: { enabled: true, fallthrough: { variant: 'dark' } } },
    },
  },
};

const MINE = { managed_by: 'shop', prune: false };
const PRUNE = { managed_by: 'shop', prune: true };

async function started(t: { after(done: () => Promise<void>): void }, store: Store) {
  const control = await startControl({ store });
  t.after(() => control.stop());
  return control;
}

async function apply(control: Control, definitions: Definitions, terms = MINE) {
  const { fingerprint } = accepted(await control.definitions.plan(byAdmin(), definitions, terms));
  return control.definitions.apply(byAdmin(), definitions, terms, fingerprint);
}

/** What a plan comes to, one word each. */
async function actions(control: Control, definitions: Definitions, terms: typeof MINE | { prune: boolean } = MINE) {
  const { changes } = accepted(await control.definitions.plan(byAdmin(), definitions, terms));
  return Object.fromEntries(changes.map(({ noun, key, action }) => [`${noun}/${key}`, action]));
}

onEveryStore(
  'F16: a plan says what would change and changes nothing; applying it does just that, in one commit',
  async (t, store) => {
    const control = await started(t, store);
    const planned = await actions(control, DEFINITIONS);
    assert.deepEqual(planned, {
      'segments/beta': 'create',
      'segments/staff': 'create',
      'flags/checkout': 'create',
      'flags/theme': 'create',
    });
    refused(await control.flags.get(byAdmin(), 'checkout'), 'not_found');
    const before = accepted(await control.audit.list(byAdmin(), { limit: 50 })).items.length;
    accepted(await apply(control, DEFINITIONS));
    const entries = accepted(await control.audit.list(byAdmin(), { limit: 50 })).items;
    assert.equal(entries.length - before, 4);
    const flag = accepted(await control.flags.get(byAdmin(), 'checkout'));
    assert.equal(flag.managed_by, 'shop');
    assert.deepEqual(Object.keys(flag.environments).sort(), ['development', 'production', 'staging']);
    assert.equal(flag.environments.production?.rules[0]?.id, 'rule-1');
    const answer = accepted(
      await control.evaluation.one(bySdk('production'), 'checkout', { targetingKey: 'u', beta: true }),
    );
    assert.deepEqual([answer.value, answer.reason], [true, 'TARGETING_MATCH']);
    assert.deepEqual(new Set(Object.values(await actions(control, DEFINITIONS))), new Set(['none']));
  },
);

onEveryStore(
  'F16: what is exported and applied changes nothing, and says the same when it is exported again',
  async (t, store) => {
    const control = await started(t, store);
    accepted(await apply(control, DEFINITIONS));
    accepted(
      await control.flags.create(byAdmin(), {
        key: 'by-hand',
        type: 'json',
        variants: [{ name: 'a', value: { x: [1, null] } }],
        environments: { staging: { enabled: true, bucketing: { seed: 'other' } }, production: {} },
      }),
    );
    const exported = accepted(await control.definitions.export(byAdmin(), {}));
    assert.deepEqual(Object.keys(exported.flags), ['by-hand', 'checkout', 'theme']);
    assert.deepEqual(exported.flags.theme, DEFINITIONS.flags.theme);
    assert.deepEqual(exported.flags['by-hand']?.environments, {
      production: {},
      staging: { enabled: true, bucketing: { seed: 'other' } },
    });
    assert.deepEqual(new Set(Object.values(await actions(control, exported, { prune: false }))), new Set(['none']));
    const other = await started(t, createTestStore());
    accepted(await apply(other, exported));
    assert.deepEqual(accepted(await other.definitions.export(byAdmin(), {})), exported);
    const mine = accepted(await control.definitions.export(byAdmin(), { managed_by: 'shop' }));
    assert.deepEqual([Object.keys(mine.flags), mine.managed_by], [['checkout', 'theme'], 'shop']);
  },
);

onEveryStore('F16: a change that comes between the plan and its application is not overwritten', async (t, store) => {
  const control = await started(t, store);
  accepted(await apply(control, DEFINITIONS));
  const changed: Definitions = {
    ...DEFINITIONS,
    flags: { ...DEFINITIONS.flags, theme: { ...DEFINITIONS.flags.theme, owner: 'web' } },
  };
  const { fingerprint, changes } = accepted(await control.definitions.plan(byAdmin(), changed, MINE));
  const theme = changes.find(({ key }) => key === 'theme');
  assert.deepEqual(theme?.diff, [{ path: '/owner', before: '', after: 'web' }]);
  accepted(await control.flags.updateEnvironment(byAdmin(), 'theme', 'staging', { enabled: true }));
  refused(await control.definitions.apply(byAdmin(), changed, MINE, fingerprint), 'stale', '/fingerprint');
  assert.equal(accepted(await control.flags.get(byAdmin(), 'theme')).owner, '');
  refused(await control.definitions.apply(byAdmin(), DEFINITIONS, MINE, fingerprint), 'stale');
});

onEveryStore('F16: only what bears the mark is pruned, and nothing that is still needed', async (t, store) => {
  const control = await started(t, store);
  accepted(await apply(control, DEFINITIONS));
  accepted(await control.flags.create(byAdmin(), { key: 'by-hand' }));
  const { theme: _, ...flags } = DEFINITIONS.flags;
  const { staff: __, ...segments } = DEFINITIONS.segments;
  const fewer = { flags, segments };
  assert.deepEqual(await actions(control, fewer, MINE), { 'flags/checkout': 'none', 'segments/beta': 'none' });
  assert.deepEqual(await actions(control, fewer, PRUNE), {
    'flags/checkout': 'none',
    'flags/theme': 'archive',
    'segments/beta': 'none',
    'segments/staff': 'delete',
  });
  accepted(await apply(control, fewer, PRUNE));
  assert.equal(accepted(await control.flags.get(byAdmin(), 'theme')).lifecycle, 'archived');
  assert.equal(accepted(await control.flags.get(byAdmin(), 'by-hand')).lifecycle, 'active');
  refused(await control.segments.get(byAdmin(), 'staff'), 'not_found');
  const needed = await control.definitions.plan(byAdmin(), { flags, segments: {} }, PRUNE);
  assert.match(refused(needed, 'in_use').message, /flag checkout still needs it/);
  accepted(await control.segments.create(byAdmin(), { key: 'both', parents: ['beta'] }));
  const used = refused(await control.definitions.plan(byAdmin(), { flags: {}, segments: {} }, PRUNE), 'in_use');
  assert.deepEqual(used.fields, [
    { field: '/definitions/segments/beta', message: 'is not defined any more, but segment both still needs it' },
  ]);
  refused(await control.definitions.plan(byAdmin(), fewer, { prune: true }), 'invalid', '/managed_by');
  assert.equal((await actions(control, DEFINITIONS, MINE))['flags/theme'], 'update');
  accepted(await apply(control, DEFINITIONS, MINE));
  assert.equal(accepted(await control.flags.get(byAdmin(), 'theme')).lifecycle, 'active');
});

onEveryStore('F16: what others manage is refused; what nobody does is taken over, visibly', async (t, store) => {
  const control = await started(t, store);
  accepted(await control.flags.create(byAdmin(), { key: 'checkout' }));
  const definitions = { flags: { checkout: {} }, segments: {} };
  const { changes } = accepted(await control.definitions.plan(byAdmin(), definitions, MINE));
  assert.deepEqual(changes[0]?.diff, [{ path: '/managed_by', after: 'shop' }]);
  accepted(await apply(control, definitions));
  const theirs = { managed_by: 'other', prune: false };
  refused(await control.definitions.plan(byAdmin(), definitions, theirs), 'conflict', '/definitions/flags/checkout');
  const unmarked = { flags: { checkout: { owner: 'web' } }, segments: {} };
  refused(await control.definitions.plan(byAdmin(), unmarked, { prune: false }), 'conflict');
});

onEveryStore('F16: every mistake is named where it was written, and none of the rest is applied', async (t, store) => {
  const control = await started(t, store);
  const outcome = await control.definitions.plan(
    byAdmin(),
    {
      segments: { a: { parents: ['b'] }, b: { parents: ['a'] } },
      flags: {
        good: {},
        split: { all_environments: { fallthrough: { split: [{ variant: 'on', percentage: 60 }] } } },
        lost: { environments: { nowhere: {} } },
        one: { environments: { production: { prerequisites: [{ flag: 'two', variants: ['on'] }] } } },
        two: { environments: { production: { prerequisites: [{ flag: 'one', variants: ['on'] }] } } },
        three: { parent: 'unheard-of' },
      },
    },
    MINE,
  );
  const fields = refused(outcome, 'invalid').fields?.map(({ field }) => field);
  assert.deepEqual(fields, [
    '/definitions/segments/a/parents/0',
    '/definitions/segments/b/parents/0',
    '/definitions/flags/split/all_environments/fallthrough/split',
    '/definitions/flags/lost/environments/nowhere',
    '/definitions/flags/one/environments/production/prerequisites/0/flag',
    '/definitions/flags/two/environments/production/prerequisites/0/flag',
    '/definitions/flags/three/parent',
  ]);
});

onEveryStore(
  'F16: a protected environment wants a reason, and a repeated request is carried out once',
  async (t, store) => {
    const control = await started(t, store);
    const { fingerprint } = accepted(await control.definitions.plan(byAdmin(), DEFINITIONS, MINE));
    const silent = { principal: byAdmin().principal };
    refused(await control.definitions.apply(silent, DEFINITIONS, MINE, fingerprint), 'invalid', '/reason');
    const call = byAdmin({ idempotency_key: 'once' });
    const first = accepted(await control.definitions.apply(call, DEFINITIONS, MINE, fingerprint));
    const again = accepted(await control.definitions.apply(call, DEFINITIONS, MINE, fingerprint));
    assert.deepEqual(
      again.changes.map(({ noun, key, action }) => [noun, key, action]),
      first.changes.map(({ noun, key, action }) => [noun, key, action]),
    );
    refused(await control.definitions.apply(call, DEFINITIONS, MINE, '0'.repeat(64)), 'conflict', '/Idempotency-Key');
    refused(await control.definitions.plan(bySdk('production'), DEFINITIONS, MINE), 'forbidden');
    refused(await control.definitions.export(bySdk('production'), {}), 'forbidden');
  },
);

onEveryStore('F16: whoever sees a plan applied change by change is answered without an error', async (t, store) => {
  const control = await started(t, store);
  const asks = (segment: string): DefinedFlag => ({
    environments: { production: { enabled: true, rules: [{ when: { segment }, serve: { variant: 'off' } }] } },
  });
  const needing = (flag: string): DefinedFlag => ({
    environments: { production: { enabled: true, prerequisites: [{ flag, variants: ['on'] }] } },
  });
  const on: DefinedFlag = { environments: { production: { enabled: true } } };
  accepted(await apply(control, { segments: { 'a-old': { when: BETA } }, flags: { z: asks('a-old'), y: on } }, PRUNE));
  let seen: Snapshot | undefined;
  const problems: string[] = [];
  accepted(
    await control.snapshots.subscribe(bySdk('production'), undefined, (event) => {
      if (event.event === 'snapshot') seen = event.data;
      else if (event.event === 'delta') seen = seen && applyDelta(seen, event.data);
      const configuration = compile(seen ?? assert.fail('the delta does not apply'));
      for (const key of configuration.flags.keys()) {
        const { reason, flagMetadata, errorMessage } = evaluate(configuration, key, { targetingKey: 'u' }, 0, null);
        if (reason === 'ERROR') problems.push(`${key}: ${errorMessage}`);
        if (flagMetadata.prerequisite !== undefined) problems.push(`${key} misses ${flagMetadata.prerequisite}`);
      }
    }),
  );
  const next: Definitions = {
    segments: { 'a-new': { parents: ['b-new'] }, 'b-new': { when: BETA } },
    flags: { a: needing('b'), b: needing('c'), c: on, z: asks('a-new') },
  };
  accepted(await apply(control, next, PRUNE));
  accepted(await apply(control, { segments: {}, flags: { z: on } }, PRUNE));
  assert.deepEqual(problems, []);
  assert.deepEqual(Object.keys(seen?.flags ?? {}), ['z']);
  assert.deepEqual(Object.keys(seen?.segments ?? {}), []);
});

test('F16: five thousand flags are planned and applied', async (t) => {
  const control = await started(t, createTestStore());
  const started_ms = performance.now();
  const definitions = { flags: manyFlags(5_000), segments: {} };
  const outcome = accepted(await apply(control, definitions));
  assert.equal(outcome.changes.length, 5_000);
  assert.equal(new Set(Object.values(await actions(control, definitions))).size, 1);
  t.diagnostic(`planned twice, applied once: ${Math.round(performance.now() - started_ms)} ms`);
});

/** A third of what the longest step takes when it is taken in one go. */
const LONGEST_MS = 150;

test('F16: while many flags are planned, applied and pruned, everybody else gets their turn', async (t) => {
  const control = await started(t, await sqliteFor(t));
  const flags = manyFlags(1_500);
  for (const [what, definitions, action] of [
    ['applied', { flags, segments: {} }, 'create'],
    ['applied again', { flags, segments: {} }, 'none'],
    ['pruned', { flags: {}, segments: {} }, 'archive'],
  ] as const) {
    const turn = await longestTurn(async () => {
      const { changes } = accepted(await apply(control, definitions, PRUNE));
      assert.deepEqual([changes.length, new Set(changes.map((change) => change.action))], [1_500, new Set([action])]);
    });
    t.diagnostic(`${what}: ${turn.toFixed(1)} ms the longest turn`);
    assert.ok(turn < LONGEST_MS, `${what}: ${turn} ms`);
  }
});

function manyFlags(count: number): Record<string, DefinedFlag> {
  const flag = (index: number): DefinedFlag => ({
    description: `Flag ${index}`,
    ...(index % 10 === 0 ? {} : { parent: `flag-${index - (index % 10)}` }),
    environments: {
      production: { enabled: true, percentage: index % 100, rules: [{ when: BETA, serve: { variant: 'on' } }] },
    },
  });
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`flag-${index}`, flag(index)]));
}
