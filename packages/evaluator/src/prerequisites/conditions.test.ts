import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Condition,
  changedFlags,
  compile,
  evaluate,
  evaluateAll,
  evaluateByClock,
  explain,
  type FlagDefinition,
  parseSnapshot,
  problemsIn,
} from '../index.ts';
import { flag, NOW, segment, snapshot } from '../testing/definitions.ts';
import { MAX_PREREQUISITE_WEIGHT } from './faults.ts';

const PRO = { attribute: 'plan', operator: 'equals', values: ['pro'] } as const;

/** On for those for whom the condition holds. */
const under = (key: string, when: Condition, changes: Partial<FlagDefinition> = {}) =>
  flag({ key, rules: [{ id: 'r', when, serve: { variant: 'on' } }], fallthrough: { variant: 'off' }, ...changes });

const asking = (key: string, ...flags: readonly string[]) =>
  under(key, { all: flags.map((name) => ({ flag: name, variants: ['on'] })) });

describe('rules that ask other flags', () => {
  test('F6: a rule follows what the other flag serves, to the same context', () => {
    const configuration = compile(snapshot([under('base', PRO), asking('top', 'base')]));
    const ask = (context: { plan?: string }) => evaluate(configuration, 'top', context, NOW, null);
    assert.deepEqual([ask({ plan: 'pro' }).value, ask({ plan: 'pro' }).flagMetadata.rule], [true, 'r']);
    assert.deepEqual([ask({}).value, ask({}).reason], [false, 'DEFAULT']);
  });

  test('F6: it asks the flag of its own configuration, whichever was compiled on top of which', () => {
    const top = asking('top', 'base');
    const before = compile(snapshot([flag({ key: 'base' }), top]));
    assert.equal(evaluate(before, 'top', {}, NOW, null).value, true);
    const changed = flag({ key: 'base', version: 2, fallthrough: { variant: 'off' } });
    const after = compile(snapshot([changed, top], [], { number: 2 }), before);
    assert.equal(evaluate(after, 'top', {}, NOW, null).value, false);
    assert.equal(evaluate(before, 'top', {}, NOW, null).value, true);
    const switches = { stop: { key: 'stop', version: 1, scope: 'feature', affects: ['base'] } } as const;
    const killed = compile(snapshot([flag({ key: 'base' }), top], [], { number: 3, switches }), before);
    assert.equal(evaluate(killed, 'top', {}, NOW, null).value, false);
    assert.deepEqual([...changedFlags(before, after)].sort(), ['base', 'top']);
    assert.deepEqual([...changedFlags(before, killed)].sort(), ['base', 'top']);
    assert.deepEqual(changedFlags(before, compile(snapshot([flag({ key: 'base' }), top], [], { number: 4 }))), []);
  });

  test('F6: what is shared between flags that are asked together is what each says by itself', () => {
    const flags = [under('base', PRO), asking('a', 'base'), asking('b', 'base'), asking('x', 'y'), asking('y', 'x')];
    const configuration = compile(snapshot(flags));
    for (const context of [{ plan: 'pro' }, {}, { plan: 'pro' }]) {
      const single = flags.map(({ key }) => evaluate(configuration, key, context, NOW, null));
      assert.deepEqual(evaluateAll(configuration, context, NOW), single);
    }
    assert.equal(evaluate(configuration, 'x', {}, NOW, null).errorCode, 'PARSE_ERROR');
  });

  test('F6: the moment is looked at when the flag that is asked depends on it', () => {
    const ramp = { variant: 'on', otherwise: 'off', from_ms: NOW, to_ms: NOW, from_percentage: 0, to_percentage: 100 };
    const configuration = compile(snapshot([flag({ key: 'base', fallthrough: { ramp } }), asking('top', 'base')]));
    for (const [now, value] of [
      [NOW - 1, false],
      [NOW, true],
    ] as const) {
      assert.equal(evaluateByClock(configuration, 'top', { targetingKey: 'u' }, () => now, null).value, value);
      // Prepared by now.
      assert.equal(evaluateByClock(configuration, 'top', { targetingKey: 'u' }, () => now, null).value, value);
    }
  });

  test('F6: what leads back, through rules and prerequisites alike, is an ERROR that says so, and nothing loops', () => {
    const circle = flag({ key: 'b', prerequisites: [{ flag: 'a', variants: ['on'] }] });
    const configuration = compile(snapshot([asking('a', 'b'), circle, asking('c', 'a'), asking('d', 'nobody')]));
    for (const key of ['a', 'b']) assert.equal(evaluate(configuration, key, {}, NOW, null).errorCode, 'PARSE_ERROR');
    assert.equal(evaluate(configuration, 'c', {}, NOW, null).value, false);
    const said = problemsIn(configuration).map(({ key, problem }) => `${key}: ${problem}`);
    assert.deepEqual(said.sort(), [
      'a: the flags that a asks lead back to it',
      'b: the flags that b asks lead back to it',
      'd: the flag nobody, which it requires, is not known',
    ]);
  });

  test('F6: what would unfold without end is an ERROR, what stays within the limit is answered', () => {
    const chain = Array.from({ length: 9 }, (_, level) =>
      asking(`f${level}`, ...(level === 0 ? [] : [`f${level - 1}`, `f${level - 1}`])),
    );
    const configuration = compile(snapshot(chain));
    // 2 ** (level + 1) - 1 of them, written out.
    assert.ok(2 ** 8 - 1 <= MAX_PREREQUISITE_WEIGHT && 2 ** 9 - 1 > MAX_PREREQUISITE_WEIGHT);
    assert.equal(evaluate(configuration, 'f7', {}, NOW, null).value, true);
    assert.match(evaluate(configuration, 'f8', {}, NOW, null).errorMessage ?? '', /more than 256 flags/);
  });

  test('F6: a segment cannot ask a flag; the flags that ask it are in ERROR', () => {
    const beta = segment('beta', { when: { any: [PRO, { flag: 'base', variants: ['on'] }] } });
    const configuration = compile(snapshot([flag({ key: 'base' }), under('top', { segment: 'beta' })], [beta]));
    const { errorCode, errorMessage } = evaluate(configuration, 'top', { plan: 'pro' }, NOW, null);
    assert.deepEqual([errorCode, errorMessage], ['PARSE_ERROR', 'a segment cannot ask what a flag serves']);
  });

  test('F6: a condition that names a segment as well is of the segment, and asks no flag', () => {
    const both = under('top', { segment: 'pro', flag: 'top', variants: ['on'] } as Condition);
    const configuration = compile(snapshot([both], [segment('pro', { when: PRO })]));
    assert.deepEqual(problemsIn(configuration), []);
    assert.equal(evaluate(configuration, 'top', { plan: 'pro' }, NOW, null).value, true);
    const asked = under('top', { segment: 'pro', flag: 'base', variants: ['on'] } as Condition);
    const version = (version: number) => compile(snapshot([asked, flag({ key: 'base', version })]));
    assert.deepEqual(changedFlags(version(1), version(2)), ['base']);
  });

  test('F12: the trace says what was wanted and what is served', () => {
    const configuration = compile(snapshot([under('base', PRO), asking('top', 'base'), asking('lost', 'nobody')]));
    const conditionOf = (key: string) => explain(configuration, key, {}, NOW, null).trace.rules[0]?.condition;
    assert.deepEqual(conditionOf('top'), {
      is: 'all',
      met: false,
      parts: [{ is: 'flag', flag: 'base', expected: ['on'], actual: 'off', met: false }],
    });
    assert.deepEqual(conditionOf('lost'), {
      is: 'all',
      met: false,
      parts: [{ is: 'flag', flag: 'nobody', expected: ['on'], met: false }],
    });
  });

  test('a condition that asks a flag without saying for what is refused with its place', () => {
    const top = under('top', { flag: 'base', variants: ['on'] });
    assert.equal(parseSnapshot(snapshot([top])).ok, true);
    const broken = structuredClone(snapshot([top])) as unknown as { flags: { top: { rules: { when: object }[] } } };
    broken.flags.top.rules[0] = { ...broken.flags.top.rules[0], when: { flag: 'base', variants: 'on' } };
    const parsed = parseSnapshot(broken);
    assert.match(parsed.ok ? '' : parsed.problem, /rules.*when.*variants/);
  });
});
