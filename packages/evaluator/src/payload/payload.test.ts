import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  applyDelta,
  changedFlags,
  compile,
  encodeMembers,
  evaluate,
  explain,
  type MembersPatch,
  parseDelta,
  parseSnapshot,
  problemsIn,
  type Snapshot,
  type SnapshotDelta,
  segmentsOf,
} from '../index.ts';
import { flag, segment } from '../testing/definitions.ts';

const snapshot: Snapshot = {
  format: 'spillway.snapshot/1',
  project: 'default',
  environment: 'production',
  number: 4,
  flags: {
    checkout: {
      key: 'checkout',
      version: 1,
      type: 'boolean',
      variants: [{ name: 'on', value: true }],
      services: ['shop'],
      enabled: true,
      off_variant: 'on',
      targets: [{ variant: 'on', keys: ['u1'] }],
      rules: [
        {
          id: 'r1',
          when: {
            all: [{ any: [{ not: { segment: 'beta' } }] }, { attribute: 'a', operator: 'in', values: [1, 'x'] }],
          },
          serve: { split: [{ variant: 'on', percentage: 100 }] },
          bucketing: { by: 'organisation', path: ['key'], seed: 'rule' },
        },
        { id: 'r2', when: { all: [] }, serve: { value: true } },
      ],
      prerequisites: [{ flag: 'base', variants: ['on'] }],
      fallthrough: {
        stages: {
          variant: 'on',
          otherwise: 'on',
          steps: [
            { from_ms: 1, percentage: 50 },
            { from_ms: 2, split: [] },
          ],
        },
      },
      bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: 'checkout' },
    },
    base: flag({
      key: 'base',
      targets: [{ variant: 'on', keys: ['x'], by: 'device', path: ['id'] }],
      fallthrough: {
        ramp: { variant: 'on', otherwise: 'off', from_ms: 0, to_ms: 9, from_percentage: 0, to_percentage: 100 },
      },
    }),
  },
  segments: {
    beta: {
      key: 'beta',
      version: 1,
      when: { attribute: 'b', path: ['c'], operator: 'in', values: ['x'], ignore_case: true },
      members: { ...encodeMembers(['u1']), by: 'device', path: ['id'] },
      score: { rules: [{ when: { segment: 'gamma' }, weight: 1 }], threshold: 1 },
      parents: ['gamma'],
      exclusions: ['delta'],
      priority: 3,
    },
    gamma: segment('gamma'),
  },
  switches: {
    stop: { key: 'stop', version: 1, scope: 'service', affects: ['search'] },
    beta: { key: 'beta', version: 1, scope: 'user_segment', affects: ['beta'] },
  },
};

