import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Condition,
  type Configuration,
  compile,
  type EvaluationContext,
  evaluate,
  evaluateAll,
  type FlagDefinition,
  type Snapshot,
} from '../index.ts';
import { flag, NOW, segment, share, snapshot } from '../testing/definitions.ts';

const pro: Condition = { attribute: 'plan', operator: 'equals', values: ['pro'] };
const old: Condition = { attribute: 'age', operator: 'greater_than', values: [60] };
const tester: Condition = { segment: 'testers' };
const testers = segment('testers', { when: { attribute: 'tester', operator: 'equals', values: [true] } });

function ruled(key: string, conditions: readonly Condition[], changes: Partial<FlagDefinition> = {}): FlagDefinition {
  const rules = conditions.map((when, index) => ({ id: `${key}-${index}`, when, serve: { variant: 'on' } }));
  return flag({ key, rules, fallthrough: { variant: 'off' }, ...changes });
}

/** Flags that ask the same, in part the same, and nothing, mixed with those that are asked by themselves. */
const MIXED = snapshot(
  [
    ruled('pro-1', [pro]),
    flag({ key: 'always' }),
    ruled('pro-2', [pro], { fallthrough: share(50) }),
    ruled('old-or-pro', [old, pro]),
    ruled('pro-or-tester', [pro, tester]),
    flag({ key: 'rollout-1', fallthrough: share(30) }),
    ruled('listed', [pro], { targets: [{ variant: 'on', keys: ['someone'] }] }),
    ruled('needs-pro', [tester], { prerequisites: [{ flag: 'pro-1', variants: ['on'] }] }),
    ruled('switched', [pro], { services: ['shop'] }),
    ruled('broken', [pro, { attribute: 'plan', operator: 'equals', values: [] }]),
    flag({ key: 'rollout-2', fallthrough: share(70) }),
    ruled('tester-too', [pro, tester], { fallthrough: share(99) }),
  ],
  [testers],
  { switches: { shop: { key: 'shop', version: 1, scope: 'region', affects: ['eu'] } } },
);
const CALM: Snapshot = { ...MIXED, switches: {} };

const CONTEXTS: readonly EvaluationContext[] = [
  { targetingKey: 'someone', plan: 'pro', region: 'eu' },
  { targetingKey: 'someone', plan: 'free', age: 70 },
  { targetingKey: 'other', tester: true },
  { targetingKey: 'other', tester: true, plan: 'pro' },
  { plan: 'free' },
  {},
];

function assertAsAlone(configuration: Configuration, context: EvaluationContext): void {
  const keys = Object.keys(configuration.snapshot.flags);
  const together = evaluateAll(configuration, context, NOW);
  const alone = keys.map((key) => evaluate(configuration, key, context, NOW, null));
  assert.deepEqual(together, alone);
  for (const [index, answer] of alone.entries()) {
    if (answer.errorCode === undefined) assert.equal(together[index], answer, 'the answer is one and the same object');
  }
}

test('all flags at once are answered as each by itself, for one context after another', () => {
  for (const configuration of [compile(MIXED), compile(CALM)]) {
    for (const context of [...CONTEXTS, ...CONTEXTS.toReversed()]) assertAsAlone(configuration, context);
  }
});

test('an answer that was first given to one flag by itself is the one that all flags together give', () => {
  const configuration = compile(CALM);
  const [context = {}] = CONTEXTS;
  const first = evaluate(configuration, 'pro-1', context, NOW, null);
  assert.equal(evaluateAll(configuration, context, NOW)[0], first);
  assert.equal(evaluateAll(configuration, context, NOW)[0], first);
});

test('a context that was changed in the meantime is read anew', () => {
  const context = { targetingKey: 'someone', plan: 'free' };
  const configuration = compile(CALM);
  const before = evaluateAll(configuration, context, NOW);
  context.plan = 'pro';
  const after = evaluateAll(configuration, context, NOW);
  assert.deepEqual([before[0]?.value, after[0]?.value], [false, true]);
});

test('asking again from within a context does not mix up the two', () => {
  const configuration = compile(CALM);
  const inner = { targetingKey: 'inner', plan: 'free' };
  let asked = 0;
  const outer: EvaluationContext = {
    targetingKey: 'outer',
    get plan() {
      asked += 1;
      assert.equal(evaluateAll(configuration, inner, NOW)[0]?.value, false);
      return 'pro';
    },
  };
  assert.equal(evaluateAll(configuration, outer, NOW)[0]?.value, true);
  assertAsAlone(configuration, { ...outer });
  assert.ok(asked > 0);
});

test('a shared condition is asked once, however many flags have it', () => {
  const count = 20;
  const configuration = compile(
    snapshot(Array.from({ length: count }, (_, index) => ruled(`f${index}`, index < count / 2 ? [pro] : [pro, old]))),
  );
  let reads = 0;
  const context: EvaluationContext = {
    get plan() {
      reads += 1;
      return 'pro';
    },
  };
  assert.ok(evaluateAll(configuration, context, NOW).every(({ value }) => value === true));
  assert.equal(reads, 1);
});

test('what is no context, or cannot be read, is an error of each flag that looks at it, and of no other', () => {
  const throwing = {
    targetingKey: 'someone',
    get plan(): string {
      throw new Error('no');
    },
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  for (const context of [null, 7, ['x'], throwing, revoked.proxy]) {
    for (const each of [MIXED, CALM]) assertAsAlone(compile(each), context as EvaluationContext);
  }
  const answers = evaluateAll(compile(CALM), throwing, NOW);
  const codes = new Map(answers.map(({ flagKey, errorCode }) => [flagKey, errorCode]));
  assert.deepEqual(
    ['always', 'rollout-1', 'pro-1', 'broken'].map((key) => codes.get(key)),
    [undefined, undefined, 'GENERAL', 'PARSE_ERROR'],
  );
});

test('a flag that cannot even be prepared is in error by itself', () => {
  const { services: _, ...cut } = ruled('cut', [pro]);
  const switches = { shop: { key: 'shop', version: 1, scope: 'service', affects: ['shop'] } } as const;
  const configuration = compile(snapshot([cut as FlagDefinition, flag({ key: 'whole' })], [], { switches }));
  const answers = evaluateAll(configuration, { plan: 'pro' }, NOW);
  assert.deepEqual(
    answers.map(({ flagKey, value, reason }) => [flagKey, value, reason]),
    [
      ['cut', null, 'ERROR'],
      ['whole', true, 'STATIC'],
    ],
  );
});

test('attributes that an object only inherits are not its own, in all flags at once as in one', () => {
  class Person {
    targetingKey = 'someone';
    tester = true;
  }
  Object.defineProperty(Person.prototype, 'plan', { value: 'pro', enumerable: true });
  const configuration = compile(CALM);
  assertAsAlone(configuration, new Person() as unknown as EvaluationContext);
  assert.equal(evaluateAll(configuration, new Person() as unknown as EvaluationContext, NOW)[0]?.value, false);
});
