import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '@spillway/evaluator';
import type { FieldProblem, Outcome } from '../refusal.ts';
import type { SegmentInput } from './input.ts';
import { normaliseSegment } from './normalise.ts';
import type { Segment } from './segment.ts';

const BETA: Condition = { attribute: 'beta', operator: 'equals', values: [true] };
const GERMAN: Condition = { attribute: 'country', operator: 'equals', values: ['DE'] };

const known = (...segments: readonly SegmentInput[]) => {
  const map = new Map<string, Segment>();
  for (const input of segments) map.set(input.key, accepted(normaliseSegment(input, map)));
  return map;
};

function accepted(outcome: Outcome<Segment>): Segment {
  assert.ok(outcome.ok, outcome.ok ? '' : JSON.stringify(outcome.refusal));
  return outcome.value;
}

function problems(outcome: Outcome<Segment>): readonly FieldProblem[] {
  assert.ok(!outcome.ok, 'should have been refused');
  assert.equal(outcome.refusal.code, 'invalid');
  return outcome.refusal.fields ?? [];
}

const PLAIN = { name: '', description: '', owner: '', tags: [] };

test('S1: the type is seen from what a segment is made of', () => {
  const others = known({ key: 'beta', when: BETA });
  assert.deepEqual(others.get('beta'), { key: 'beta', type: 'rule_based', ...PLAIN, when: BETA });
  const both = accepted(normaliseSegment({ key: 'both', when: { all: [{ segment: 'beta' }, GERMAN] } }, others));
  assert.equal(both.type, 'composite');
  assert.deepEqual(accepted(normaliseSegment({ key: 'c', parents: ['beta', 'beta'] }, others)), {
    ...{ key: 'c', type: 'composite', ...PLAIN, when: { all: [] }, parents: ['beta'] },
  });
});

test('S1: a type that is not what the segment is made of is refused, saying what would be right', () => {
  const others = known({ key: 'beta', when: BETA });
  const [alone] = problems(normaliseSegment({ key: 'a', type: 'composite', when: BETA }, others));
  assert.match(alone?.message ?? '', /no other segment is named/);
  const [mixed] = problems(normaliseSegment({ key: 'a', type: 'rule_based', when: { segment: 'beta' } }, others));
  assert.match(mixed?.message ?? '', /\/when names another segment; make it composite/);
});

test('S3: a score alone decides; a threshold that everyone or nobody reaches is refused', () => {
  const rules = [
    { when: BETA, weight: 3 },
    { when: GERMAN, weight: -1 },
  ];
  const scored = accepted(normaliseSegment({ key: 'a', score: { rules, threshold: 2 } }, new Map()));
  assert.deepEqual(scored.when, { any: [] });
  for (const threshold of [3.5, -1, Number.NaN]) {
    const found = problems(normaliseSegment({ key: 'a', score: { rules, threshold } }, new Map()));
    assert.equal(found[0]?.field, '/score/threshold', String(threshold));
  }
  const empty = problems(normaliseSegment({ key: 'a', score: { rules: [], threshold: 1 } }, new Map()));
  assert.equal(empty[0]?.field, '/score/rules');
});

test('S2: unknown segments are refused wherever they are named, with those that are known', () => {
  const score = { rules: [{ when: { segment: 'gone' }, weight: 1 }], threshold: 1 };
  const input = { key: 'a', when: { not: { segment: 'gone' } }, score, parents: ['gone'], exclusions: ['gone-too'] };
  const found = problems(normaliseSegment(input, known({ key: 'beta', when: BETA })));
  assert.deepEqual(
    found.map(({ field }) => field),
    ['/when/not/segment', '/score/rules/0/when/segment', '/parents/0', '/exclusions/0'],
  );
  assert.ok(found.every(({ message }) => message.includes('known: beta')));
});

test('F6: a segment cannot ask what a flag serves', () => {
  const when = { any: [BETA, { flag: 'billing', variants: ['on'] }] };
  const [found, ...others] = problems(normaliseSegment({ key: 'a', when }, known()));
  assert.deepEqual([found?.field, others], ['/when/any/1', []]);
  assert.match(found?.message ?? '', /in the rule of a flag/);
});

test('S2: a cycle is refused through when, score, parents and exclusions, with the way it takes', () => {
  const others = known(
    { key: 'a', when: BETA },
    { key: 'b', parents: ['a'] },
    { key: 'c', exclusions: ['b'], when: BETA },
  );
  const score = { rules: [{ when: { segment: 'c' }, weight: 1 }], threshold: 1 };
  const ways: readonly (readonly [Partial<SegmentInput>, string])[] = [
    [{ when: { any: [{ segment: 'c' }] } }, '/when'],
    [{ score }, '/score/rules/0/when'],
    [{ parents: ['c'] }, '/parents/0'],
    [{ when: BETA, exclusions: ['c'] }, '/exclusions/0'],
  ];
  for (const [way, field] of ways) {
    const [found] = problems(normaliseSegment({ key: 'a', ...way }, others));
    assert.equal(found?.field, field);
    assert.match(found?.message ?? '', /a → c → b → a/);
  }
  const [itself] = problems(normaliseSegment({ key: 'new', when: { segment: 'new' } }, others));
  assert.match(itself?.message ?? '', /new → new/);
});

test('S2: what evaluators would refuse for its size is refused when it is made, also when it would grow through another', () => {
  const inputs: SegmentInput[] = [{ key: 's0', when: BETA }];
  for (let level = 1; level <= 7; level += 1) {
    const below = { segment: `s${level - 1}` };
    inputs.push({ key: `s${level}`, when: { any: [below, below] } });
  }
  const others = known(...inputs);
  const top = { segment: 's7' };
  assert.match(problems(normaliseSegment({ key: 'top', when: { any: [top, top] } }, others))[0]?.message ?? '', /256/);
  const grown = normaliseSegment({ key: 's0', parents: ['other'] }, known(...inputs, { key: 'other', when: BETA }));
  assert.match(problems(grown)[0]?.message ?? '', /would make s7 come to more than 256/);
});

test('every other field has its limit', () => {
  const found = problems(
    normaliseSegment(
      {
        ...{ key: 'Bad Key', name: 'x'.repeat(257), description: 'x'.repeat(2_001), owner: '\ud800', tags: ['no tag'] },
        ...{ parents: ['p'], exclusions: ['p'], priority: 0.5 },
      },
      known({ key: 'p', when: BETA }),
    ),
  );
  assert.deepEqual(
    found.map(({ field }) => field),
    ['/key', '/name', '/description', '/owner', '/tags/0', '/exclusions/0', '/priority'],
  );
  assert.equal(problems(normaliseSegment({ key: 'overlap', when: BETA }, new Map()))[0]?.field, '/key');
  assert.equal(problems(normaliseSegment({ key: 'empty' }, new Map()))[0]?.field, '/when');
});
