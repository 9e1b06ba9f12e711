import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNothingDepends, checkVariantsKept, dependantsOf } from './dependants.ts';
import type { Flag } from './flag.ts';
import type { FlagInput } from './input.ts';
import { changeFlagEnvironment, normaliseFlag } from './normalise.ts';
import { around, normalised, problems } from './testing/normalising.ts';

const known = (...flags: readonly Flag[]) => new Map(flags.map((flag) => [flag.key, flag]));

/** A flag in production that requires the others to be on; its own requirements are not checked. */
function requiring(key: string, ...others: readonly string[]): Flag {
  const flag = normalised({ key, environments: { production: { enabled: true } } });
  const { production } = flag.environments;
  assert.ok(production);
  const prerequisites = others.map((other) => ({ flag: other, variants: ['on'] }));
  return { ...flag, environments: { production: { ...production, prerequisites } } };
}

function refusedIn(input: FlagInput, flags: readonly Flag[]) {
  return problems(normaliseFlag(input, undefined, around({ flags: known(...flags) })));
}

const inBoth = (...flags: readonly string[]) => {
  const state = { prerequisites: flags.map((flag) => ({ flag, variants: ['on'] })) };
  return { development: state, production: state };
};

test('F6: what is required exists, is not archived, and has the variants', () => {
  const there = normalised({ key: 'there' });
  const gone: Flag = { ...normalised({ key: 'gone' }), lifecycle: 'archived' };
  const prerequisites = [
    { flag: 'nowhere', variants: ['on'] },
    { flag: 'there', variants: ['on', 'maybe'] },
    { flag: 'gone', variants: ['on'] },
  ];
  const found = refusedIn({ key: 'a', parent: 'gone', environments: { production: { prerequisites } } }, [there, gone]);
  const base = '/environments/production/prerequisites';
  assert.deepEqual(
    found.map(({ field }) => field),
    ['/parent', `${base}/0/flag`, `${base}/1/variants/1`, `${base}/2/flag`],
  );
  assert.match(found[2]?.message ?? '', /its variants: on, off/);
});

test('F6: a cycle through prerequisites is refused with its way, once, even if it is there in every environment', () => {
  const flags = [requiring('b', 'c'), requiring('c', 'a')];
  const found = refusedIn({ key: 'a', environments: inBoth('b') }, flags);
  assert.deepEqual(
    found.map(({ field }) => field),
    ['/environments/production/prerequisites/0/flag'],
  );
  assert.match(found[0]?.message ?? '', /in production \(a → b → c → a\)/);
});

test('F6: what is a cycle in one environment only is refused there only', () => {
  const flags = [requiring('b', 'a')];
  const free = { key: 'a', environments: { development: { prerequisites: [{ flag: 'b', variants: ['on'] }] } } };
  assert.equal(normaliseFlag(free, undefined, around({ flags: known(...flags) })).ok, true);
});

test('F6: a cycle through parents is refused where the parent stands', () => {
  const flags = [
    { ...normalised({ key: 'child' }), parent: 'middle' },
    { ...normalised({ key: 'middle' }), parent: 'top' },
  ];
  const found = refusedIn({ key: 'top', parent: 'child' }, flags);
  assert.deepEqual(
    found.map(({ field }) => field),
    ['/parent'],
  );
  const crossing = refusedIn(
    { key: 'top', environments: { production: { prerequisites: [{ flag: 'child', variants: ['on'] }] } } },
    flags,
  );
  assert.match(crossing[0]?.message ?? '', /top → child → middle → top/);
});

test('F6: a change of one environment is checked there, and its fields are those of the request', () => {
  const flag = normalised({ key: 'a' });
  const update = { prerequisites: [{ flag: 'b', variants: ['on'] }] };
  const change = (environment: string) =>
    changeFlagEnvironment(flag, environment, update, around({ flags: known(requiring('b', 'a')) }));
  assert.equal(change('development').ok, true);
  assert.deepEqual(
    problems(change('production')).map(({ field }) => field),
    ['/prerequisites/0/flag'],
  );
});

test('requirements that multiply beyond what evaluators follow are refused', () => {
  const flags: Flag[] = [normalised({ key: 'f0' }), normalised({ key: 'g0' })];
  for (let level = 1; level <= 8; level += 1) {
    flags.push(
      requiring(`f${level}`, `f${level - 1}`, `g${level - 1}`),
      requiring(`g${level}`, `f${level - 1}`, `g${level - 1}`),
    );
  }
  const [problem] = refusedIn({ key: 'a', environments: inBoth('f8') }, flags);
  assert.match(problem?.message ?? '', /more than 256 flags/);
  assert.equal(
    normaliseFlag({ key: 'a', environments: inBoth('f5') }, undefined, around({ flags: known(...flags) })).ok,
    true,
  );
});

