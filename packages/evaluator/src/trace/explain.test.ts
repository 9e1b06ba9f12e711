import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compile,
  type EvaluationContext,
  encodeMembers,
  explain,
  type FlagDefinition,
  type SegmentDefinition,
} from '../index.ts';
import { flag, NOW, segment, share, snapshot } from '../testing/definitions.ts';

const WHO = { targetingKey: 'someone' };
const pro = { attribute: 'plan', operator: 'equals', values: ['pro'] } as const;
const ruled = (key: string) =>
  flag({ key, rules: [{ id: 'pro', when: pro, serve: { variant: 'on' } }], fallthrough: { variant: 'off' } });

function traceOf(
  flags: readonly FlagDefinition[],
  context: unknown,
  segments: readonly SegmentDefinition[] = [],
  switches: Parameters<typeof snapshot>[2] = {},
) {
  const configuration = compile(snapshot(flags, segments, switches));
  return explain(configuration, flags[0]?.key ?? '', context as EvaluationContext, NOW, null);
}

test('what cannot be answered has no more to tell than that', () => {
  const unknown = explain(compile(snapshot([])), 'nobody', WHO, NOW, null);
  assert.deepEqual(
    [unknown.evaluation.errorCode, unknown.trace],
    ['FLAG_NOT_FOUND', { decided_by: 'error', rules: [] }],
  );
  const throwing = {
    get plan(): string {
      throw new Error('no');
    },
  };
  const general = traceOf([ruled('asked')], throwing);
  assert.deepEqual([general.evaluation.errorCode, general.trace], ['GENERAL', { decided_by: 'error', rules: [] }]);
});

test('a context that can be read once and then no more does not throw', () => {
  let reads = 0;
  const context = {
    get plan(): string {
      reads += 1;
      if (reads > 1) throw new Error('no');
      return 'pro';
    },
  };
  const { evaluation, trace } = traceOf([ruled('asked')], context);
  assert.deepEqual([evaluation.value, trace], [true, { decided_by: 'error', rules: [] }]);
});

test('a context that cannot be read at first has nothing told of it, even if it can later', () => {
  let reads = 0;
  const context = {
    get plan(): string {
      reads += 1;
      if (reads === 1) throw new Error('no');
      return 'pro';
    },
  };
  const { evaluation, trace } = traceOf([ruled('asked')], context);
  assert.deepEqual([evaluation.errorCode, trace], ['GENERAL', { decided_by: 'error', rules: [] }]);
});

test('what is no context matters only to flags that look at it', () => {
  for (const none of [null, 'text', 7, ['x']]) {
    assert.equal(traceOf([flag()], none).trace.decided_by, 'fallthrough');
    assert.deepEqual(traceOf([ruled('asked')], none).trace, { decided_by: 'error', rules: [] });
    const broken = traceOf([flag({ fallthrough: { variant: 'nothing' } })], none);
    assert.equal(broken.evaluation.errorCode, 'PARSE_ERROR');
    assert.deepEqual([broken.trace.decided_by, broken.trace.problem], ['error', 'the variant nothing is not defined']);
    const stop = { key: 'stop', version: 1, scope: 'global', affects: [] } as const;
    const stopped = traceOf([ruled('asked')], none, [], { switches: { stop } }).trace;
    assert.deepEqual([stopped.decided_by, stopped.kill_switch], ['kill_switch', 'stop']);
    const eu = { key: 'eu', version: 1, scope: 'region', affects: ['eu'] } as const;
    const unread: readonly (readonly FlagDefinition[])[] = [
      [flag()],
      [flag({ fallthrough: { variant: 'nothing' } })],
      [flag({ prerequisites: [{ flag: 'met', variants: ['on'] }] }), flag({ key: 'met' })],
    ];
    for (const [index, flags] of unread.entries()) {
      const { evaluation, trace } = traceOf(flags, none, [], index === 2 ? {} : { switches: { eu } });
      assert.deepEqual([evaluation.errorCode, trace], ['INVALID_CONTEXT', { decided_by: 'error', rules: [] }]);
    }
  }
});

test('a broken flag says what is wrong with it; one that is off variant cannot be read too', () => {
  const unreadable = traceOf([flag({ off_variant: 'nothing' })], WHO).trace;
  assert.deepEqual([unreadable.decided_by, unreadable.problem], ['error', 'the variant nothing is not defined']);
  const eu = { key: 'eu', version: 1, scope: 'region', affects: ['eu'] } as const;
  const broken = traceOf([flag({ fallthrough: { variant: 'nothing' } })], WHO, [], { switches: { eu } }).trace;
  assert.deepEqual(broken, {
    decided_by: 'error',
    rules: [],
    problem: 'the variant nothing is not defined',
    switches: [{ key: 'eu', scope: 'region', covers: false }],
  });
});

