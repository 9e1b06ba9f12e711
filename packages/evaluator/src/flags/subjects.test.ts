import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bucketOf, compile, evaluate, explain, type FlagDefinition } from '../index.ts';
import { flag, NOW, share, snapshot } from '../testing/definitions.ts';

const ask = (definition: FlagDefinition, context: object) =>
  Reflect.apply(evaluate, undefined, [compile(snapshot([definition])), definition.key, context, NOW, null]);

describe('kinds of subject', () => {
  test('F4: everyone of an organisation gets the same, and a rule may split by another subject than its flag', () => {
    const byOrganisation = { algorithm: 'spillway-1', by: 'organisation', path: ['key'], seed: 'together' } as const;
    const definition = flag({
      bucketing: byOrganisation,
      rules: [
        {
          id: 'phones',
          when: { attribute: 'device', path: ['kind'], operator: 'equals', values: ['phone'] },
          serve: share(50),
          bucketing: { by: 'device', path: ['id'] },
        },
      ],
      fallthrough: share(50),
    });
    for (let index = 0; index < 200; index += 1) {
      const organisation = { key: `org-${index}` };
      const device = { kind: 'phone', id: index };
      const on = (key: string) => bucketOf(key, 'together') < 50_000;
      assert.equal(ask(definition, { targetingKey: `u${index}`, organisation }).value, on(`org-${index}`));
      assert.equal(ask(definition, { organisation, device }).value, on(String(index)));
    }
    const missing = ask(definition, { targetingKey: 'u', organisation: 'acme' });
    assert.equal(missing.errorCode, 'TARGETING_KEY_MISSING');
    assert.match(missing.errorMessage, /organisation → key/);
  });

  test('F3: individual targets are found by any subject, and the first in the list decides', () => {
    const definition = flag({
      targets: [
        { variant: 'off', keys: ['u1'] },
        { variant: 'on', keys: ['acme'], by: 'organisation', path: ['key'] },
        { variant: 'off', keys: ['u2'] },
      ],
      fallthrough: { variant: 'off' },
    });
    const organisation = { key: 'acme' };
    assert.equal(ask(definition, { targetingKey: 'u1', organisation }).value, false);
    assert.equal(ask(definition, { targetingKey: 'u2', organisation }).value, true);
    assert.equal(ask(definition, { targetingKey: 'u2' }).value, false);
    const { trace } = explain(
      compile(snapshot([definition])),
      'checkout',
      { targetingKey: 'u3', organisation },
      NOW,
      null,
    );
    assert.deepEqual([trace.target, trace.target_by], ['acme', ['organisation', 'key']]);
  });

  test('F3: an attribute with a dot in its name is not a path', () => {
    const when = { attribute: 'organisation.plan', operator: 'equals', values: ['pro'] } as const;
    const nested = { attribute: 'organisation', path: ['plan'], operator: 'equals', values: ['pro'] } as const;
    const of = (condition: typeof when | typeof nested) =>
      flag({ rules: [{ id: 'r', when: condition, serve: { variant: 'on' } }], fallthrough: { variant: 'off' } });
    assert.equal(ask(of(when), { 'organisation.plan': 'pro' }).value, true);
    assert.equal(ask(of(when), { organisation: { plan: 'pro' } }).value, false);
    assert.equal(ask(of(nested), { organisation: { plan: 'pro' } }).value, true);
    assert.equal(ask(of(nested), { 'organisation.plan': 'pro' }).value, false);
    assert.equal(ask(of(nested), { organisation: ['pro'] }).value, false);
  });

  test('F3: case is left aside where the condition says so, and only there', () => {
    const of = (ignore_case: boolean, operator: 'in' | 'contains' | 'regex') =>
      flag({
        rules: [
          { id: 'r', when: { attribute: 'plan', operator, values: ['Pro'], ignore_case }, serve: { variant: 'on' } },
        ],
        fallthrough: { variant: 'off' },
      });
    assert.equal(ask(of(true, 'in'), { plan: 'PRO' }).value, true);
    assert.equal(ask(of(false, 'in'), { plan: 'PRO' }).value, false);
    assert.equal(ask(of(true, 'contains'), { plan: ['x', 'pRO'] }).value, true);
    assert.equal(ask(of(true, 'regex'), { plan: 'pro' }).errorCode, 'PARSE_ERROR');
    assert.equal(ask(of(false, 'regex'), { plan: 'Pro' }).value, true);
  });

  test('F3: names that every object inherits are attributes like others', () => {
    for (const attribute of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const when = { attribute, operator: 'exists', values: [] } as const;
      const definition = flag({
        rules: [{ id: 'r', when, serve: { variant: 'on' } }],
        fallthrough: { variant: 'off' },
      });
      assert.equal(ask(definition, {}).value, false, attribute);
      assert.equal(ask(definition, Object.fromEntries([[attribute, 'x']])).value, true, attribute);
      assert.equal(ask(definition, Object.assign(Object.create(null), { a: 1 })).value, false, attribute);
    }
  });

  test('F3: a context that is a class instance shows its fields, not its methods and getters', () => {
    class Person {
      plan = 'pro';
      get age(): number {
        return 7;
      }
    }
    const has = (attribute: string) =>
      flag({
        rules: [{ id: 'r', when: { attribute, operator: 'exists', values: [] }, serve: { variant: 'on' } }],
        fallthrough: { variant: 'off' },
      });
    assert.equal(ask(has('plan'), new Person()).value, true);
    assert.equal(ask(has('age'), new Person()).value, false);
  });
});
