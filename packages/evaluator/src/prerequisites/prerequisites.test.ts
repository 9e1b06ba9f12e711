import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changedFlags, compile, evaluate, explain, type FlagDefinition, problemsIn } from '../index.ts';
import { flag, NOW, segment, snapshot } from '../testing/definitions.ts';
import { MAX_PREREQUISITE_WEIGHT } from './faults.ts';

const requiring = (key: string, flags: readonly string[], changes: Partial<FlagDefinition> = {}) =>
  flag({ key, prerequisites: flags.map((name) => ({ flag: name, variants: ['on'] })), ...changes });

const segmentOf = (key: string) => segment(key, { when: { attribute: key, operator: 'equals', values: [true] } });

const answers = (flags: readonly FlagDefinition[], context = {}) => {
  const configuration = compile(snapshot(flags));
  return (key: string) => evaluate(configuration, key, context, NOW, 'fallback');
};

describe('prerequisites', () => {
  test('F6: a flag is on when what it requires serves the variant, and off, naming it, when not', () => {
    const pro = {
      id: 'pro',
      when: { attribute: 'plan', operator: 'equals', values: ['pro'] },
      serve: { variant: 'on' },
    } as const;
    const flags = [flag({ key: 'base', rules: [pro], fallthrough: { variant: 'off' } }), requiring('top', ['base'])];
    assert.equal(answers(flags, { plan: 'pro' })('top').value, true);
    const { value, reason, flagMetadata } = answers(flags, { plan: 'free' })('top');
    assert.deepEqual([value, reason, flagMetadata.prerequisite], [false, 'DISABLED', 'base']);
  });

  test('F6: a kill switch over what it requires counts, an unknown flag and one in ERROR are never met', () => {
    const flags = [
      flag({ key: 'base' }),
      requiring('top', ['base']),
      requiring('lost', ['nobody']),
      requiring('odd', ['broken']),
    ];
    const broken = flag({ key: 'broken', fallthrough: { variant: 'purple' } });
    const switches = { stop: { key: 'stop', version: 1, scope: 'feature', affects: ['base'] } } as const;
    const before = compile(snapshot([...flags, broken]));
    const after = compile(snapshot([...flags, broken], [], { switches, number: 2 }), before);
    assert.equal(evaluate(before, 'top', {}, NOW, null).value, true);
    assert.equal(evaluate(after, 'top', {}, NOW, null).flagMetadata.prerequisite, 'base');
    assert.equal(evaluate(after, 'lost', {}, NOW, null).value, false);
    assert.equal(evaluate(after, 'odd', {}, NOW, null).value, false);
    assert.deepEqual([...changedFlags(before, after)].sort(), ['base', 'top']);
  });

  test('F6: flags in a cycle answer ERROR, a flag that requires one of them is off, and nothing loops', () => {
    const ask = answers([
      requiring('a', ['b']),
      requiring('b', ['c']),
      requiring('c', ['a']),
      requiring('d', ['a']),
      requiring('self', ['self']),
    ]);
    for (const key of ['a', 'b', 'c', 'self']) {
      const { errorCode, errorMessage } = ask(key);
      assert.deepEqual([errorCode, errorMessage], ['PARSE_ERROR', `the flags that ${key} asks lead back to it`]);
    }
    assert.deepEqual([ask('d').value, ask('d').flagMetadata.prerequisite], [false, 'a']);
    const off = answers([requiring('a', ['a'], { enabled: false })]);
    assert.equal(off('a').reason, 'DISABLED');
  });

  test('F6: what would unfold without end is an ERROR, what stays within the limit is answered', () => {
    const doubling = Array.from({ length: 30 }, (_, index) => requiring(`f${index + 1}`, [`f${index}`, `f${index}`]));
    const ask = answers([flag({ key: 'f0' }), ...doubling]);
    assert.equal(ask('f7').value, true);
    assert.equal(ask('f8').errorCode, 'PARSE_ERROR');
    assert.equal(ask('f30').reason === 'ERROR' || ask('f30').reason === 'DISABLED', true);
    const chain = Array.from({ length: MAX_PREREQUISITE_WEIGHT + 1 }, (_, index) =>
      requiring(`c${index + 1}`, [`c${index}`]),
    );
    const along = answers([flag({ key: 'c0' }), ...chain]);
    assert.equal(along(`c${MAX_PREREQUISITE_WEIGHT - 1}`).value, true);
    const tooLong = along(`c${MAX_PREREQUISITE_WEIGHT}`);
    assert.equal(tooLong.errorCode, 'PARSE_ERROR');
    assert.match(
      tooLong.errorMessage ?? '',
      new RegExp(`c${MAX_PREREQUISITE_WEIGHT}.*more than ${MAX_PREREQUISITE_WEIGHT} flags`),
    );
  });

  test('F6: what is beyond a cycle, or requires what is too much, is off and not in error itself', () => {
    const wide = Array.from({ length: MAX_PREREQUISITE_WEIGHT }, () => 'base');
    const flags = [
      flag({ key: 'base' }),
      requiring('wide', wide),
      requiring('wider', ['wide', 'base']),
      requiring('a', ['b', 'base']),
      requiring('b', ['a', 'wide']),
      requiring('beyond', ['base', 'a', 'wider']),
      flag({ key: 'empty', prerequisites: [] }),
    ];
    const ask = answers(flags);
    const faults = problemsIn(compile(snapshot(flags))).map(({ key, problem }) => [key, problem]);
    assert.deepEqual(faults, [
      ['wide', `the flags that wide asks come to more than ${MAX_PREREQUISITE_WEIGHT} flags`],
      ['a', 'the flags that a asks lead back to it'],
      ['b', 'the flags that b asks lead back to it'],
    ]);
    assert.deepEqual([ask('wider').flagMetadata.prerequisite, ask('beyond').flagMetadata.prerequisite], ['wide', 'a']);
    assert.equal(ask('empty').reason, 'STATIC');
  });

  test('F6: a flag that requires one that is switched off for some is off for them, and takes no value of its own', () => {
    const region = { stop: { key: 'stop', version: 1, scope: 'region', affects: ['eu'] } } as const;
    const half = {
      split: [
        { variant: 'on', percentage: 100 },
        { variant: 'off', percentage: 0 },
      ],
    } as const;
    const flags = [
      flag({ key: 'base', fallthrough: half }),
      flag({ key: 'top', prerequisites: [{ flag: 'base', variants: ['off'] }] }),
      requiring('on', ['base']),
    ];
    const configuration = compile(snapshot(flags, [], { switches: region }));
    const value = (key: string, context: object) =>
      evaluate(configuration, key, { targetingKey: 'u', ...context }, NOW, null).value;
    // `on` of what is required is not what a switch over `top` itself leaves.
    assert.deepEqual([value('top', {}), value('on', {})], [false, true]);
    const only = compile(
      snapshot(flags, [], { switches: { stop: { ...region.stop, scope: 'feature', affects: ['base'] } } }),
    );
    const served = (key: string) => evaluate(only, key, { targetingKey: 'u' }, NOW, null).value;
    assert.deepEqual([served('top'), served('on')], [true, false]);
    const partly = compile(
      snapshot([...flags, flag({ key: 'other' })], [segmentOf('eu')], {
        switches: { stop: { key: 'stop', version: 1, scope: 'user_segment', affects: ['eu'] } },
      }),
    );
    const asked = (key: string, eu: boolean) => evaluate(partly, key, { targetingKey: 'u', eu }, NOW, null);
    assert.equal(asked('other', true).flagMetadata.killSwitch, 'stop');
    assert.equal(asked('on', false).value, true);
    assert.equal(asked('on', true).flagMetadata.killSwitch, 'stop');
  });

  test('F6: what is required is off where a later switch of its own covers it, whoever the first one covers', () => {
    const switches = {
      eu: { key: 'eu', version: 1, scope: 'region', affects: ['eu'] },
      stop: { key: 'stop', version: 1, scope: 'feature', affects: ['base'] },
    } as const;
    const top = flag({ key: 'top', prerequisites: [{ flag: 'base', variants: ['off'] }] });
    const configuration = compile(snapshot([flag({ key: 'base' }), top], [], { switches }));
    assert.equal(evaluate(configuration, 'base', { region: 'us' }, NOW, null).flagMetadata.killSwitch, 'stop');
    assert.equal(evaluate(configuration, 'top', { region: 'us' }, NOW, null).value, true);
  });

  test('F6: a flag that asks itself is in a cycle, however many others it asks', () => {
    const many = Array.from({ length: MAX_PREREQUISITE_WEIGHT }, () => 'base');
    const ask = answers([flag({ key: 'base' }), requiring('self', ['self', ...many])]);
    assert.equal(ask('self').errorMessage, 'the flags that self asks lead back to it');
  });

  test('F9: the trace tells what was required, and how that flag came to its answer', () => {
    const configuration = compile(snapshot([flag({ key: 'base', enabled: false }), requiring('top', ['base'])]));
    const { trace } = explain(configuration, 'top', {}, NOW, null);
    assert.equal(trace.decided_by, 'prerequisite');
    const [asked] = trace.prerequisites ?? [];
    assert.deepEqual([asked?.flag, asked?.met, asked?.explanation.trace.decided_by], ['base', false, 'off']);
  });

  test('problems are listed with the flag they are in', () => {
    const configuration = compile(snapshot([requiring('a', ['a']), requiring('b', ['nobody']), flag()]));
    const problems = problemsIn(configuration).map(({ noun, key }) => [noun, key]);
    assert.deepEqual(problems, [
      ['flags', 'a'],
      ['flags', 'b'],
    ]);
  });
});