/** Every place of a JSON value, so that each can be spoilt in turn. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

function spoil(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return replacement;
  const copy: object = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, head, spoil(Reflect.get(copy, head), rest, replacement));
  return copy;
}

function inside(value: unknown, name: string): unknown {
  return Reflect.get(Object(value), name);
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('parseSnapshot', () => {
  test('F17: a good payload is read, with fields that a later version may have added', () => {
    const parsed = parseSnapshot({ ...snapshot, added_later: { anything: true } });
    assert.ok(parsed.ok);
  });

  test('F17: a payload of the wrong shape is refused, naming the place', () => {
    let refused = 0;
    for (const path of places(snapshot)) {
      for (const replacement of [undefined, -1.5, ['x', [null]]]) {
        const parsed = parseSnapshot(spoil(snapshot, path, replacement));
        if (parsed.ok) continue;
        refused += 1;
        assert.ok(parsed.problem.includes(path.slice(0, 2).join('/')), `${path.join('/')}: ${parsed.problem}`);
      }
    }
    assert.ok(refused > 100, `only ${refused} refused`);
    const truncated = parseSnapshot({ ...snapshot, flags: { other: snapshot.flags.checkout } });
    assert.deepEqual(truncated, { ok: false, problem: '/flags/other/key must be other' });
  });

  test('F17: whatever is accepted can be compiled and evaluated without a throw', () => {
    const good = compile(snapshot);
    const anything = fc.oneof(fc.jsonValue(), fc.constantFrom('', 'on', 'beta', 0, null));
    fc.assert(
      fc.property(fc.constantFrom(...places(snapshot)), anything, (path, replacement) => {
        const parsed = parseSnapshot(spoil(snapshot, path, replacement));
        if (!parsed.ok) return;
        const configuration = compile(parsed.snapshot);
        for (const key of configuration.flags.keys()) {
          const answer = evaluate(configuration, key, { a: 1, targetingKey: 'u' }, 0, null);
          assert.deepEqual(explain(configuration, key, { a: 1, targetingKey: 'u' }, 0, null).evaluation, answer);
        }
        assert.ok(Array.isArray(problemsIn(configuration)));
        assert.ok(Array.isArray(changedFlags(good, configuration)));
        assert.ok(Array.isArray(segmentsOf(configuration, { targetingKey: 'u' }, 0)));
      }),
      { numRuns: 5_000 },
    );
  });

  test('F17: what is not known is ignored, unless the object that holds it says that it is essential', () => {
    const deep = places(snapshot).filter((path) => isPlainObject(path.reduce<unknown>(inside, snapshot)));
    assert.ok(deep.length > 25);
    for (const path of deep) {
      if (path.length === 1 || path.at(-2) === 'variants') continue;
      const before = Object.entries(Object(path.reduce<unknown>(inside, snapshot)));
      const added = (essential: readonly string[]) =>
        parseSnapshot(spoil(snapshot, path, Object.fromEntries([...before, ['later', 1], ['essential', essential]])));
      const [first] = before[0] ?? [];
      assert.equal(added([]).ok, true, path.join('/'));
      assert.equal(added([first ?? '']).ok, true, path.join('/'));
      const refused = added(['later']);
      assert.ok(!refused.ok && refused.problem.includes('later is essential'), path.join('/'));
    }
  });

  test('F17: what is served is of its kind, or refused', () => {
    const wrong: readonly (readonly [object, string])[] = [
      [{ variant: 7 }, 'variant must be text'],
      [{ split: 'on' }, 'split must be a list'],
      [{ value: undefined }, 'value is missing'],
      [{ stages: [] }, 'stages must be an object'],
      [{ ramp: 7 }, 'ramp must be an object'],
    ];
    for (const [served, words] of wrong) {
      const parsed = parseSnapshot(spoil(snapshot, ['flags', 'checkout', 'fallthrough'], served));
      assert.deepEqual(parsed, { ok: false, problem: `/flags/checkout/fallthrough/${words}` });
    }
  });

  test('F17: each kind of condition has what it needs, or is refused', () => {
    const wrong: readonly (readonly [object, string])[] = [
      [{ all: 7 }, 'all must be a list'],
      [{ any: 7 }, 'any must be a list'],
      [{ not: 7 }, 'not must be an object'],
      [{ segment: 7 }, 'segment must be text'],
      [{ flag: 7, variants: ['on'] }, 'flag must be text'],
      [{ flag: 'base' }, 'variants must be a list'],
      [{ attribute: 'a', operator: 'in' }, 'values must be a list'],
    ];
    for (const [when, words] of wrong) {
      const parsed = parseSnapshot(spoil(snapshot, ['flags', 'checkout', 'rules', '0', 'when'], when));
      assert.deepEqual(parsed, { ok: false, problem: `/flags/checkout/rules/0/when/${words}` });
    }
  });

  test('a condition nested more than 64 deep is refused, and not followed', () => {
    const parsedAt = (depth: number) => {
      let when: unknown = { segment: 'beta' };
      for (let level = 1; level < depth; level += 1) when = { not: when };
      return parseSnapshot(spoil(snapshot, ['flags', 'checkout', 'rules', '0', 'when'], when));
    };
    assert.ok(parsedAt(64).ok);
    for (const depth of [65, 10_000]) {
      const parsed = parsedAt(depth);
      assert.ok(!parsed.ok && parsed.problem.endsWith(' nests more than 64 deep'));
    }
  });
});

describe('applyDelta', () => {
  const delta: SnapshotDelta = {
    format: 'spillway.delta/1',
    project: 'default',
    environment: 'production',
    base: 4,
    number: 6,
    switches: { stop: null, other: { key: 'other', version: 1, scope: 'global', affects: [] } },
  };

  test('F10: a delta adds, replaces and removes, shares the rest and leaves the base as it was', () => {
    const before = structuredClone(snapshot);
    const after = applyDelta(snapshot, delta);
    assert.equal(after?.number, 6);
    assert.deepEqual(Object.keys(after?.switches ?? {}), ['beta', 'other']);
    assert.equal(after?.flags, snapshot.flags);
    assert.deepEqual(snapshot, before);
  });

  test('a snapshot is signed as its own delta says, and not as the one before', () => {
    const signed = { ...snapshot, signature: 'before' };
    assert.equal(applyDelta(signed, { ...delta, signature: 'after' })?.signature, 'after');
    for (const before of [signed, snapshot]) {
      const after = applyDelta(before, delta);
      assert.ok(after !== undefined && !('signature' in after));
    }
  });

  test('F10: a delta for another base, environment or project, or one that goes back, is not applied', () => {
    assert.equal(applyDelta(snapshot, { ...delta, base: 5 }), undefined);
    assert.equal(applyDelta(snapshot, { ...delta, environment: 'staging' }), undefined);
    assert.equal(applyDelta(snapshot, { ...delta, project: 'other' }), undefined);
    assert.equal(applyDelta(snapshot, { ...delta, number: 4 }), undefined);
  });

  const listed = (keys: readonly string[], version: number) =>
    segment('beta', { version, members: encodeMembers(keys) });
  const held: Snapshot = { ...snapshot, segments: { beta: listed(['a', 'b', 'c'], 7) } };
  const patch: MembersPatch = {
    algorithm: 'spillway-fingerprint-1',
    base_version: 7,
    added: encodeMembers(['d']).fingerprints,
    removed: encodeMembers(['b']).fingerprints,
    count: 3,
  };
  const patching = (changes: Partial<MembersPatch>): SnapshotDelta => ({
    ...delta,
    segments: { beta: { ...segment('beta', { version: 8 }), members: { ...patch, ...changes } } },
  });

  test('S1: a patch of a list makes the list that a snapshot has, and leaves the one before as it was', () => {
    const before = structuredClone(held);
    const parsed = parseDelta(JSON.parse(JSON.stringify(patching({}))));
    assert.ok(parsed.ok);
    assert.deepEqual(applyDelta(held, parsed.delta)?.segments, { beta: listed(['a', 'c', 'd'], 8) });
    assert.deepEqual(held, before);
  });

  test('S1: a patch may change which attribute the list is of', () => {
    const after = applyDelta(held, patching({ added: '', removed: '', by: 'mail' }));
    assert.deepEqual(after?.segments.beta?.members, { ...encodeMembers(['a', 'b', 'c']), by: 'mail' });
  });

  const unfit: Readonly<Record<string, Partial<MembersPatch>>> = {
    'for another version': { base_version: 6 },
    'cut short': { removed: '' },
    'cut within a member': { added: patch.added.slice(0, 5) },
    'adding what is there': { added: encodeMembers(['a']).fingerprints },
    'removing what is not': { removed: encodeMembers(['x']).fingerprints },
    'of another count': { count: 4 },
    'of characters that are no digits': { added: 'é'.repeat(9) },
  };
  for (const [what, changes] of Object.entries(unfit)) {
    test(`S1: a patch ${what} leaves all of its delta unapplied`, () => {
      assert.equal(applyDelta(held, patching(changes)), undefined);
    });
  }

  test('S1: a patch for a segment that is not held, or has no list, is not applied', () => {
    assert.equal(applyDelta({ ...held, segments: {} }, patching({})), undefined);
    const without = { beta: segment('beta', { version: 7 }) };
    assert.equal(applyDelta({ ...held, segments: without }, patching({})), undefined);
  });

  test('S1: a patch of another kind of list is not applied', () => {
    const algorithm = 'spillway-fingerprint-2' as 'spillway-fingerprint-1';
    assert.equal(applyDelta(held, patching({ algorithm })), undefined);
  });

  test('S1: a segment may come with a whole list, without one, or go', () => {
    const change = (beta: NonNullable<SnapshotDelta['segments']>[string]) =>
      applyDelta(held, { ...delta, segments: { beta } })?.segments;
    assert.deepEqual(change(listed(['x'], 8)), { beta: listed(['x'], 8) });
    assert.deepEqual(change(segment('beta', { version: 8 })), { beta: segment('beta', { version: 8 }) });
    assert.deepEqual(change(null), {});
  });

  test('S1: a list whose patch is half there is refused by the field that is missing', () => {
    const { count: _, ...cut } = patch;
    const parsed = parseDelta({ ...delta, segments: { beta: { ...segment('beta'), members: cut } } });
    assert.deepEqual(parsed, { ok: false, problem: '/segments/beta/members/count must be a whole number from 0' });
    const list = { algorithm: 'spillway-fingerprint-1' };
    const listless = parseDelta({ ...delta, segments: { beta: { ...segment('beta'), members: list } } });
    assert.deepEqual(listless, { ok: false, problem: '/segments/beta/members/fingerprints must be text' });
    const textual = parseDelta({ ...delta, segments: { beta: { ...segment('beta'), members: 'x' } } });
    assert.deepEqual(textual, { ok: false, problem: '/segments/beta/members must be an object' });
  });

  test('S1: a snapshot cannot hold a patch, and a patch of the wrong shape is refused', () => {
    assert.equal(parseSnapshot({ ...snapshot, segments: patching({}).segments }).ok, false);
    for (const name of ['added', 'removed', 'count', 'algorithm'] as const) {
      assert.equal(parseDelta(patching({ [name]: null })).ok, false, name);
    }
  });

  test('F10: a delta of the wrong shape is refused', () => {
    assert.ok(parseDelta(delta).ok);
    assert.equal(parseDelta({ ...delta, flags: { checkout: {} } }).ok, false);
    const based = parseDelta({ ...delta, base: '4' });
    assert.deepEqual(based, { ok: false, problem: '/base must be a whole number from 0' });
    const served = spoil(snapshot, ['flags', 'checkout', 'fallthrough'], 7);
    assert.deepEqual(parseSnapshot(served), { ok: false, problem: '/flags/checkout/fallthrough must be an object' });
  });
});
