import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from '@spillway/evaluator';
import { readerOf } from '../../apps/cli/src/importing/contexts.ts';
import { importText } from '../../apps/cli/src/importing/import.ts';
import type { Report } from '../../apps/cli/src/importing/report.ts';
import { imported } from './importing.ts';

const client = (features: readonly object[], segments: readonly object[] = []) =>
  imported('unleash', { version: 2, features, segments });

const reasons = ({ refused }: Report) => Object.fromEntries(refused.map(({ flag, reason }) => [flag, reason]));
const notes = ({ carried }: Report, name: string) => carried.find(({ flag }) => flag === name)?.notes.join('; ') ?? '';

const on = { name: 'default', parameters: {} };
const rollout = (parameters: object) => ({ name: 'flexibleRollout', parameters });

describe('S6: Unleash', () => {
  test('what is drawn at random is refused, unless chance has no part in it', async () => {
    const variants = (weights: readonly number[]) =>
      weights.map((weight, index) => ({ name: `v${index}`, weight, stickiness: 'random' }));
    const { report, ask } = await client([
      { name: 'half', enabled: true, strategies: [rollout({ rollout: '50', stickiness: 'random' })] },
      { name: 'all', enabled: true, strategies: [rollout({ rollout: '100', stickiness: 'random' })] },
      { name: 'none', enabled: true, strategies: [rollout({ rollout: '0', stickiness: 'random' })] },
      { name: 'old', enabled: true, strategies: [{ name: 'gradualRolloutRandom', parameters: { percentage: '30' } }] },
      { name: 'drawn', enabled: true, strategies: [on], variants: variants([500, 500]) },
      { name: 'fixed', enabled: true, strategies: [on], variants: variants([0, 1000]) },
    ]);
    assert.deepEqual(
      report.carried.map(({ flag }) => flag),
      ['all', 'none', 'fixed'],
    );
    assert.deepEqual([ask('all', {}), ask('none', {}), ask('fixed', {})], [true, false, 'v1']);
    assert.match(reasons(report).half ?? '', /at random, anew at every question/);
    assert.match(reasons(report).drawn ?? '', /at random/);
  });

  test('who has nothing to be bucketed by is left out of a share, and told in a note', async () => {
    const { report, ask } = await client([
      { name: 'share', enabled: true, strategies: [rollout({ rollout: '99', stickiness: 'default' })] },
      { name: 'everyone', enabled: true, strategies: [rollout({ rollout: '100', stickiness: 'default' })] },
      { name: 'by-plan', enabled: true, strategies: [rollout({ rollout: '100', stickiness: 'plan' })] },
    ]);
    assert.deepEqual([ask('share', {}), ask('everyone', {}), ask('by-plan', {})], [false, true, false]);
    assert.match(notes(report, 'share'), /neither userId nor sessionId/);
    assert.equal(ask('by-plan', { properties: { plan: 'gold' } }), true);
  });

  test('weights that sum to 0 choose no variant, which is named `disabled`', async () => {
    const none = [{ name: 'blue', weight: 0, payload: { type: 'string', value: 'x' } }];
    const { ask } = await client([{ name: 'f', enabled: true, strategies: [on], variants: none }]);
    assert.equal(ask('f', { userId: 'u' }), 'disabled');
  });

  test('a date without currentTime is compared with the time of the question', async () => {
    const after = { contextName: 'currentTime', operator: 'DATE_AFTER', value: '2026-01-01T00:00:00Z', values: [] };
    const { ask } = await client([{ name: 'f', enabled: true, strategies: [{ ...on, constraints: [after] }] }]);
    const start = Date.parse('2026-01-01T00:00:00Z');
    assert.deepEqual([ask('f', {}, start), ask('f', {}, start + 1)], [false, true]);
    assert.equal(ask('f', { currentTime: '2025-01-01T00:00:00Z' }, start + 1), false);
  });

  test('the environment is `default` where contexts say none, as SDKs have it', async () => {
    const constraint = { contextName: 'environment', operator: 'IN', values: ['default'] };
    const { report, ask } = await client([
      { name: 'f', enabled: true, strategies: [{ ...on, constraints: [constraint] }] },
    ]);
    assert.deepEqual([ask('f', {}), ask('f', { environment: 'production' })], [true, false]);
    assert.match(notes(report, 'f'), /environment/);
  });

  test('what the file does not tell is refused by name, and with it what depends on it', async () => {
    const { report } = await client([
      { name: 'own', enabled: true, strategies: [{ name: 'homegrown', parameters: {} }] },
      { name: 'child', enabled: true, strategies: [on], dependencies: [{ feature: 'own' }] },
      { name: 'zone', enabled: true, strategies: [{ ...on, constraints: [local] }] },
    ]);
    assert.deepEqual(report.carried, []);
    const why = reasons(report);
    assert.match(why.own ?? '', /homegrown/);
    assert.match(why.child ?? '', /depends on own/);
    assert.match(why.zone ?? '', /offset/);
  });

  test('what chance or the application decides is carried where it makes no difference', async () => {
    const own = { name: 'homegrown', parameters: {} };
    const drawn = { name: 'gradualRolloutRandom', parameters: { percentage: '30' } };
    const blue = [{ name: 'blue', weight: 1000, stickiness: 'default' }];
    const nobody = { contextName: 'userId', operator: 'UNHEARD_OF', values: [] };
    const { report, ask } = await client([
      { name: 'before-all', enabled: true, strategies: [own, drawn, on] },
      { name: 'never', enabled: true, strategies: [{ ...own, constraints: [nobody] }] },
      { name: 'shared', enabled: true, strategies: [own, on], variants: blue },
      { name: 'apart', enabled: true, strategies: [{ ...own, variants: blue }, on] },
      { name: 'apart-at-last', enabled: true, strategies: [own, { ...on, variants: blue }] },
    ]);
    assert.deepEqual([ask('before-all', {}), ask('never', {}), ask('shared', {})], [true, false, 'blue']);
    assert.deepEqual(Object.keys(reasons(report)), ['apart', 'apart-at-last']);
  });

  test('a pattern may look at the edges of lines where nothing of it comes before or after them', async () => {
    const regex = (value: string) => ({ contextName: 'note', operator: 'REGEX', value, values: [] });
    const asking = (name: string, value: string) => ({
      ...{ name, enabled: true },
      strategies: [{ ...on, constraints: [regex(value)] }],
    });
    const { report, ask } = await client([
      asking('whole', '(?m)^beta$'),
      asking('either', '(?im)^alpha|beta$'),
      asking('empty', '(?m)^$'),
      asking('text', '(?m)\\Abeta\\z'),
      asking('inside', '(?m)a$\\nb'),
      asking('group', '(?m)(?:^b|^a)x'),
      asking('repeated', '(?m)^*b'),
    ]);
    const answers = (note: string) =>
      ['whole', 'either', 'empty', 'text'].map((flag) => ask(flag, { properties: { note } }));
    assert.deepEqual(answers('beta'), [true, true, false, true]);
    assert.deepEqual(answers('a\nbeta\nc'), [true, true, false, false]);
    assert.deepEqual(answers('x\nALPHAbet'), [false, true, false, false]);
    assert.deepEqual(answers('a beta b\n'), [false, false, true, false]);
    assert.deepEqual(Object.keys(reasons(report)), ['inside', 'group', 'repeated']);
    assert.match(reasons(report).inside ?? '', /looks at lines/);
  });

  test('what is for nobody because something is missing or unknown is told of', async () => {
    const later = { contextName: 'userId', operator: 'LATER', values: ['u'] };
    const { report, ask } = await client([
      { name: 'segment', enabled: true, strategies: [{ ...on, segments: [7] }] },
      { name: 'operator', enabled: true, strategies: [{ ...on, constraints: [later] }] },
    ]);
    assert.deepEqual([ask('segment', { userId: 'u' }), ask('operator', { userId: 'u' })], [false, false]);
    assert.match(notes(report, 'segment'), /segment 7 is not in the file/);
    assert.match(notes(report, 'operator'), /LATER is unknown/);
  });

  test('the machine that a strategy asks for is in the context', async () => {
    const host = { name: 'applicationHostname', parameters: { hostNames: 'Web-1, web-2,' } };
    const { report, ask } = await client([{ name: 'f', enabled: true, strategies: [host] }]);
    const answers = ['WEB-1', 'web-2', '', undefined].map((hostname) =>
      ask('f', hostname === undefined ? {} : { hostname }),
    );
    assert.deepEqual(answers, [true, true, false, false]);
    assert.equal(ask('f', { properties: { hostname: 'web-1' } }), true);
    assert.match(notes(report, 'f'), /hostname/);
  });

  test('more strategies, or constraints, than a flag may have rules or conditions are said with fewer', async () => {
    const asking = (operator: string, index: number) => ({ contextName: 'userId', operator, values: [`u${index}`] });
    const each = Array.from({ length: 250 }, (_, index) => ({ ...on, constraints: [asking('IN', index)] }));
    const none = Array.from({ length: 250 }, (_, index) => asking('NOT_IN', index));
    const blue = [{ name: 'blue', weight: 1000, stickiness: 'default' }];
    const { report, ask } = await client([
      { name: 'some', enabled: true, strategies: each },
      { name: 'blue', enabled: true, strategies: each, variants: blue },
      { name: 'others', enabled: true, strategies: [{ ...on, constraints: none }] },
    ]);
    assert.deepEqual(report.refused, []);
    for (const [userId, isListed] of [
      ['u0', true],
      ['u249', true],
      ['u250', false],
    ] as const) {
      const answers = [ask('some', { userId }), ask('blue', { userId }), ask('others', { userId })];
      assert.deepEqual(answers, [isListed, isListed ? 'blue' : 'disabled', !isListed], userId);
    }
  });

  test('flags that differ in case only are told apart by a mark, and what requires one of them is refused', async () => {
    const { report, ask } = await client([
      { name: 'Same', enabled: true, strategies: [on] },
      { name: 'same', enabled: false, strategies: [on] },
      { name: 'child', enabled: true, strategies: [on], dependencies: [{ feature: 'Same' }] },
    ]);
    const [first, second] = report.carried;
    assert.match(first?.key ?? '', /^same-[0-9a-f]{8}$/);
    assert.equal(second?.key, 'same');
    assert.deepEqual([ask(first?.key ?? '', {}), ask('same', {})], [true, false]);
    assert.match(reasons(report).child ?? '', /several flags are called/);
  });

  test('a pattern that cannot be said here is refused, one that RE2 refuses finds nothing', async () => {
    const matching = (value: string, caseInsensitive = false) => ({
      name: 'f',
      enabled: true,
      strategies: [
        { ...on, constraints: [{ contextName: 'email', operator: 'REGEX', values: [], value, caseInsensitive }] },
      ],
    });
    for (const value of ['\\pL', '(?m)a^b', '[[:^alpha:]]', '(a{40}){40}']) {
      assert.match(reasons((await client([matching(value)])).report).f ?? '', /cannot be used here/, value);
    }
    const { ask } = await client([matching('^K[a-c]\\.com$', true)]);
    const email = (text: string) => ask('f', { properties: { email: text } });
    assert.deepEqual([email('kB.COM'), email('\u212aa.com'), email('kd.com')], [true, true, false]);
    for (const value of ['(?=a)', 'a**', '(', 'a\\', '(?P<n>a)(?P<n>b)', '\\1']) {
      const { ask: of } = await client([matching(value)]);
      assert.equal(of('f', { properties: { email: 'a' } }), false, value);
    }
  });

  test('a feature that is off is carried even if its strategies cannot be', async () => {
    const { report, ask } = await client([
      { name: 'f', enabled: false, strategies: [{ name: 'homegrown', parameters: {} }] },
      { name: 'after-an-end', enabled: true, strategies: [on, { name: 'homegrown', parameters: {} }] },
      { name: 'own', enabled: true, strategies: [{ name: 'homegrown', parameters: {} }] },
      { name: 'child', enabled: false, strategies: [on], dependencies: [{ feature: 'own' }] },
    ]);
    assert.deepEqual([ask('f', {}), ask('after-an-end', {}), ask('child', {})], [false, true, false]);
    assert.match(notes(report, 'child'), /what it depends on is left out/);
    assert.match(notes(report, 'f'), /rules are left out/);
  });

  test('contexts have any date that its SDK reads, without an offset the one of this machine', () => {
    const read = readerOf('unleash');
    const timeOf = (currentTime: Json) => (read({ currentTime }) as { currentTime: unknown }).currentTime;
    for (const local of ['2026-01-01T00:00:00', 'Jan 1, 2026 10:00']) {
      assert.equal(timeOf(local), new Date(local).toISOString(), local);
    }
    for (const same of ['2026-01-01T00:00:00Z', 1_767_225_600_000, '', null]) assert.equal(timeOf(same), same);
    assert.equal(timeOf('2026-13-01'), 'no date');
  });

  test('contexts are refused for properties or dates of another kind', () => {
    const read = readerOf('unleash');
    assert.match(String(read({ properties: 'x' })), /properties/);
    assert.match(String(read({ currentTime: ['2026-01-01'] })), /currentTime that is a list/);
    const context = { userId: 'u', currentTime: '2026-01-01T00:00:00Z', properties: { a: 1 } };
    assert.equal(read(context), context);
  });

  test('a file of another shape is told what was expected', () => {
    assert.match(String(importText('unleash', '{"flags": {}}')), /what clients get of Unleash/);
  });
});

