import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type Configuration,
  compile,
  evaluate,
  explain,
  type FlagDefinition,
  type Json,
  prepareAll,
  type Snapshot,
} from './index.ts';
import { flag, NOW, share, snapshot as snapshotOf } from './testing/definitions.ts';

const snapshot = (flags: readonly FlagDefinition[], changes: Partial<Snapshot> = {}) =>
  snapshotOf(flags, [], { segments: {}, ...changes });

describe('compile', () => {
  const formOf = (configuration: Configuration, key: string) => prepareAll(configuration).flags.get(key)?.form;

  test('a flag that did not change keeps its compiled form and still names the new configuration', () => {
    const first = prepareAll(compile(snapshot([flag(), flag({ key: 'search' })])));
    const second = compile(snapshot([{ ...flag() }, flag({ key: 'search', version: 2 })], { number: 2 }), first);
    const third = compile(snapshot([{ ...flag() }, flag({ key: 'search', version: 3 })], { number: 3 }), second);
    assert.ok(formOf(first, 'checkout') !== undefined);
    assert.equal(formOf(third, 'checkout'), formOf(first, 'checkout'));
    assert.notEqual(formOf(second, 'search'), formOf(first, 'search'));
    assert.equal(evaluate(first, 'checkout', {}, NOW, false).flagMetadata.configuration, 1);
    assert.equal(evaluate(third, 'checkout', {}, NOW, false).flagMetadata.configuration, 3);
    const fourth = compile(snapshot([flag(), flag({ key: 'new' })], { number: 4 }), third);
    assert.equal(evaluate(fourth, 'new', {}, NOW, false).value, true);
  });

  test('the same version with another content is compiled anew, as after a store was restored', () => {
    const first = compile(snapshot([flag()]));
    const second = compile(snapshot([flag({ enabled: false })], { number: 2 }), first);
    assert.equal(evaluate(second, 'checkout', {}, NOW, true).value, false);
  });

  test('a segment that changed recompiles the flags that use it, also through another segment', () => {
    const using = flag({ rules: [{ id: 'r1', when: { segment: 'outer' }, serve: { variant: 'off' } }] });
    const plan = (value: string, version: number): Snapshot['segments'] => ({
      outer: { key: 'outer', version: 1, when: { segment: 'inner' } },
      inner: { key: 'inner', version, when: { attribute: 'plan', operator: 'equals', values: [value] } },
    });
    const first = prepareAll(compile(snapshot([using], { segments: plan('pro', 1) })));
    const second = prepareAll(compile(snapshot([using], { segments: plan('team', 2), number: 2 }), first));
    const third = compile(snapshot([using], { segments: plan('team', 2), number: 3 }), second);
    assert.equal(evaluate(first, 'checkout', { plan: 'pro' }, NOW, null).value, false);
    assert.equal(evaluate(second, 'checkout', { plan: 'pro' }, NOW, null).value, true);
    assert.ok(formOf(second, 'checkout') !== undefined);
    assert.equal(formOf(third, 'checkout'), formOf(second, 'checkout'));
  });

  test('flags that share a segment all keep their compiled form, as does one that asks for what is not known', () => {
    const asking = (key: string, segment: string) =>
      flag({ key, rules: [{ id: 'r1', when: { segment }, serve: { variant: 'off' } }] });
    const flags = [asking('one', 'outer'), asking('two', 'outer'), asking('three', 'inner'), asking('lost', 'gone')];
    const segments: Snapshot['segments'] = {
      outer: { key: 'outer', version: 1, when: { segment: 'inner' } },
      inner: { key: 'inner', version: 1, when: { attribute: 'plan', operator: 'equals', values: ['pro'] } },
    };
    const first = prepareAll(compile(snapshot(flags, { segments })));
    const renewed = compile(structuredClone(snapshot(flags, { segments, number: 2 })), first);
    for (const { key } of flags) {
      assert.ok(formOf(first, key) !== undefined);
      assert.equal(formOf(renewed, key), formOf(first, key), key);
    }
  });

  test('what cannot even be looked at makes only its own flag answer ERROR', () => {
    const thrown = Object.defineProperty(flag({ key: 'thrown' }), 'rules', {
      enumerable: true,
      get() {
        throw 'not an error';
      },
    });
    const configuration = compile(snapshot([flag(), thrown]));
    const { errorCode, errorMessage } = evaluate(configuration, 'thrown', {}, NOW, null);
    assert.deepEqual([errorCode, errorMessage], ['PARSE_ERROR', 'the definition cannot be read']);
    assert.equal(evaluate(configuration, 'checkout', {}, NOW, null).value, true);
  });

  test('a broken definition makes only its own flag answer ERROR', () => {
    const broken: readonly FlagDefinition[] = [
      flag({ key: 'unknown-variant', fallthrough: { variant: 'purple' } }),
      flag({ key: 'sum', fallthrough: { split: [{ variant: 'on', percentage: 50 }] } }),
      flag({ key: 'segment', rules: [{ id: 'r1', when: { segment: 'odd' }, serve: { variant: 'on' } }] }),
      flag({
        key: 'pattern',
        rules: [{ id: 'r1', when: { attribute: 'a', operator: 'regex', values: ['('] }, serve: { variant: 'on' } }],
      }),
      flag({ key: 'typed', variants: [{ name: 'off', value: 'no' }] }),
    ];
    const odd = { key: 'odd', version: 1, when: { attribute: 'a', operator: 'between', values: [1] } } as const;
    const configuration = compile(snapshot([flag(), ...broken], { segments: { odd } }));
    for (const { key } of broken) {
      const answer = evaluate(configuration, key, { targetingKey: 'u' }, NOW, 'fallback');
      assert.equal(answer.errorCode, 'PARSE_ERROR', key);
      assert.equal(answer.value, 'fallback');
      assert.ok((answer.errorMessage ?? '').length > 10);
    }
    assert.equal(evaluate(configuration, 'checkout', {}, NOW, false).value, true);
  });

  test('a broken definition says what is wrong with it', () => {
    const ramp = {
      ...{ variant: 'on', otherwise: 'off', from_percentage: 0, to_percentage: 100 },
      from_ms: 0,
      to_ms: 1,
    };
    const split = (...percentages: readonly number[]) => ({
      fallthrough: { split: percentages.map((percentage) => ({ variant: 'on', percentage })) },
    });
    const broken: readonly (readonly [changes: object, message: string])[] = [
      [{ bucketing: { ...flag().bucketing, algorithm: 'dice' } }, 'the bucketing dice is not known'],
      [{ fallthrough: { weather: 'fine' } }, 'a rule serves something that this version does not know'],
      [{ fallthrough: { ramp: { ...ramp, from_ms: 'soon' } } }, 'a ramp ends after it begins'],
      [{ fallthrough: { ramp: { ...ramp, to_ms: Number.NaN } } }, 'a ramp ends after it begins'],
      [{ fallthrough: { ramp: { ...ramp, from_percentage: -1 } } }, 'a percentage is 0 to 100 with three decimals'],
      [split(-10, 60, 50), 'a percentage is 0 to 100 with three decimals'],
      [split(33.3333, 66.6667), 'a percentage is 0 to 100 with three decimals'],
    ];
    for (const [changes, message] of broken) {
      const { errorCode, errorMessage } = evaluate(compile(snapshot([flag(changes)])), 'checkout', {}, NOW, null);
      assert.deepEqual([errorCode, errorMessage], ['PARSE_ERROR', message]);
    }
  });

  test('a flag that was broken by what it asks is answered once that is mended', () => {
    const asking = flag({ rules: [{ id: 'r1', when: { segment: 'odd' }, serve: { variant: 'on' } }] });
    const when = (values: readonly number[]) => ({
      segments: { odd: { key: 'odd', version: 1, when: { attribute: 'a', operator: 'between', values } } } as const,
    });
    const before = prepareAll(compile(snapshot([asking], when([1]))));
    assert.equal(evaluate(before, 'checkout', { a: 1 }, NOW, null).errorCode, 'PARSE_ERROR');
    const after = compile(snapshot([asking], when([1, 2])), before);
    assert.equal(evaluate(after, 'checkout', { a: 1 }, NOW, null).flagMetadata.rule, 'r1');
  });

  test('K: a kill switch reaches a flag whose rules are broken', () => {
    const broken = flag({ fallthrough: { variant: 'purple' } });
    const switches = { stop: { key: 'stop', version: 1, scope: 'global', affects: [] } } as const;
    const answer = evaluate(compile(snapshot([broken], { switches })), 'checkout', {}, NOW, true);
    assert.deepEqual([answer.value, answer.reason, answer.flagMetadata.killSwitch], [false, 'DISABLED', 'stop']);
  });
});

