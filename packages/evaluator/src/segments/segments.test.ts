import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  belongsTo,
  type Condition,
  changedFlags,
  compile,
  type EvaluationContext,
  encodeMembers,
  evaluate,
  explain,
  problemsIn,
  type SegmentDefinition,
  segmentsOf,
} from '../index.ts';
import { flag, NOW, segment, snapshot } from '../testing/definitions.ts';

const plan = (value: string): Condition => ({ attribute: 'plan', operator: 'equals', values: [value] });

function isIn(key: string, segments: readonly SegmentDefinition[], context: EvaluationContext): unknown {
  const asking = flag({
    rules: [{ id: 'in', when: { segment: key }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  });
  return evaluate(compile(snapshot([asking], segments)), 'checkout', context, NOW, 'broken').value;
}

describe('segments', () => {
  test('S2: parents are all required, exclusions all forbidden', () => {
    const segments = [
      segment('paying', { when: plan('pro') }),
      segment('staff', { when: { attribute: 'email', operator: 'ends_with', values: ['@corp.example'] } }),
      segment('customers', { when: { all: [] }, parents: ['paying'], exclusions: ['staff'] }),
    ];
    assert.equal(isIn('customers', segments, { plan: 'pro' }), true);
    assert.equal(isIn('customers', segments, { plan: 'pro', email: 'a@corp.example' }), false);
    assert.equal(isIn('customers', segments, { plan: 'free' }), false);
  });

  test('S3: a score adds the weights of the rules that hold', () => {
    const score = {
      rules: [
        { when: plan('pro'), weight: 2 },
        { when: { attribute: 'logins', operator: 'greater_than', values: [10] }, weight: 1.5 },
        { when: { attribute: 'complaints', operator: 'exists', values: [] }, weight: -1 },
      ],
      threshold: 2.5,
    } as const;
    const segments = [segment('loyal', { score })];
    assert.equal(isIn('loyal', segments, { plan: 'pro' }), false);
    assert.equal(isIn('loyal', segments, { plan: 'pro', logins: 11 }), true);
    assert.equal(isIn('loyal', segments, { plan: 'pro', logins: 11, complaints: 1 }), true);
    assert.equal(isIn('loyal', segments, { plan: 'free', logins: 11 }), false);
  });

  test('S2: nobody belongs to a segment that is unknown or in a cycle; others that name it are answered', () => {
    const segments = [
      segment('one', { when: { segment: 'two' } }),
      segment('two', { when: { all: [] }, parents: ['one'] }),
      segment('outside', { when: { not: { segment: 'one' } } }),
    ];
    assert.equal(isIn('one', segments, {}), false);
    assert.equal(isIn('two', segments, {}), false);
    assert.equal(isIn('outside', segments, {}), true);
    assert.equal(isIn('nowhere', segments, {}), false);
    const configuration = compile(snapshot([], segments));
    assert.deepEqual(
      problemsIn(configuration).map(({ key }) => key),
      ['one', 'two'],
    );
  });

  test('S2: a segment that unfolds without end breaks the flag that asks it, quickly', () => {
    const doubling = Array.from({ length: 40 }, (_, index) =>
      segment(`s${index + 1}`, { when: { any: [{ segment: `s${index}` }, { not: { segment: `s${index}` } }] } }),
    );
    const segments = [segment('s0', { when: { all: [] } }), ...doubling];
    // 2 ** (n + 1) - 1 of them, written out.
    assert.equal(isIn('s7', segments, {}), true);
    assert.equal(isIn('s8', segments, {}), 'broken');
    assert.equal(isIn('s40', segments, {}), 'broken');
    const chain = Array.from({ length: 5_000 }, (_, index) =>
      segment(`c${index + 1}`, { when: { segment: `c${index}` } }),
    );
    const chained = [segment('c0', { when: { all: [] } }), ...chain];
    assert.equal(isIn('c255', chained, {}), true);
    for (const key of ['c256', 'c5000']) {
      const asking = flag({ rules: [{ id: 'in', when: { segment: key }, serve: { variant: 'on' } }] });
      const { errorCode, errorMessage } = evaluate(compile(snapshot([asking], chained)), 'checkout', {}, NOW, null);
      assert.equal(errorCode, 'PARSE_ERROR');
      assert.match(errorMessage ?? '', /^the segment c\d+ is made of more than 256 segments$/);
      if (key === 'c256') assert.match(errorMessage ?? '', / c256 /, 'it names the one that is too heavy');
    }
  });

  test('S2: it is what one segment is made of that is limited, not how many there are', () => {
    const many = Array.from({ length: 600 }, (_, index) => segment(`s${index}`, { when: plan('pro') }));
    assert.equal(segmentsOf(compile(snapshot([], many)), { plan: 'pro' }, NOW).length, 600);
  });

  test('S2: what was wrong with a segment is told as it is now, whatever was wrong before', () => {
    const asking = flag({
      rules: [{ id: 'in', when: { segment: 'late' }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    });
    const told = (configuration: ReturnType<typeof compile>) => {
      const { evaluation, trace } = explain(configuration, 'checkout', {}, NOW, null);
      const condition = trace.rules[0]?.condition;
      assert.ok(condition?.is === 'segment');
      return [evaluation.value, condition.problem];
    };
    const unknown = compile(snapshot([asking]));
    assert.deepEqual(told(unknown), [false, 'the segment late is not known']);
    const cyclic = compile(snapshot([asking], [segment('late', { parents: ['late'] })]), unknown);
    assert.deepEqual(told(cyclic), [false, 'the segment late contains itself']);
    const mended = compile(snapshot([asking], [segment('late', { when: { all: [] } })]), cyclic);
    assert.deepEqual(told(mended), [true, undefined]);
    const added = compile(snapshot([asking], [segment('late', { when: { all: [] } })]), unknown);
    assert.deepEqual(told(added), [true, undefined]);
    assert.deepEqual(told(compile(snapshot([asking]), added)), [false, 'the segment late is not known']);
  });

  test('S1: a list holds those who are listed, by the key of any kind of subject', () => {
    const keys = ['acme', '17', 'zażółć'];
    const list = segment('list', { members: encodeMembers(keys) });
    for (const targetingKey of keys) assert.equal(isIn('list', [list], { targetingKey }), true);
    assert.equal(isIn('list', [list], { targetingKey: 'umbrella' }), false);
    assert.equal(isIn('list', [list], {}), false);
    const members = { ...encodeMembers(keys), by: 'organisation', path: ['key'] };
    const organisations = segment('list', { members });
    assert.equal(isIn('list', [organisations], { targetingKey: 'u', organisation: { key: 17 } }), true);
    assert.equal(isIn('list', [organisations], { targetingKey: 'acme' }), false);
  });

  test('S2: the segments of a context come by priority', () => {
    const segments = [
      segment('b', { when: { all: [] } }),
      segment('a', { when: { all: [] } }),
      segment('first', { when: { all: [] }, priority: 5 }),
      segment('not', { when: plan('pro'), priority: 9 }),
    ];
    assert.deepEqual(segmentsOf(compile(snapshot([], segments)), {}, 0), ['first', 'a', 'b']);
  });

  test('S2: among equals they come by key, whatever order they are defined in; who belongs nowhere has none', () => {
    const keys = ['d', 'a', 'e', 'c', 'b'];
    for (const order of [keys, keys.toReversed(), keys.toSorted()]) {
      const configuration = compile(
        snapshot(
          [],
          order.map((key) => segment(key, { when: { all: [] } })),
        ),
      );
      assert.deepEqual(segmentsOf(configuration, {}, 0), keys.toSorted());
      assert.deepEqual(Reflect.apply(segmentsOf, undefined, [configuration, 'text', 0]), []);
    }
  });

  test('nobody belongs to a segment that is unknown, broken or asked for something that is no context', () => {
    const broken = segment('broken', { when: { attribute: 'a', operator: 'between', values: [] } });
    const everybody = segment('everybody', { when: { all: [] } });
    const configuration = compile(snapshot([], [broken, everybody]));
    assert.equal(belongsTo(configuration, 'everybody', {}, 0), true);
    assert.equal(belongsTo(configuration, 'broken', {}, 0), false);
    assert.equal(belongsTo(configuration, 'unknown', {}, 0), false);
    for (const none of [null, 'text', 7, ['x']]) {
      assert.equal(Reflect.apply(belongsTo, undefined, [configuration, 'everybody', none, 0]), false);
    }
    assert.deepEqual(segmentsOf(configuration, {}, 0), ['everybody']);
  });

  test('a flag may answer differently when a parent of a parent of its segment changes', () => {
    const asking = flag({ rules: [{ id: 'in', when: { not: { segment: 'leaf' } }, serve: { variant: 'on' } }] });
    const at = (version: number) => [
      segment('leaf', { parents: ['branch'] }),
      segment('branch', { parents: ['root'] }),
      segment('root', { version }),
      segment('other'),
    ];
    const before = compile(snapshot([asking, flag({ key: 'other' })], at(1)));
    assert.deepEqual(changedFlags(before, compile(snapshot([asking, flag({ key: 'other' })], at(2)), before)), [
      'checkout',
    ]);
  });

  test('F9: the trace shows members, score, parents and exclusions', () => {
    const segments = [
      segment('parent', { when: { all: [] } }),
      segment('whole', {
        members: encodeMembers(['u']),
        score: { rules: [{ when: plan('pro'), weight: 1 }], threshold: 1 },
        parents: ['parent'],
        exclusions: ['nobody'],
      }),
    ];
    const asking = flag({ rules: [{ id: 'in', when: { segment: 'whole' }, serve: { variant: 'on' } }] });
    const { trace } = explain(compile(snapshot([asking], segments)), 'checkout', { targetingKey: 'u' }, NOW, null);
    const condition = trace.rules[0]?.condition;
    assert.ok(condition?.is === 'segment');
    assert.deepEqual(condition.members, { key: 'u', listed: true });
    assert.deepEqual([condition.score?.sum, condition.score?.threshold], [0, 1]);
    assert.deepEqual([condition.parents?.[0]?.met, condition.exclusions?.[0]?.problem !== undefined], [true, true]);
  });
});
