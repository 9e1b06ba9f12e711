import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlagDefinition, SegmentDefinition, Snapshot, SwitchDefinition } from '@spillway/evaluator';
import { flagsReachedBySegment, flagsRequiring } from './affected.ts';

function requiring(...flags: string[]): Pick<FlagDefinition, 'prerequisites'> {
  return { prerequisites: flags.map((flag) => ({ flag, variants: ['on'] })) };
}

function flag(key: string, segment?: string, ...required: string[]): FlagDefinition {
  const when = segment === undefined ? [] : [{ id: 'r', when: { segment }, serve: { variant: 'on' } }];
  return {
    ...{ key, version: 1, type: 'boolean', services: [], enabled: true, off_variant: 'off', targets: [] },
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    rules: when,
    fallthrough: { variant: 'off' },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: key },
    ...requiring(...required),
  };
}

function snapshot(flags: readonly FlagDefinition[], switches: readonly SwitchDefinition[] = []): Snapshot {
  const inner: SegmentDefinition = { key: 'inner', version: 1, when: { all: [] } };
  const outer: SegmentDefinition = { key: 'outer', version: 1, when: { segment: 'inner' } };
  return {
    ...{ format: 'spillway.snapshot/1', project: 'p', environment: 'e', number: 1 },
    flags: Object.fromEntries(flags.map((each) => [each.key, each])),
    segments: { inner, outer },
    switches: Object.fromEntries(switches.map((each) => [each.key, each])),
  };
}

test('F13: flags that require one directly or through others are found once, also around a circle', () => {
  const all = [['a'], ['b', 'a'], ['c', 'b', 'a'], ['d', 'e'], ['e', 'd']] as const;
  const flags = Object.fromEntries(all.map(([key, ...required]) => [key, { rules: [], ...requiring(...required) }]));
  assert.deepEqual(flagsRequiring(flags, ['a']), ['b', 'c']);
  assert.deepEqual(flagsRequiring(flags, ['d']), ['e']);
  assert.deepEqual(flagsRequiring(flags, ['nobody', 'c']), []);
  const asking = { rules: [{ when: { not: { flag: 'c', variants: ['on'] } } }] };
  assert.deepEqual(flagsRequiring({ ...flags, f: asking }, ['b']), ['c', 'f'], 'what rules ask counts too');
});

test('F13: a segment reaches flags that name it, through other segments, and those that require these', () => {
  const flags = [
    flag('direct', 'inner'),
    flag('through', 'outer'),
    flag('requiring', undefined, 'through'),
    flag('far'),
  ];
  assert.deepEqual(flagsReachedBySegment(snapshot(flags), 'inner'), ['direct', 'requiring', 'through']);
  assert.deepEqual(flagsReachedBySegment(snapshot(flags), 'outer'), ['requiring', 'through']);
});

test('a fired kill switch on a segment makes every flag depend on it', () => {
  const killSwitch: SwitchDefinition = { key: 's', version: 1, scope: 'user_segment', affects: ['outer'] };
  const flags = [flag('far'), flag('direct', 'inner')];
  assert.deepEqual(flagsReachedBySegment(snapshot(flags, [killSwitch]), 'inner'), ['direct', 'far']);
});
