import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changedFlags, compile, evaluate, explain, type FlagDefinition, problemsIn } from '../index.ts';
import { flag, NOW, snapshot } from '../testing/definitions.ts';
import { MAX_PREREQUISITE_WEIGHT } from './faults.ts';

const requiring = (key: string, flags: readonly string[], changes: Partial<FlagDefinition> = {}) =>
  flag({ key, prerequisites: flags.map((name) => ({ flag: name, variants: ['on'] })), ...changes });

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
    for (const key of ['a', 'b', 'c', 'self']) assert.equal(ask(key).errorCode, 'PARSE_ERROR', key);
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