describe('evaluate', () => {
  test('F4: raising the percentage never removes a user', () => {
    const steps = [0, 0.001, 1, 5, 12.5, 50, 99.999, 100];
    const compiled = steps.map((percentage) => compile(snapshot([flag({ fallthrough: share(percentage) })])));
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (targetingKey) => {
        const on = compiled.map((each) => evaluate(each, 'checkout', { targetingKey }, NOW, null).value);
        const first = on.indexOf(true);
        assert.ok(first > 0);
        assert.ok(on.slice(first).every((value) => value === true));
      }),
    );
  });

  test('F4: flags that share a seed roll out to the same people, others do not', () => {
    const shared = { algorithm: 'spillway-1', by: 'targetingKey', seed: 'together' } as const;
    const configuration = compile(
      snapshot([
        flag({ key: 'one', fallthrough: share(50), bucketing: shared }),
        flag({ key: 'two', fallthrough: share(50), bucketing: shared }),
        flag({ key: 'three', fallthrough: share(50) }),
      ]),
    );
    let different = 0;
    for (let index = 0; index < 1_000; index += 1) {
      const [one, two, three] = ['one', 'two', 'three'].map(
        (key) => evaluate(configuration, key, { targetingKey: `user-${index}` }, NOW, null).value,
      );
      assert.equal(one, two);
      if (one !== three) different += 1;
    }
    assert.ok(different > 400 && different < 600, `${different} of 1,000 differ`);
  });

  test('F9: an answer is frozen and shared, its JSON value too', () => {
    const json = flag({
      type: 'json',
      variants: [{ name: 'on', value: { a: [1] } }],
      off_variant: 'on',
    });
    const configuration = compile(snapshot([json]));
    const answer = evaluate(configuration, 'checkout', {}, NOW, null);
    assert.equal(evaluate(configuration, 'checkout', {}, NOW, null), answer);
    assert.ok(Object.isFrozen(answer) && Object.isFrozen(answer.flagMetadata) && Object.isFrozen(answer.value));
  });

  test('F9: it is frozen to the last, nothing within being no hindrance, be its outside frozen already or not', () => {
    for (const outside of [(value: Json) => value, Object.freeze]) {
      const value: Json = outside({ a: outside([{ text: 'b', none: null }]), none: null });
      const json = flag({ type: 'json', variants: [{ name: 'on', value }], off_variant: 'on' });
      const answer = evaluate(compile(snapshot([json])), 'checkout', {}, NOW, null).value;
      assert.deepEqual(answer, { a: [{ text: 'b', none: null }], none: null });
      assert.throws(() => Reflect.get(Object(answer), 'a').push('c'), TypeError);
      assert.ok(Object.isFrozen(Reflect.get(Object(answer), 'a')[0]));
    }
  });

  test('F3: an answer in error says what to do about it', () => {
    const half = flag({ key: 'half', fallthrough: share(50) });
    const pro = { attribute: 'plan', operator: 'equals', values: ['pro'] } as const;
    const asking = flag({ key: 'asking', rules: [{ id: 'r1', when: pro, serve: { variant: 'on' } }] });
    const configuration = compile(snapshot([half, asking]));
    const hostile = {
      get plan(): string {
        throw new Error('no');
      },
    };
    const said = (key: string, context: object) => evaluate(configuration, key, { ...context }, NOW, null).errorMessage;
    assert.equal(
      said('half', {}),
      'the context has no targetingKey to bucket by: text that is not empty, or a whole number',
    );
    assert.equal(said('nobody', {}), 'no flag has this key here');
    const { errorMessage } = evaluate(configuration, 'asking', hostile, NOW, null);
    assert.equal(errorMessage, 'reading the context failed; it must hold plain data');
  });

  test('F3: no JSON as context makes it throw, whatever the flag asks', () => {
    const configuration = compile(everyOperator());
    const key = fc.constantFrom('targetingKey', 'a', '__proto__', 'constructor', 'toString');
    const contexts = fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue()));
    fc.assert(
      fc.property(contexts, fc.constantFrom(...configuration.flags.keys(), 'nobody', '__proto__'), (context, name) => {
        const answer: unknown = Reflect.apply(evaluate, undefined, [configuration, name, context, NOW, 'fallback']);
        assert.ok(typeof answer === 'object' && answer !== null && 'reason' in answer);
        const told: unknown = Reflect.apply(explain, undefined, [configuration, name, context, NOW, 'fallback']);
        assert.ok(typeof told === 'object' && told !== null && 'evaluation' in told);
        assert.deepEqual(told.evaluation, answer);
      }),
      { numRuns: 5_000 },
    );
  });

  test('F3: what a context inherits is missing, and a context that throws is an ERROR', () => {
    const exists = (attribute: string, key: string) =>
      flag({
        key,
        rules: [{ id: 'r1', when: { attribute, operator: 'exists', values: [] }, serve: { variant: 'on' } }],
        fallthrough: { variant: 'off' },
      });
    const configuration = compile(
      snapshot([exists('constructor', 'one'), exists('__proto__', 'two'), exists('plan', 'three')]),
    );
    assert.equal(evaluate(configuration, 'one', {}, NOW, null).value, false);
    assert.equal(evaluate(configuration, 'two', {}, NOW, null).value, false);
    assert.equal(evaluate(configuration, 'three', Object.create({ plan: 'pro' }), NOW, null).value, false);
    const hostile = {
      get plan(): string {
        throw new Error('no');
      },
    };
    assert.equal(evaluate(configuration, 'three', hostile, NOW, null).errorCode, 'GENERAL');
  });
});

