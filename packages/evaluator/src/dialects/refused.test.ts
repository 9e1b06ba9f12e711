import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importedProblem, type Json } from '../index.ts';

type Written = Readonly<Record<string, Json>>;
type Refused = readonly [written: Written, problem: string];

const within = (dialect: string, base: Written, refused: readonly Refused[]) =>
  refused.map(([change, problem]) => [dialect, { ...base, ...change }, problem] as const);

/** One of the right kind with one place changed at a time. */
const lacking = (base: Written, kinds: Readonly<Record<string, string>>): Refused[] =>
  Object.entries(kinds).flatMap(([name, kind]): Refused[] => [
    [{ ...base, [name]: kind === 'text' ? 7 : 'x' }, `${name} must be ${kind === 'text' ? kind : `a ${kind}`}`],
    [{ ...base, [name]: null }, `${name} must be ${kind === 'text' ? kind : `a ${kind}`}`],
  ]);

const user = { attribute: 'Email', comparator: 'one_of', value: ['x'] };
const share = { attribute: 'Email', key: 'k', from: 0, below: 50 };
const bucket = { attribute: 'id', seed: 's', version: 1, up_to: 0.5 };
const assigned = { key: 'k', count: 2, index: 0, tests: [] };
const sticky = { attribute: 'id', version: 1, from: 0, names: ['0'] };
const clause = { kind: 'user', path: ['key'], op: 'in', values: ['x'] };
const environment = { key: 'e', name: 'n' };
const rule = { type: 'ALL', conditions: [], rules: [] };
const condition = { operator: 'EQUAL', property: 'p', value: 'x' };
const inRule = (changes: Written) => ({ segment: { key: 's', rules: [{ ...rule, ...changes }] } });
const inRange = (range: Json) => ({ bucket: { attribute: 'id', seed: 's', version: 1, ranges: [range] } });
const flag = { op: 'answers', flag: 'f', logic: { var: 'a' }, variant: 'x', variants: ['x'] };
const logic = (expression: Json, as: 'compiled' | 'interpreted' = 'compiled') => ({ ...flag, as, logic: expression });
const nested = (depth: number): Json => (depth === 0 ? 1 : { '!': nested(depth - 1) });

const either = (expression: Json, problem: string): Refused[] => [
  [logic(expression), problem],
  [logic(expression, 'interpreted'), problem],
];