const local = { contextName: 'currentTime', operator: 'DATE_AFTER', value: '2026-01-01T00:00:00', values: [] };

describe('S6: Unleash, an export of the admin API', () => {
  const strategies = [
    { name: 'default', featureName: 'a', parameters: {}, constraints: [], sortOrder: 2, disabled: true },
    { name: 'userWithId', featureName: 'a', parameters: { userIds: 'u1' }, sortOrder: 1 },
    { name: 'default', featureName: 'b', parameters: {}, segments: [1] },
    { name: 'default', featureName: 'c', parameters: {}, disabled: true },
    { name: 'default', featureName: 'd', parameters: {} },
  ];
  const names = ['a', 'b', 'c', 'd'];
  const states = names.map((featureName) => ({ featureName, environment: 'production', enabled: true, variants: [] }));
  const batch = {
    features: [...names.map((name) => ({ name })), { name: 'e', archived: true }],
    featureStrategies: strategies,
    featureEnvironments: states,
    segments: [{ id: 1, name: 'staff' }],
    dependencies: [{ feature: 'd', dependencies: [{ feature: 'a', enabled: true }] }],
  };

  test('is put together from its lists; disabled strategies are left out', async () => {
    const { report, ask } = await imported('unleash', batch);
    assert.deepEqual([ask('a', { userId: 'u1' }), ask('a', { userId: 'u2' })], [true, false]);
    assert.deepEqual([ask('d', { userId: 'u1' }), ask('d', { userId: 'u2' })], [true, false]);
    const why = reasons(report);
    assert.match(why.b ?? '', /segment 1 without its constraints/);
    assert.match(why.c ?? '', /all of its strategies are disabled/);
    assert.match(why.e ?? '', /archived/);
  });

  test('of several environments has a state for each', async () => {
    const several = {
      version: 4,
      features: [{ name: 'a', variants: [] }],
      featureStrategies: [
        { id: 's', strategyName: 'default', featureName: 'a', environment: 'production', parameters: {} },
        { id: 't', strategyName: 'default', featureName: 'a', environment: 'development', parameters: {} },
      ],
      featureEnvironments: [
        { featureName: 'a', environment: 'production', enabled: true },
        { featureName: 'a', environment: 'development', enabled: false },
      ],
      segments: [{ id: 7, constraints: [{ contextName: 'userId', operator: 'IN', values: ['u1'] }] }],
      featureStrategySegments: [{ featureStrategyId: 's', segmentId: 7 }],
    };
    const { ask } = await imported('unleash', several);
    assert.deepEqual([ask('a', { userId: 'u1' }), ask('a', { userId: 'u2' })], [true, false]);
    const result = importText('unleash', JSON.stringify(several));
    assert.ok(typeof result !== 'string');
    assert.deepEqual(Object.keys(result.definitions.flags.a?.environments ?? {}), ['production', 'development']);
  });

  test('as events is the same as their result', async () => {
    const { report, ask } = await imported('unleash', {
      events: [
        { type: 'hydration', eventId: 1, features: [{ name: 'gone', enabled: true, strategies: [] }], segments: [] },
        {
          type: 'feature-updated',
          eventId: 2,
          feature: { name: 'a', enabled: true, strategies: [{ ...on, segments: [1] }] },
        },
        { type: 'segment-updated', eventId: 3, segment: { id: 1, constraints: [] } },
        { type: 'feature-removed', eventId: 4, featureName: 'gone' },
      ],
    });
    assert.deepEqual(
      report.carried.map(({ flag }) => flag),
      ['a'],
    );
    assert.equal(ask('a', {}), true);
  });
});