test('kill switches are told up to the first that covers, all where none does', () => {
  const region = (key: string) => ({ key, version: 1, scope: 'region', affects: [key] }) as const;
  const switches = { a: region('a'), b: region('b'), c: region('c') };
  const told = (context: EvaluationContext) =>
    traceOf([flag()], context, [], { switches }).trace.switches?.map(({ key, covers }) => [key, covers]);
  assert.deepEqual(told({ region: 'b' }), [
    ['a', false],
    ['b', true],
  ]);
  assert.deepEqual(told({ region: 'd' }), [
    ['a', false],
    ['b', false],
    ['c', false],
  ]);
});

test('a list tells the key that was looked for in it, if there was one', () => {
  const asking = flag({ rules: [{ id: 'in', when: { segment: 'list' }, serve: { variant: 'on' } }] });
  const told = (context: EvaluationContext) => {
    const condition = traceOf([asking], context, [segment('list', { members: encodeMembers(['someone']) })]).trace
      .rules[0]?.condition;
    assert.ok(condition?.is === 'segment');
    return condition.members;
  };
  assert.deepEqual(told(WHO), { key: 'someone', listed: true });
  assert.deepEqual(told({}), { listed: false });
});

test('prerequisites are asked up to the first that is not met', () => {
  const required = (...keys: string[]) =>
    flag({ key: 'asked', prerequisites: keys.map((key) => ({ flag: key, variants: ['on'] })) });
  const met = flag({ key: 'met' });
  const unmet = flag({ key: 'unmet', fallthrough: { variant: 'off' } });
  const asked = (...keys: string[]) => {
    const { trace } = traceOf([required(...keys), met, unmet], WHO);
    return [trace.decided_by, ...(trace.prerequisites ?? []).map((each) => [each.flag, each.met])];
  };
  assert.deepEqual(asked('met', 'met'), ['fallthrough', ['met', true], ['met', true]]);
  assert.deepEqual(asked('met', 'unmet', 'met'), ['prerequisite', ['met', true], ['unmet', false]]);
  assert.deepEqual(asked('unmet', 'met'), ['prerequisite', ['unmet', false]]);
  assert.deepEqual(asked('nobody', 'met'), ['prerequisite', ['nobody', false]]);
});

test('a target tells by which key it was found, and where, unless that is the targeting key', () => {
  const targeted = (place: { by?: string; path?: readonly string[] }) =>
    flag({ targets: [{ variant: 'on', keys: ['t1'], ...place }] });
  const told = (place: { by?: string; path?: readonly string[] }, context: EvaluationContext) => {
    const { decided_by, target, target_by } = traceOf([targeted(place)], context).trace;
    return [decided_by, target, target_by];
  };
  assert.deepEqual(told({}, { targetingKey: 't1' }), ['target', 't1', undefined]);
  assert.deepEqual(told({ by: 'device' }, { device: 't1' }), ['target', 't1', ['device']]);
  assert.deepEqual(told({ path: ['id'] }, { targetingKey: { id: 't1' } } as unknown as EvaluationContext), [
    'target',
    't1',
    ['targetingKey', 'id'],
  ]);
});

test('a ramp tells where it stands, and its split only while there is one', () => {
  const from_ms = NOW - 1_000;
  const told = (to_ms: number, from_percentage: number, to_percentage: number) => {
    const ramp = { variant: 'on', otherwise: 'off', from_ms, to_ms, from_percentage, to_percentage };
    const { schedule, split } = traceOf([flag({ fallthrough: { ramp } })], WHO).trace;
    return [schedule?.is === 'ramp' ? schedule.share : undefined, split?.parts];
  };
  assert.deepEqual(told(NOW, 0, 0), [0, undefined]);
  assert.deepEqual(told(NOW, 0, 100), [100_000, undefined]);
  assert.deepEqual(told(NOW + 1_000, 0, 100), [
    50_000,
    [
      { variant: 'on', from: 0, to: 50_000 },
      { variant: 'off', from: 50_000, to: 100_000 },
    ],
  ]);
});

test('a score is the sum of the weights that count', () => {
  const whole = segment('whole', {
    score: {
      rules: [
        { when: pro, weight: 3 },
        { when: { not: pro }, weight: 10 },
        { when: { attribute: 'age', operator: 'exists', values: [] }, weight: 2 },
      ],
      threshold: 4,
    },
  });
  const asking = flag({ rules: [{ id: 'in', when: { segment: 'whole' }, serve: share(50) }] });
  const { trace } = traceOf([asking], { ...WHO, plan: 'pro', age: 7 }, [whole]);
  const condition = trace.rules[0]?.condition;
  assert.ok(condition?.is === 'segment');
  assert.deepEqual([condition.score?.sum, condition.met], [5, true]);
});

test('what a condition is made of is told part by part', () => {
  const asking = flag({ rules: [{ id: 'r', when: { any: [{ not: pro }, { all: [] }] }, serve: { variant: 'on' } }] });
  const { trace } = traceOf([asking], { plan: 'pro' });
  const comparison = { is: 'comparison', attribute: 'plan', operator: 'equals', expected: ['pro'] };
  assert.deepEqual(trace.rules[0]?.condition, {
    is: 'any',
    met: true,
    parts: [
      { is: 'not', met: false, parts: [{ ...comparison, actual: 'pro', met: true }] },
      { is: 'all', met: true, parts: [] },
    ],
  });
});