describe('explain', () => {
  const configuration = compile(
    snapshot(
      [
        flag({
          rules: [
            { id: 'staff', when: { segment: 'staff' }, serve: { variant: 'on' } },
            { id: 'half', when: { attribute: 'plan', operator: 'in', values: ['pro', 'team'] }, serve: share(50) },
            { id: 'last', when: { all: [] }, serve: { variant: 'off' } },
          ],
        }),
      ],
      {
        segments: {
          staff: {
            key: 'staff',
            version: 1,
            when: { not: { attribute: 'email', operator: 'exists', values: [] } },
          },
        },
      },
    ),
  );

  test('F9: the trace says of each condition what was expected and what was there, and where the user stands', () => {
    const { evaluation, trace } = explain(
      configuration,
      'checkout',
      { targetingKey: 'u1', email: 'x', plan: 'pro' },
      NOW,
      null,
    );
    assert.equal(evaluation.reason, 'SPLIT');
    assert.equal(trace.decided_by, 'rule');
    assert.deepEqual(
      trace.rules.map((rule) => [rule.id, rule.result]),
      [
        ['staff', 'not_matched'],
        ['half', 'matched'],
        ['last', 'not_reached'],
      ],
    );
    assert.deepEqual(trace.rules[1]?.condition, {
      is: 'comparison',
      attribute: 'plan',
      operator: 'in',
      expected: ['pro', 'team'],
      actual: 'pro',
      met: true,
    });
    const part = trace.split?.parts.find(({ from, to }) => {
      const bucket = trace.split?.bucket ?? -1;
      return bucket >= from && bucket < to;
    });
    assert.equal(part?.variant, evaluation.variant);
  });

  test('F9: a split that nobody can be found in says what it looked for', () => {
    const { evaluation, trace } = explain(configuration, 'checkout', { email: 'x', plan: 'pro' }, NOW, null);
    assert.equal(evaluation.errorCode, 'TARGETING_KEY_MISSING');
    assert.deepEqual([trace.split?.by, trace.split?.key, trace.split?.bucket], ['targetingKey', undefined, undefined]);
  });
});

