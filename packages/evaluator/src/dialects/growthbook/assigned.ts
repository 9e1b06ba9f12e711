import type { Json } from '../../json.ts';
import { type Matches, objectOf } from '../composite.ts';
import { listOf, numberOf, ownField, textOf, textsOf } from '../fields.ts';
import type { Written } from '../imported.ts';

/**
 * Where contexts hold what an SDK knows of a user beside attributes: `{enabled, qaMode, url, forcedVariations,
 * stickyBucketAssignmentDocs}`.
 */
const USER = '$user';

/**
 * `{key, count, index, sticky, tests}`: whether the variation numbered `index`, of `count`, is the one of the experiment
 * `key`: because it is forced, or was assigned before, or all tests hold.
 */
export function compileAssigned(source: Written, compileTest: (written: Written) => Matches): Matches {
  const key = textOf(source.key, 'key');
  const count = numberOf(source.count, 'count');
  const index = numberOf(source.index, 'index');
  const tests = listOf(source.tests, 'tests').map((test) => compileTest(objectOf(test, 'a test')));
  const assignedBefore = source.sticky === undefined ? () => undefined : compileSticky(key, source.sticky);
  const holds: Matches = (context) => tests.every((test) => test(context));
  return (context) => {
    const user = ownField(context, USER);
    if (user === undefined) return holds(context);
    if (ownField(user, 'enabled') === false) return false;
    const forced = addressed(ownField(user, 'url'), key, count) ?? ownField(ownField(user, 'forcedVariations'), key);
    if (forced !== undefined) return String(forced) === String(index);
    if (ownField(user, 'qaMode')) return false;
    const before = assignedBefore(context);
    return before === undefined ? holds(context) : before === index;
  };
}

/** What `?key=1` in an address forces. */
function addressed(url: unknown, key: string, count: number): number | undefined {
  if (typeof url !== 'string') return undefined;
  const [, search] = url.split('?');
  const pair = search
    ?.replace(/#.*/, '')
    .split('&')
    .map((each) => each.split('='))
    .find(([name]) => name === key);
  const index = Number.parseInt(pair?.[1] ?? '', 10);
  return index >= 0 && index < count ? index : undefined;
}

/** Whether the user's assignments are kept, which is when fallback attributes count. */
export function keepsAssignments(context: unknown): boolean {
  return ownField(ownField(context, USER), STICKY_DOCS) !== undefined;
}

const STICKY_DOCS = 'stickyBucketAssignmentDocs';
const BLOCKED = -1;

/**
 * `{attribute, fallback, beside, version, from, names}`: assignments below `from` keep their users out; `names` are the
 * variations' keys. Those of the attribute `beside` count for who has the first.
 */
function compileSticky(key: string, source: Json): (context: unknown) => number | undefined {
  const { attribute, fallback, beside, version, from, names: written } = objectOf(source, 'sticky');
  const own = textOf(attribute, 'attribute');
  const places = [own, ...(fallback === undefined ? [] : [textOf(fallback, 'fallback')])];
  const besides = beside === undefined ? [] : [textOf(beside, 'beside')];
  const names = textsOf(written, 'names');
  const wanted = `${key}__${numberOf(version, 'version')}`;
  const older = Array.from({ length: numberOf(from, 'from') }, (_, index) => `${key}__${index}`);
  return (context) => {
    const docs = ownField(ownField(context, USER), STICKY_DOCS);
    const looked = ownField(context, own) ? [...places, ...besides] : places;
    const assignments = looked.map((place) => assignmentsOf(docs, place, context));
    const find = (name: string) => assignments.map((each) => ownField(each, name)).find((each) => each !== undefined);
    if (older.some((name) => find(name) !== undefined)) return BLOCKED;
    const index = names.indexOf(String(find(wanted)));
    return index === -1 ? undefined : index;
  };
}

function assignmentsOf(docs: unknown, attribute: string, context: unknown): unknown {
  const value = ownField(context, attribute);
  return value ? ownField(ownField(docs, `${attribute}||${String(value)}`), 'assignments') : undefined;
}
