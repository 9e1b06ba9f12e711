import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Comparison, type Condition, changedFlags, compile, evaluate, type Json, problemsIn } from '../index.ts';
import { flag, NOW, segment, snapshot } from '../testing/definitions.ts';

/** The answer of a flag that is on where the condition holds. */
function answer(when: Condition, context: Readonly<Record<string, Json>>) {
  const rules = [{ id: 'r', when, serve: { variant: 'on' } }];
  const configuration = compile(snapshot([flag({ rules, fallthrough: { variant: 'off' } })]));
  return evaluate(configuration, 'checkout', context, NOW, null);
}

const COMPARISON: Condition = { attribute: 'a', operator: 'equals', values: [1] };

function nested(depth: number, around: (inner: Condition) => Condition, innermost = COMPARISON): Condition {
  let condition = innermost;
  for (let level = 1; level < depth; level += 1) condition = around(condition);
  return condition;
}

const WAYS: Readonly<Record<string, (inner: Condition) => Condition>> = {
  all: (inner) => ({ all: [inner] }),
  any: (inner) => ({ any: [inner] }),
  not: (inner) => ({ not: inner }),
};

for (const [way, around] of Object.entries(WAYS)) {
  test(`conditions nest 64 deep by "${way}", and no deeper`, () => {
    assert.equal(answer(nested(64, around), { a: 1 }).errorCode, undefined);
    const { errorCode, errorMessage } = answer(nested(65, around), { a: 1 });
    assert.deepEqual([errorCode, errorMessage], ['PARSE_ERROR', 'conditions nest more than 64 deep']);
  });

  test(`what is named 64 deep by "${way}" is known to be asked`, () => {
    const rules = [{ id: 'r', when: nested(64, around, { segment: 's' }), serve: { variant: 'on' } }];
    const version = (number: number) => compile(snapshot([flag({ rules })], [segment('s', { version: number })]));
    assert.deepEqual(changedFlags(version(1), version(2)), ['checkout']);
  });

  test(`a segment whose conditions nest by "${way}" deeper than any call stack says so`, () => {
    const deep = segment('deep', { when: nested(100_000, around) });
    assert.deepEqual(problemsIn(compile(snapshot([], [deep]))), [
      { noun: 'segments', key: 'deep', problem: 'conditions nest more than 64 deep' },
    ]);
  });
}

test('what a condition cannot be is told by the answer of its flag', () => {
  const comparison = { attribute: 'a', operator: 'equals', values: ['x'] } as const;
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ weather: 'fine' }, /of a kind this version does not know/],
    [{ ...comparison, attribute: 7 }, /of a kind this version does not know/],
    [{ ...comparison, operator: 'resembles' }, /the operator resembles is not known/],
    [{ ...comparison, operator: 'toString' }, /the operator toString is not known/],
    [{ ...comparison, operator: 'regex', ignore_case: true }, /ignore_case does not go with regex/],
  ];
  for (const [when, words] of refused) {
    const { errorCode, errorMessage = '' } = answer(when as Condition, { a: 'x' });
    assert.equal(errorCode, 'PARSE_ERROR');
    assert.match(errorMessage, words);
  }
});

test('operands that an operator cannot take are told by the answer of its flag', () => {
  const refused: readonly (readonly [Comparison['operator'], readonly Json[], RegExp])[] = [
    ['equals', [], /takes one value/],
    ['equals', ['a', 'b'], /takes one value/],
    ['equals', [null], /must be text, a number or true\/false/],
    ['not_equals', [['a']], /must be text, a number or true\/false/],
    ['contains', [{}], /must be text, a number or true\/false/],
    ['in', [], /at least one value/],
    ['in', ['a', null], /the values must be text, numbers or true\/false/],
    ['not_in', [[]], /the values must be text, numbers or true\/false/],
    ['greater_than', ['7'], /the value must be a number/],
    ['greater_or_equal', [true], /the value must be a number/],
    ['less_than', [null], /the value must be a number/],
    ['less_or_equal', [[7]], /the value must be a number/],
    ['between', [1], /between takes two numbers/],
    ['between', [1, 2, 3], /between takes two numbers/],
    ['between', ['1', 2], /between takes two numbers/],
    ['between', [1, '2'], /between takes two numbers/],
    ['starts_with', [7], /the value must be text/],
    ['ends_with', [true], /the value must be text/],
    ['regex', [7], /the value must be text/],
    ['semver_equals', ['1.x'], /"1\.x" is not a semantic version/],
    ['semver_less_than', [1], /the value must be text/],
    ['before', ['yesterday'], /"yesterday" is not an instant/],
    ['after', [true], /"true" is not an instant/],
    ['exists', ['a'], /exists takes no values/],
  ];
  for (const [operator, values, words] of refused) {
    const { errorCode, errorMessage = '' } = answer({ attribute: 'a', operator, values }, { a: 'x' });
    assert.equal(errorCode, 'PARSE_ERROR', `${operator} ${JSON.stringify(values)}`);
    assert.match(errorMessage, words);
  }
});
