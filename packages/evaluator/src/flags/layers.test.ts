import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile, evaluate, evaluateAll, explain } from '../index.ts';
import { flag, NOW, share, snapshot } from '../testing/definitions.ts';

const WHO = { targetingKey: 'someone' };
const everybody = { attribute: 'targetingKey', operator: 'exists', values: [] } as const;
const variants = ['off', 'target', 'rule', 'rest'].map((name) => ({ name, value: name }));

/** Each layer that is there has something to say about everybody; those above are obeyed first. */
const LAYERS = ['off', 'kill_switch', 'prerequisite', 'target', 'rule'] as const;

test('F3: off, kill switch, prerequisite, target, rule, the rest: the first that is there decides, whatever lies below', () => {
  fc.assert(
    fc.property(fc.subarray([...LAYERS]), (present) => {
      const has = (layer: (typeof LAYERS)[number]) => present.includes(layer);
      const asked = flag({
        type: 'string',
        variants,
        off_variant: 'off',
        enabled: !has('off'),
        ...(has('prerequisite') ? { prerequisites: [{ flag: 'required', variants: ['on'] }] } : {}),
        targets: has('target') ? [{ variant: 'target', keys: ['someone'] }] : [],
        rules: has('rule') ? [{ id: 'all', when: everybody, serve: { variant: 'rule' } }] : [],
        fallthrough: { variant: 'rest' },
      });
      const required = flag({ key: 'required', fallthrough: { variant: 'off' } });
      const fired = { key: 'stop', version: 1, scope: 'feature', affects: [asked.key] } as const;
      const switches = has('kill_switch') ? { stop: fired } : {};
      const configuration = compile(snapshot([asked, required], [], { switches }));
      const { trace, evaluation } = explain(configuration, asked.key, WHO, NOW, null);
      const first = LAYERS.find(has) ?? 'fallthrough';
      assert.equal(trace.decided_by, first);
      const served = { target: 'target', rule: 'rule', fallthrough: 'rest', off: 'off', kill_switch: 'off' };
      assert.equal(evaluation.value, first === 'prerequisite' ? 'off' : served[first]);
      assert.deepEqual(evaluate(configuration, asked.key, WHO, NOW, null), evaluation);
    }),
    { numRuns: 200 },
  );
});

test('F4: who falls where depends on key, seed and split alone: not on attributes, other flags, numbers or who was asked before', () => {
  const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
  const others = fc.dictionary(fc.constantFrom('plan', 'age', 'country'), fc.oneof(fc.string(), fc.integer()));
  const percentage = fc.integer({ min: 1, max: 99_999 }).map((thousandths) => thousandths / 1_000);
  fc.assert(
    fc.property(key, key, percentage, others, fc.nat(), (targetingKey, someoneElse, part, attributes, number) => {
      const asked = flag({ fallthrough: share(part) });
      const alone = compile(snapshot([asked]));
      const among = compile(
        snapshot([flag({ key: 'aaa', fallthrough: share(50) }), { ...asked, version: 7 }], [], { number }),
        alone,
      );
      const { variant, reason } = evaluate(alone, asked.key, { targetingKey }, NOW, null);
      assert.equal(reason, 'SPLIT');
      evaluate(alone, asked.key, { targetingKey: someoneElse }, NOW, null);
      const context = { ...attributes, targetingKey };
      for (const again of [
        evaluate(alone, asked.key, context, NOW + 1, null),
        evaluate(among, asked.key, context, NOW, null),
        evaluateAll(among, context, NOW).find(({ flagKey }) => flagKey === asked.key),
      ]) {
        assert.equal(again?.variant, variant);
      }
    }),
  );
});

test('F3: a key listed for one attribute is nobody by another, and of two targets the first has it', () => {
  const targets = [
    { variant: 'off', keys: ['someone'] },
    { variant: 'on', by: '', keys: ['nameless'] },
    { variant: 'off', by: 'device', keys: ['acme'] },
    { variant: 'on', by: 'organisation', keys: ['acme', 'acme'] },
    { variant: 'off', by: 'organisation', keys: ['acme'] },
  ];
  const configuration = compile(snapshot([flag({ targets, fallthrough: { variant: 'off' } })]));
  const served = (context: Readonly<Record<string, string>>) => {
    const { variant, reason } = evaluate(configuration, 'checkout', context, NOW, null);
    return [variant, reason];
  };
  assert.deepEqual(served({ organisation: 'acme' }), ['on', 'TARGETING_MATCH']);
  assert.deepEqual(served({ device: 'acme' }), ['off', 'TARGETING_MATCH']);
  assert.deepEqual(served({ targetingKey: 'acme' }), ['off', 'DEFAULT']);
  assert.deepEqual(served({ targetingKey: 'nameless' }), ['off', 'DEFAULT']);
  assert.deepEqual(served({ '': 'nameless' }), ['on', 'TARGETING_MATCH']);
  const none = Reflect.apply(evaluate, undefined, [configuration, 'checkout', 'no context', NOW, null]);
  assert.equal(none.errorCode, 'INVALID_CONTEXT');
});

test('F3: a flag whose targets list nobody has nothing to ask', () => {
  const targets = [
    { variant: 'off', keys: [] },
    { variant: 'off', by: 'device', keys: [] },
  ];
  const configuration = compile(snapshot([flag({ targets })]));
  for (const context of [{}, WHO, 'no context']) {
    const { value, reason } = Reflect.apply(evaluate, undefined, [configuration, 'checkout', context, NOW, null]);
    assert.deepEqual([value, reason], [true, 'STATIC']);
  }
});