test('requirements that lead in circles elsewhere do not keep the check busy', () => {
  const found = refusedIn({ key: 'a', environments: inBoth('b') }, [
    requiring('b', 'c', 'c'),
    requiring('c', 'b', 'b'),
  ]);
  assert.match(found[0]?.message ?? '', /more than 256/);
});

test('F6: children and those who require a variant depend on a flag; archived ones do not', () => {
  const flags = [
    requiring('z', 'base'),
    { ...normalised({ key: 'child' }), parent: 'base' },
    { ...requiring('old', 'base'), lifecycle: 'archived' as const },
  ];
  const dependants = dependantsOf('base', flags);
  assert.deepEqual(dependants, [
    { flag: 'child', child: true, environments: [], variants: [] },
    { flag: 'z', child: false, environments: ['production'], variants: ['on'] },
  ]);
  const refusal = checkNothingDepends('base', dependants);
  assert.ok(!refusal.ok);
  assert.equal(refusal.refusal.code, 'in_use');
  assert.match(refusal.refusal.message, /child, z depend on base/);
  const base = normalised({
    key: 'base',
    variants: [
      { name: 'yes', value: true },
      { name: 'off', value: false },
    ],
  });
  const lost = checkVariantsKept(base, dependants);
  assert.ok(!lost.ok);
  assert.match(lost.refusal.message, /must keep on, which z require/);
  assert.equal(checkVariantsKept(normalised({ key: 'base' }), dependants).ok, true);
});

const asks = (flag: string, ...variants: readonly string[]) => ({
  when: { all: [{ not: { flag, variants } }] },
  serve: { variant: 'on' },
});

test('F6: what a rule asks exists, is not archived, and has the variants; told where it stands', () => {
  const there = normalised({ key: 'there' });
  const rules = [asks('nowhere', 'on'), asks('there', 'on', 'maybe'), asks('There', 'on'), asks('there')];
  const found = refusedIn({ key: 'a', environments: { production: { rules } } }, [there]);
  const base = '/environments/production/rules';
  assert.deepEqual(found.map(({ field }) => field).sort(), [
    `${base}/0/when/all/0/not/flag`,
    `${base}/1/when/all/0/not/variants/1`,
    `${base}/2/when/all/0/not/flag`,
    `${base}/3/when/all/0/not/variants`,
  ]);
  const state = { rules: [asks('nowhere', 'on')] };
  const changed = changeFlagEnvironment(there, 'production', state, around({ flags: known(there) }));
  assert.deepEqual(
    problems(changed).map(({ field }) => field),
    ['/rules/0/when/all/0/not/flag'],
  );
});

test('F6: a circle through rules, parents and prerequisites is refused where it is closed', () => {
  const b = normalised({ key: 'b', environments: { production: { enabled: true } } });
  const { production } = b.environments;
  assert.ok(production);
  const rules = [{ id: 'r', ...asks('c', 'on') }];
  const flags = [{ ...b, environments: { production: { ...production, rules } } }, requiring('c', 'a')];
  const [first, ...others] = refusedIn({ key: 'a', environments: { production: { rules: [asks('b', 'on')] } } }, flags);
  assert.deepEqual([first?.field, others], ['/environments/production/rules/0/when/all/0/not/flag', []]);
  assert.match(first?.message ?? '', /\(a → b → c → a\)/);
  const itself = refusedIn({ key: 'a', environments: { production: { rules: [asks('a', 'on')] } } }, []);
  assert.match(itself[0]?.message ?? '', /leads back to a/);
});

test('F6: who asks a flag in a rule depends on it and on the variants it names', () => {
  const input = { key: 'z', environments: { production: { rules: [asks('base', 'on')] } } };
  const outcome = normaliseFlag(input, undefined, around({ flags: known(normalised({ key: 'base' })) }));
  assert.ok(outcome.ok);
  const flag = outcome.value;
  const dependants = dependantsOf('base', [flag]);
  assert.deepEqual(dependants, [{ flag: 'z', child: false, environments: ['production'], variants: ['on'] }]);
  assert.equal(checkNothingDepends('base', dependants).ok, false);
});