test('which flag was asked before makes no difference to the next', () => {
  const off = flag({ key: 'off', enabled: false });
  const configuration = compile(snapshot([flag(), off]));
  const asked = ['checkout', 'off', 'checkout', 'checkout', 'unknown', 'checkout', '', 'off', 'unknown', 'off'];
  const expected = asked.map((key) => (key === 'checkout' ? true : key === 'off' ? false : null));
  assert.deepEqual(
    asked.map((key) => evaluate(configuration, key, {}, NOW, null).value),
    expected,
  );
});

function everyOperator(): Snapshot {
  const operands: Readonly<Record<string, readonly Json[]>> = {
    equals: ['a'],
    not_equals: [1],
    contains: ['a'],
    not_contains: [true],
    in: ['a', 1, false],
    not_in: ['a', 1],
    greater_than: [1],
    greater_or_equal: [1],
    less_than: [1],
    less_or_equal: [1],
    between: [0, 1],
    starts_with: ['a'],
    ends_with: ['a'],
    regex: ['^(a|b)*c$'],
    semver_equals: ['1.0.0'],
    semver_greater_than: ['1.0.0-a'],
    semver_greater_or_equal: ['1.0.0'],
    semver_less_than: ['2'],
    semver_less_or_equal: ['2'],
    before: ['2026-01-01'],
    after: [0],
    exists: [],
  };
  const flags = Object.entries(operands).flatMap(([operator, values]) =>
    ['a', '__proto__', 'targetingKey'].map((attribute, index) =>
      parsed(JSON.stringify(flag({ key: `${operator}-${index}` })), { attribute, operator, values }),
    ),
  );
  return snapshot(flags);
}

function parsed(text: string, when: object): FlagDefinition {
  return {
    ...JSON.parse(text),
    rules: [{ id: 'r1', when, serve: share(50) }],
    targets: [{ variant: 'on', keys: ['x'] }],
  };
}
