import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, type Evaluation, evaluate } from '@spillway/evaluator';
import { remembering } from './remembering.ts';

const frame = { format: 'spillway.snapshot/1', project: 'shop', environment: 'production', number: 1 } as const;
const unknown = evaluate(compile({ ...frame, flags: {}, segments: {}, switches: {} }), 'nothing', {}, 0, null);
const answer = (flagKey: string): Evaluation => Object.freeze({ ...unknown, flagKey });

function counting(maxPerGeneration: number) {
  const made: string[] = [];
  const text = remembering((evaluation) => {
    made.push(evaluation.flagKey);
    return evaluation.flagKey;
  }, maxPerGeneration);
  return { made, text };
}

test('what is asked for again and again is made once, and what nobody asked for since is let go', () => {
  const { made, text } = counting(2);
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(answer);
  assert(a && b && c && d);
  for (const each of [a, b, a, b, c, a, d, a]) assert.equal(text(each), each.flagKey);
  assert.deepEqual(made, ['a', 'b', 'c', 'd']);
  text(b);
  assert.deepEqual(made, ['a', 'b', 'c', 'd', 'b']);
});

test('an answer that may still change is made each time', () => {
  const { made, text } = counting(2);
  const open = { ...answer('a') };
  assert.equal(text(open), 'a');
  assert.equal(text(open), 'a');
  assert.deepEqual(made, ['a', 'a']);
});
