import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile, evaluate, explain, type SwitchDefinition } from '../index.ts';
import { flag, NOW, segment, snapshot } from '../testing/definitions.ts';

const killed = (switches: readonly SwitchDefinition[]) =>
  compile(
    snapshot(
      [flag({ services: ['shop'] })],
      [segment('beta', { when: { attribute: 'beta', operator: 'equals', values: [true] } })],
      {
        switches: Object.fromEntries(switches.map((each) => [each.key, each])),
      },
    ),
  );

const make = (key: string, scope: SwitchDefinition['scope'], affects: readonly string[] = []): SwitchDefinition => {
  return { key, version: 1, scope, affects };
};

describe('kill switches', () => {
  test('K1: a region switch covers contexts of that region, a segment switch its members, nobody else', () => {
    const region = killed([make('eu', 'region', ['eu-west', 'eu-north'])]);
    const value = (context: object) =>
      Reflect.apply(evaluate, undefined, [region, 'checkout', context, NOW, null]).value;
    assert.deepEqual([{ region: 'eu-west' }, { region: 'us' }, {}, { region: 7 }].map(value), [
      false,
      true,
      true,
      true,
    ]);
    const members = killed([make('beta', 'user_segment', ['beta', 'unknown'])]);
    assert.equal(evaluate(members, 'checkout', { beta: true }, NOW, null).flagMetadata.killSwitch, 'beta');
    assert.equal(evaluate(members, 'checkout', {}, NOW, null).value, true);
  });

  test('K1: of several that cover, the order global, region, service, segment, feature decides, then the key', () => {
    const all = [
      make('a', 'feature', ['checkout']),
      make('b', 'user_segment', ['beta']),
      make('c', 'service', ['shop']),
      make('d', 'region', ['eu']),
      make('e', 'global'),
      make('dd', 'region', ['eu']),
    ];
    const context = { region: 'eu', beta: true };
    const obeyed = (switches: readonly SwitchDefinition[]) =>
      evaluate(killed(switches), 'checkout', context, NOW, null).flagMetadata.killSwitch;
    const order: (string | undefined)[] = [];
    let left = all;
    while (left.length > 0) {
      const key = obeyed(left);
      order.push(key);
      left = left.filter((each) => each.key !== key);
    }
    assert.deepEqual(order, ['e', 'd', 'dd', 'c', 'b', 'a']);
  });

  test('K1: of two switches over one flag or one service, the first by key is named', () => {
    const named = (switches: readonly SwitchDefinition[]) =>
      evaluate(killed(switches), 'checkout', {}, NOW, null).flagMetadata.killSwitch;
    const scopes = { feature: 'checkout', service: 'shop' } as const;
    for (const scope of ['feature', 'service'] as const) {
      const [one, other] = [make('a', scope, [scopes[scope]]), make('b', scope, [scopes[scope]])];
      assert.equal(named([one, other]), 'a');
      assert.equal(named([other, one]), 'a');
    }
  });

  test('K1: a switch over a segment that is broken covers nobody by it, and its other segments still', () => {
    const broken = segment('broken', { when: { attribute: 'plan', operator: 'regex', values: ['('] } });
    const beta = segment('beta', { when: { attribute: 'beta', operator: 'equals', values: [true] } });
    const switches = { stop: make('stop', 'user_segment', ['broken', 'beta']) };
    const configuration = compile(snapshot([flag()], [broken, beta], { switches }));
    const { value, reason } = evaluate(configuration, 'checkout', { plan: 'pro' }, NOW, null);
    assert.deepEqual([value, reason], [true, 'STATIC']);
    assert.equal(evaluate(configuration, 'checkout', { beta: true }, NOW, null).flagMetadata.killSwitch, 'stop');
  });

  test('K1: a switch of a scope that this version does not know covers nobody, whatever it names', () => {
    const unknown = { ...make('odd', 'user_segment', ['beta', 'checkout', 'shop', 'eu']), scope: 'planet' };
    const configuration = killed([unknown as SwitchDefinition]);
    const { evaluation, trace } = explain(configuration, 'checkout', { beta: true, region: 'eu' }, NOW, null);
    assert.deepEqual([evaluation.reason, trace.switches], ['STATIC', undefined]);
  });

  test('K1: a context that is no object cannot be told from others, unless the switch is for everyone', () => {
    const ask = (switches: readonly SwitchDefinition[]) =>
      Reflect.apply(evaluate, undefined, [killed(switches), 'checkout', 'no object', NOW, null]);
    assert.equal(ask([make('eu', 'region', ['eu'])]).errorCode, 'INVALID_CONTEXT');
    assert.equal(ask([make('all', 'global')]).reason, 'DISABLED');
  });

  test('F9: the trace tells the switches that were looked at', () => {
    const configuration = killed([make('eu', 'region', ['eu']), make('stop', 'feature', ['checkout'])]);
    const { trace } = explain(configuration, 'checkout', { region: 'us' }, NOW, null);
    assert.deepEqual(trace.switches, [
      { key: 'eu', scope: 'region', covers: false },
      { key: 'stop', scope: 'feature', covers: true },
    ]);
    assert.equal(trace.kill_switch, 'stop');
  });
});
