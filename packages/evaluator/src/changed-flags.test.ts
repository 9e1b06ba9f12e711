import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Condition,
  changedFlags,
  compile,
  type FlagDefinition,
  type Json,
  problemsIn,
  type Snapshot,
} from './index.ts';
import { flag, segment, snapshot } from './testing/definitions.ts';

const inSegment = (key: string) => ({
  rules: [{ id: 'r', when: { segment: key }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
});
const is = (value: string): Condition => ({ attribute: 'plan', operator: 'equals', values: [value] });

const FLAGS = [
  flag({ key: 'plain' }),
  flag({ key: 'shop', services: ['shop', 'cart'] }),
  flag({ key: 'of-pro', ...inSegment('pro') }),
  flag({ key: 'of-both', ...inSegment('both') }),
  flag({
    key: 'above',
    prerequisites: [
      { flag: 'of-pro', variants: ['on'] },
      { flag: 'plain', variants: ['on'] },
    ],
  }),
  flag({ key: 'top', prerequisites: [{ flag: 'above', variants: ['on'] }] }),
];
const SEGMENTS = [
  segment('pro', { when: is('pro') }),
  segment('old', { when: is('old') }),
  segment('both', { when: { any: [{ segment: 'pro' }, { segment: 'old' }] } }),
];
const BASE = snapshot(FLAGS, SEGMENTS);

const changedIn = (before: Snapshot, after: Snapshot) => [...changedFlags(compile(before), compile(after))].sort();
const switched = (
  scope: 'global' | 'region' | 'service' | 'user_segment' | 'feature',
  ...affects: readonly string[]
) => ({
  ...BASE,
  switches: { stop: { key: 'stop', version: 1, scope, affects } },
});
const withFlag = (key: string, changes: Partial<FlagDefinition>): Snapshot => ({
  ...BASE,
  flags: { ...BASE.flags, [key]: { ...(BASE.flags[key] ?? flag({ key })), ...changes } },
});
const ALL = ['above', 'of-both', 'of-pro', 'plain', 'shop', 'top'];

describe('flags that may answer otherwise', () => {
  test('are none where all is equal, be it the same or written anew, and all where nothing was before', () => {
    assert.deepEqual(changedIn(BASE, BASE), []);
    assert.deepEqual(changedIn(BASE, structuredClone(BASE)), []);
    assert.deepEqual([...changedFlags(undefined, compile(BASE))].sort(), ALL);
  });

  test('are those that changed, in whatever place, that came or went, and those that ask them', () => {
    const places: readonly Partial<FlagDefinition>[] = [
      { version: 2 },
      { services: ['x'] },
      { services: [] },
      { fallthrough: { variant: 'off' } },
      { fallthrough: { split: [{ variant: 'on', percentage: 100 }] } },
      { targets: [{ variant: 'on', keys: ['u'] }] },
      { rules: inSegment('pro').rules },
      { prerequisites: [] },
    ];
    const before = withFlag('shop', { services: ['y'] });
    for (const changes of places)
      assert.deepEqual(changedIn(before, withFlag('shop', changes)), ['shop'], JSON.stringify(changes));
    assert.deepEqual(changedIn(BASE, withFlag('of-pro', { enabled: false })), ['above', 'of-pro', 'top']);
    assert.deepEqual(changedIn(BASE, withFlag('above', { enabled: false })), ['above', 'top']);
    assert.deepEqual(changedIn(BASE, withFlag('new', {})), ['new']);
    assert.deepEqual(changedIn(withFlag('gone', {}), BASE), ['gone']);
    const lists = (keys: readonly string[]) => withFlag('plain', { targets: [{ variant: 'on', keys }] });
    assert.deepEqual(changedIn(lists(['a', 'b']), lists(['a', 'b'])), []);
    for (const keys of [['a'], ['a', 'c'], ['a', 'b', 'c']]) {
      assert.deepEqual(changedIn(lists(['a', 'b']), lists(keys)), ['above', 'plain', 'top'], keys.join());
    }
  });

  test('are those that serve another value, of whatever kind the two are, and none whose value is written anew', () => {
    const values: readonly Json[] = [
      ...[null, true, false, 0, 1, '', 'a', [], {}, [null], ['a'], [['a']], { 0: 'a' }, { a: 1 }, { b: 1 }],
      ...[{ a: null }, { a: [] }, { a: {} }, { a: 1, b: 2 }, JSON.parse('{"__proto__": {}}')],
    ];
    const serving = (value: Json) => snapshot([flag({ type: 'json', variants: [{ name: 'on', value }] })]);
    for (const [index, one] of values.entries()) {
      for (const [place, other] of values.entries()) {
        const expected = index === place ? [] : ['checkout'];
        const both = `${JSON.stringify(one)} and ${JSON.stringify(other)}`;
        assert.deepEqual(changedIn(serving(one), serving(structuredClone(other))), expected, both);
      }
    }
  });

  test('are the same whatever order flags and segments come in', () => {
    const turned = snapshot(FLAGS.toReversed(), SEGMENTS.toReversed());
    const chain = (version: number, turn: boolean) => {
      const all = [segment('a', { version }), segment('b', { parents: ['a'] }), segment('c', { parents: ['b'] })];
      const asking = flag({ key: 'of-c', ...inSegment('c') });
      return snapshot([asking], turn ? all.toReversed() : all);
    };
    for (const turn of [false, true]) assert.deepEqual(changedIn(chain(1, turn), chain(2, turn)), ['of-c']);
    const off = flag({ key: 'of-pro', ...inSegment('pro'), enabled: false });
    assert.deepEqual(changedIn(turned, { ...turned, flags: { ...turned.flags, 'of-pro': off } }), [
      ...['above', 'of-pro', 'top'],
    ]);
  });

  test('are those of a segment that changed, came or went, also of one within another', () => {
    const segments = (...all: Parameters<typeof snapshot>[1][]) =>
      snapshot(
        FLAGS,
        all.flat().filter((each) => each !== undefined),
      );
    const [pro, old, both] = SEGMENTS;
    assert.deepEqual(changedIn(BASE, segments(SEGMENTS)), []);
    const other = segment('old', { version: 2, when: is('older') });
    assert.deepEqual(changedIn(BASE, segments([pro ?? assert.fail(), other, both ?? assert.fail()])), ['of-both']);
    assert.deepEqual(changedIn(BASE, segments([old ?? assert.fail(), both ?? assert.fail()])), [
      'above',
      'of-both',
      'of-pro',
      'top',
    ]);
    assert.deepEqual(changedIn(segments([]), segments([pro ?? assert.fail()])), ['above', 'of-pro', 'top']);
    assert.deepEqual(changedIn(BASE, segments([...SEGMENTS, segment('new')])), []);
  });

  test('are those that a switch lies over which is fired, released or changed, or covers a segment that is', () => {
    for (const [after, expected] of [
      [switched('feature', 'shop'), ['shop']],
      [switched('service', 'cart', 'x'), ['shop']],
      [switched('service', 'x'), []],
      [switched('global'), ALL],
      [switched('region', 'eu'), ALL],
      [switched('user_segment', 'pro'), ALL],
      [switched('feature', 'of-pro'), ['above', 'of-pro', 'top']],
    ] as const) {
      const about = JSON.stringify(after.switches);
      assert.deepEqual(changedIn(BASE, after), expected, about);
      assert.deepEqual(changedIn(after, BASE), expected, about);
      assert.deepEqual(changedIn(after, structuredClone(after)), [], about);
    }
    const changed = { pro: segment('pro', { version: 2, when: is('x') }) };
    const renewed = (snapshot: Snapshot) => ({ ...snapshot, segments: { ...snapshot.segments, ...changed } });
    const asking = ['above', 'of-both', 'of-pro', 'top'];
    for (const over of [switched('user_segment', 'old', 'pro'), switched('user_segment', 'both')]) {
      assert.deepEqual(changedIn(over, renewed(over)), ALL);
    }
    for (const over of [switched('user_segment', 'old'), switched('region', 'pro'), switched('service', 'pro')]) {
      assert.deepEqual(changedIn(over, renewed(over)), asking, JSON.stringify(over.switches));
    }
  });
});

test('problems are those of flags, of segments, and of switches over segments that are not known', () => {
  const broken = segment('broken', { when: { attribute: 'plan', operator: 'equals', values: [] } });
  const listed = (scope: 'user_segment' | 'region') =>
    problemsIn(
      compile({ ...snapshot([flag()], [broken, segment('pro')]), switches: switched(scope, 'pro', 'gone').switches }),
    );
  const [first, second, ...more] = listed('user_segment');
  assert.deepEqual([first?.noun, first?.key], ['segments', 'broken']);
  assert.deepEqual(second, { noun: 'switches', key: 'stop', problem: second?.problem });
  assert.match(second?.problem ?? '', /^the segment gone, which it covers, is /);
  assert.deepEqual([more, listed('region').length], [[], 1]);
});

test('problems are told of a flag that cannot be answered at all, once each', () => {
  const lost = flag({ key: 'lost', off_variant: 'nothing' });
  const other = flag({ key: 'other', prerequisites: [{ flag: 'lost', variants: ['on'] }] });
  const asking = flag({ key: 'asking', rules: [{ id: 'r', when: { segment: 'gone' }, serve: { variant: 'on' } }] });
  const circle = segment('circle', { parents: ['circle'] });
  assert.deepEqual(problemsIn(compile(snapshot([lost, other, asking], [circle]))), [
    { noun: 'flags', key: 'lost', problem: 'the variant nothing is not defined' },
    { noun: 'segments', key: 'circle', problem: 'the segment circle contains itself' },
    { noun: 'segments', key: 'gone', problem: 'the segment gone is not known' },
  ]);
});
