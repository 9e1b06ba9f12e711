import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, evaluate, evaluateAll } from '../index.ts';
import { flag, NOW, share, snapshot } from '../testing/definitions.ts';

const MANY = 9;

/** `count` rules, of which number `n` holds for contexts whose `from` is at most `n`. */
function flagWith(count: number, serving: 'variant' | 'split') {
  const rules = Array.from({ length: count }, (_, index) => ({
    id: `rule-${index}`,
    when: { attribute: 'from', operator: 'less_or_equal', values: [index] } as const,
    serve: serving === 'variant' ? { variant: 'on' } : share(50),
  }));
  return flag({ key: `of-${count}-${serving}`, rules, fallthrough: { variant: 'off' } });
}

for (const serving of ['variant', 'split'] as const) {
  test(`the first rule that holds decides, of up to ${MANY} that serve a ${serving}`, () => {
    for (let count = 1; count <= MANY; count += 1) {
      const configuration = compile(snapshot([flagWith(count, serving)]));
      for (let from = 0; from <= count; from += 1) {
        const context = { targetingKey: 'someone', from };
        const { reason, flagMetadata, value } = evaluate(configuration, `of-${count}-${serving}`, context, NOW, null);
        const matches = from < count;
        assert.equal(flagMetadata.rule, matches ? `rule-${from}` : undefined, `rule ${from} of ${count}`);
        assert.equal(reason, !matches ? 'DEFAULT' : serving === 'split' ? 'SPLIT' : 'TARGETING_MATCH');
        if (!matches) assert.equal(value, false);
      }
    }
  });
}

test('all flags are answered in the order of the snapshot, each as when it is asked alone', () => {
  const keys = ['zeta', '10', 'alpha', '9'];
  const flags = keys.map((key) => flag({ key, fallthrough: share(50) }));
  const configuration = compile(snapshot(flags));
  const context = { targetingKey: 'someone' };
  const answers = evaluateAll(configuration, context, NOW);
  const order = Object.keys(configuration.snapshot.flags);
  assert.deepEqual(
    answers.map(({ flagKey }) => flagKey),
    order,
  );
  assert.deepEqual(
    answers,
    order.map((key) => evaluate(configuration, key, context, NOW, null)),
  );
});