const REFUSED: readonly (readonly [dialect: string, written: Written, problem: string])[] = [
  ...within('configcat', {}, [
    [{}, 'bucket must be an object'],
    [{ user: [] }, 'user must be an object'],
    [{ first: 1 }, 'first must be a list'],
    [{ first: [null] }, 'first must be an object'],
    [{ first: [{ when: 1 }] }, 'when must be a list'],
    [{ first: [{ when: ['x'], is: true }] }, 'a test must be an object'],
    ...lacking(user, { attribute: 'text', comparator: 'text' }).map(
      ([written, problem]): Refused => [{ user: written }, problem],
    ),
    ...lacking(share, { attribute: 'text', key: 'text', from: 'number', below: 'number' }).map(
      ([written, problem]): Refused => [{ bucket: written }, problem],
    ),
    ...['one_of', 'version_one_of'].map(
      (comparator): Refused => [{ user: { ...user, comparator, value: 'x' } }, 'value must be a list'],
    ),
    [{ user: { ...user, value: [1] } }, 'value must be text'],
    [{ user: { ...user, comparator: 'version_less', value: 1 } }, 'value must be text'],
    [{ user: { ...user, comparator: 'number_less', value: '1' } }, 'value must be a number'],
    [{ user: { ...user, salt: 7 } }, 'salt must be text'],
    [{ user: { ...user, salt: 's', value: 'x' } }, 'value must be a list'],
    [{ user: { ...user, comparator: 'later' } }, 'the ConfigCat comparator later is not known'],
    [{ user: { ...user, comparator: 'toString' } }, 'the ConfigCat comparator toString is not known'],
    [{ user: { ...user, comparator: 'contains', salt: 's' } }, 'the ConfigCat comparator contains is not known'],
    [{ user: { ...user, comparator: 'later', salt: 's' } }, 'the ConfigCat comparator later is not known'],
  ]),
  ...within('growthbook', {}, [
    [{}, 'bucket must be an object'],
    [{ condition: 1 }, 'a condition must be an object'],
    [{ condition: { $and: {} } }, '$and must be a list'],
    [{ condition: { a: { $all: 1 } } }, '$all must be a list'],
    [{ condition: { a: { $in: 'x' } } }, 'what is looked for must be a list'],
    [{ condition: { a: { $nini: 'x' } } }, 'what is looked for must be a list'],
    [{ condition: { a: { $regex: 1 } } }, '$regex must be text'],
    [{ condition: { a: { $regexi: 1 } } }, '$regexi must be text'],
    [{ condition: { a: { $json: 1 } } }, '$json must be text'],
    [{ condition: { a: { $later: 1 } } }, 'the GrowthBook operator $later is not known'],
    [{ condition: { a: { $toString: 1 } } }, 'the GrowthBook operator $toString is not known'],
    [{ condition: { a: [1] } }, 'lists and objects to compare with are written as $json'],
    [{ condition: { a: { b: 1 } } }, 'lists and objects to compare with are written as $json'],
    [{ condition: { a: { $eq: 1, b: 1 } } }, 'lists and objects to compare with are written as $json'],
    [{ condition: { a: {} } }, 'lists and objects to compare with are written as $json'],
    [{ assigned: 1 }, 'assigned must be an object'],
    [{ bucket: { ...bucket, version: 3 } }, 'version must be 1 or 2'],
    [{ bucket: { ...bucket, fallback: 3 } }, 'fallback must be text'],
    ...lacking(bucket, { attribute: 'text', seed: 'text', up_to: 'number' }).map(
      ([written, problem]): Refused => [{ bucket: written }, problem],
    ),
    [{ bucket: { attribute: 'id', seed: 's', version: 1 } }, 'ranges must be a list'],
    [inRange(1), 'a range must be a list'],
    [inRange([0]), 'a range must be a number'],
    [inRange(['0', 1]), 'a range must be a number'],
    ...lacking(assigned, { key: 'text', count: 'number', index: 'number', tests: 'list' })
      .filter(([written]) => typeof written.tests !== 'string')
      .map(([written, problem]): Refused => [{ assigned: written }, problem]),
    [{ assigned: { ...assigned, tests: [1] } }, 'a test must be an object'],
    [{ assigned: { ...assigned, sticky: 1 } }, 'sticky must be an object'],
    [{ assigned: { ...assigned, sticky: { ...sticky, fallback: 1 } } }, 'fallback must be text'],
    [{ assigned: { ...assigned, sticky: { ...sticky, beside: 1 } } }, 'beside must be text'],
    [{ assigned: { ...assigned, sticky: { ...sticky, names: 1 } } }, 'names must be a list'],
    [{ assigned: { ...assigned, sticky: { ...sticky, names: [1] } } }, 'names must be text'],
    ...lacking(sticky, { attribute: 'text', version: 'number', from: 'number' }).map(
      ([written, problem]): Refused => [{ assigned: { ...assigned, sticky: written } }, problem],
    ),
  ]),
  ...within('launchdarkly', {}, [
    ...lacking(clause, { kind: 'text', op: 'text' }),
    [{ ...clause, path: 'key' }, 'path must be a list'],
    [{ ...clause, path: [] }, 'path must name an attribute'],
    [{ ...clause, values: 'x' }, 'values must be a list'],
    [{ ...clause, op: 'later' }, 'the LaunchDarkly operator later is not known'],
    [{ ...clause, op: 'toString' }, 'the LaunchDarkly operator toString is not known'],
    [{ ...clause, op: 'bucket', below: 1 }, 'seed must be text'],
    [{ ...clause, op: 'bucket', seed: 's' }, 'below must be a number'],
    [{ all: 1 }, 'all must be a list'],
    [{ all: [1] }, 'all must be an object'],
    [{ any: 1 }, 'any must be a list'],
    [{ any: [[]] }, 'any must be an object'],
    [{ not: 1 }, 'not must be an object'],
  ]),
  ...within('flagsmith', { environment }, [
    [{ environment: 1 }, 'environment must be an object'],
    [{ environment: {} }, 'key must be text'],
    [{}, 'bucket must be an object'],
    [{ segment: 1 }, 'segment must be an object'],
    [{ segment: { rules: [] } }, 'key must be text'],
    [{ segment: { key: 's' } }, 'rules must be a list'],
    [{ segment: { key: 's', rules: [1] } }, 'a rule must be an object'],
    [inRule({ type: 7 }), 'type must be text'],
    [inRule({ type: 'SOME', conditions: [condition] }), 'the type SOME of a Flagsmith rule is not known'],
    [inRule({ conditions: 1 }), 'conditions must be a list'],
    [inRule({ conditions: [1] }), 'a condition must be an object'],
    [inRule({ rules: 1 }), 'rules must be a list'],
    [inRule({ rules: [1] }), 'a rule must be an object'],
    [inRule({ conditions: [{ ...condition, operator: 1 }] }), 'operator must be text'],
    [inRule({ conditions: [{ ...condition, property: 1 }] }), 'property must be text'],
    ...lacking({ key: 'k', from: 0, below: 1 }, { key: 'text', from: 'number', below: 'number' }).map(
      ([written, problem]): Refused => [{ bucket: written }, problem],
    ),
  ]),
  ...within('unleash', { field: 'f' }, [
    [{}, 'op must be text'],
    [{ op: 'LATER' }, 'the Unleash operator LATER is not known'],
    [{ op: 'toString' }, 'the Unleash operator toString is not known'],
    ...['IN', 'NOT_IN', 'STR_CONTAINS', 'IN_CIDR', 'users', 'addresses'].map(
      (op): Refused => [{ op }, 'values must be a list'],
    ),
    [{ op: 'IN', values: [1] }, 'values must be text'],
    [{ op: 'IN', values: [], field: 1 }, 'field must be text'],
    [{ op: 'NUM_GT', value: '1' }, 'value must be a number'],
    [{ op: 'DATE_AFTER', value: '1' }, 'value must be a number'],
    [{ op: 'REGEX', value: 1 }, 'value must be text'],
    [{ op: 'SEMVER_EQ', value: 1 }, 'value must be text'],
    [{ op: 'SEMVER_EQ', value: '1.2' }, 'value must be a version of three numbers'],
    ...lacking(
      { op: 'rollout', by: 'userId', group: 'g', percentage: 1 },
      { by: 'text', group: 'text', percentage: 'number' },
    ),
    ...lacking(
      { op: 'variant', by: 'userId', group: 'g', total: 1, upto: 1 },
      { by: 'text', group: 'text', total: 'number', upto: 'number' },
    ),
  ]),
  ...within('flagd', {}, [
    ...lacking(flag, { flag: 'text', op: 'text', variants: 'list' }),
    [{ ...flag, variants: [1] }, 'variants must be text'],
    [{ ...flag, op: 'later' }, 'the flagd test later is not known'],
    [{ ...flag, hash: 'v4' }, 'the generation of fractional is not known'],
    [logic(nested(100)), 'an expression nests more than 100 deep'],
    ...either({ later: 1 }, 'flagd does not know the operation later'),
    ...either({ toString: [{ var: 'a' }] }, 'flagd does not know the operation toString'),
    ...either({ var: 'a', missing: [] }, 'an operation has one name, and nothing beside it'),
    ...either({ '': 1 }, 'an operation has one name, and nothing beside it'),
    ...either({ '<': [{ var: 'a' }] }, '< compares two or three values'),
    ...either({ '<': { var: 'a' } }, '< compares two or three values'),
    ...either({ '===': [{ var: 'a' }, 1, 2, 3] }, '=== compares two or three values'),
    ...either({ and: { var: 'a' } }, 'and and or take lists'),
    ...either({ or: { var: 'a' } }, 'and and or take lists'),
    ...either({ some: [{ var: 'a' }] }, 'an iteration takes a list and an expression'),
    ...either({ map: { var: 'a' } }, 'flagd fails on {"map":{"var":"a"}}: an iteration takes a list and an expression'),
    ...either({ all: [{ var: 'a' }, 1, 2] }, 'an iteration takes a list and an expression'),
    ...either({ reduce: [{ var: 'a' }, { var: '' }, 0, 1] }, 'an iteration takes a list and an expression'),
    ...either({ var: '../a' }, '../ is not a part of flagd'),
    ...either({ var: 'a.toString' }, 'toString is a name that every object has'),
    ...either({ var: ['constructor', 1] }, 'constructor is a name that every object has'),
    ...either({ var: true }, 'var takes the name of an attribute'),
    ...either({ var: {} }, 'var takes the name of an attribute'),
    ...either({ var: [[], 1] }, 'var takes the name of an attribute'),
    ...either({ var: [true, 1] }, 'var takes the name of an attribute'),
    ...either({ missing: ['a', true] }, 'missing takes names of attributes'),
    ...either({ missing: ['a', 'toString'] }, 'toString is a name that every object has'),
    ...either({ missing: null }, 'missing takes names of attributes'),
    ...either({ missing_some: [1, [null]] }, 'missing takes names of attributes'),
    ...either({ missing_some: ['1', ['a']] }, 'missing_some takes a number and a list'),
    ...either({ missing_some: [1, 'a'] }, 'missing_some takes a number and a list'),
    ...either({ missing_some: { var: 'a' } }, 'missing_some takes a number and a list'),
    ...either({ if: { var: 'a' } }, 'if takes a list'),
    [logic({ '+': [{ var: 'a' }, 'x'] }), '"x" is not a number'],
    [logic({ '+': [{ var: 'a' }, [1]] }), '[1] is not a number'],
    [logic({ '/': [{ var: 'a' }, 0] }), 'it divides by 0'],
    [logic({ '/': [{ var: 'a' }, { '-': [1, 1] }] }), 'it divides by 0'],
    [logic({ '%': [{ var: 'a' }] }), '% is given too few numbers'],
    [logic({ '-': [], x: 1 }), 'an operation has one name, and nothing beside it'],
    [
      logic({ in: [1, { and: [{ var: 'a' }, 1] }] }),
      "flagd's compiled form of and inside in means something else than it says",
    ],
    [
      logic({ cat: ['a', { or: [{ var: 'a' }, 1] }] }),
      "flagd's compiled form of or inside cat means something else than it says",
    ],
    [
      logic({ cat: ['a', { missing_some: [1, ['a']] }] }),
      "flagd's compiled form of missing_some inside cat means something else than it says",
    ],
    [
      logic({ var: ['a', { missing: ['b'] }] }),
      "flagd's compiled form of missing inside var means something else than it says",
    ],
    [
      logic({ some: [{ all: [{ var: 'a' }, 1] }, 1] }),
      "flagd's compiled form of all inside an iteration means something else than it says",
    ],
    [
      logic({ reduce: [{ '/': [{ var: 'a' }, 1] }, 1] }),
      "flagd's compiled form of / inside an iteration means something else than it says",
    ],
    [logic({ filter: [{ var: 'a' }, true] }, 'interpreted'), 'a filter that looks at nothing'],
    [
      logic({ reduce: [[1], { var: 'current' }, { var: 'a' }] }, 'interpreted'),
      'flagd fails on {"reduce":[[1],{"var":"current"},{"var":"a"}]}: reduce of a list that is constant, and a start that is not',
    ],
    ...either({ '%': [1] }, 'flagd fails on {"%":[1]}: % takes two numbers'),
    ...either({ substr: [1, 2] }, 'flagd fails on {"substr":[1,2]}: substr takes text'),
    ...either({ in: [1, 2] }, 'flagd fails on {"in":[1,2]}: in takes a list or text'),
    ...either({ max: ['x'] }, 'flagd fails on {"max":["x"]}: min and max take numbers'),
    ...either({ min: [] }, 'flagd fails on {"min":[]}: min and max take at least one number'),
    ...either({ '+': ['x'] }, 'flagd fails on {"+":["x"]}: not a number'),
    ...either(
      { '*': [{ '-': [[1]] }] },
      'flagd fails on {"*":[{"-":[[1]]}]}: flagd fails on {"-":[[1]]}: a list or object is not a number',
    ),
    ...either({ '/': [] }, 'flagd fails on {"/":[]}: / takes a number'),
    ...either({ '/': [0] }, 'flagd fails on {"/":[0]}: nothing is divided by 0'),
    ...either({ '/': [1, 0] }, 'flagd fails on {"/":[1,0]}: by 0'),
    ...either({ '-': [] }, 'flagd fails on {"-":[]}: - takes a number'),
    ...either({ cat: null }, 'flagd fails on {"cat":null}: nothing has no text'),
  ]),
];

test('a test that a dialect cannot make sense of is refused, and told what is wrong with it', () => {
  for (const [dialect, written, problem] of REFUSED) {
    assert.equal(importedProblem([dialect, written]), problem, `${dialect} ${JSON.stringify(written)}`);
  }
});

test('what is no dialect and a test is refused', () => {
  const test = { user };
  assert.equal(importedProblem(['configcat', test]), undefined);
  for (const dialect of ['later', 'toString', null, 7, ['configcat']]) {
    assert.equal(importedProblem([dialect, test]), `the dialect ${String(dialect)} is not known to this version`);
  }
  for (const rest of [[], [null], ['x'], [[test]], [test, 1]]) {
    assert.equal(importedProblem(['configcat', ...rest]), 'imported takes the name of a dialect and a test');
  }
  assert.equal(importedProblem(['flagd', logic(nested(99))]), undefined);
});
