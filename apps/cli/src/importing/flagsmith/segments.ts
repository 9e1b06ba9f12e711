import type { Json } from '@spillway/evaluator';
import { readPattern } from '../patterns.ts';
import { cannotCarry } from '../report.ts';
import { isInherited, isSource, type Source, sourcesOf, textOf } from '../source.ts';
import type { Test } from '../stepwise.ts';
import { type Dependency, dependencyIn, type Rule } from './dependencies.ts';

const OPERATORS = new Set([
  ...['EQUAL', 'NOT_EQUAL', 'GREATER_THAN', 'GREATER_THAN_INCLUSIVE', 'LESS_THAN', 'LESS_THAN_INCLUSIVE', 'CONTAINS'],
  ...['NOT_CONTAINS', 'REGEX', 'MODULO', 'IN', 'IS_SET', 'IS_NOT_SET', 'PERCENTAGE_SPLIT'],
]);
const TYPES = new Set(['ALL', 'ANY', 'NONE']);
const MAX_DEPTH = 20;

export interface Surroundings {
  readonly notes: Set<string>;
  /** What an engine is given, but for the identity: conditions may ask for anything in it. */
  readonly root: Source;
}

/** A rule of a segment as the evaluator takes it: checked, with nothing in it that it does not need. */
export function ruleOf(source: Source, around: Surroundings, depth = 1): Rule {
  if (depth > MAX_DEPTH) return cannotCarry(`the rules of a segment nest more than ${MAX_DEPTH} deep`);
  const conditions = partsOf(source.conditions).map((condition) => conditionOf(condition, around));
  const rules = partsOf(source.rules).map((rule) => ruleOf(rule, around, depth + 1));
  const { type } = source;
  if (typeof type === 'string' && TYPES.has(type)) return { type, conditions, rules };
  // Of a type that it does not know, an engine says that nothing matches, unless there is nothing to match.
  return conditions.length === 0 && rules.length === 0
    ? { type: 'ALL', conditions, rules }
    : { type: 'NONE', conditions: [], rules: [{ type: 'ALL', conditions: [], rules: [] }] };
}

function partsOf(source: unknown): readonly Source[] {
  return Array.isArray(source)
    ? sourcesOf(source, 'the conditions and rules of a segment')
    : cannotCarry('a rule of a segment lacks its list of conditions or rules');
}

function conditionOf(source: Source, { notes, root }: Surroundings): Test {
  const operator = textOf(source.operator, 'the operator of a condition');
  const { property_: property, value } = source;
  const written = property === undefined || property === null ? '' : textOf(property, 'the property of a condition');
  const place = placeOf(written, operator, root);
  if ('flag' in place) notes.add(DEPENDS);
  // Nobody matches what is no pattern: an empty one is asked of nobody either.
  if (operator === 'REGEX' && value) return { ...place, operator, value: readPattern(String(value)) ?? '' };
  if (operator === 'IN' && !isListed(value)) return cannotCarry('IN is given neither text nor a list');
  if (typeof value === 'object' && value !== null && operator !== 'IN') {
    return cannotCarry(`${operator} is given a list or an object`);
  }
  if (!OPERATORS.has(operator)) notes.add(`the operator ${operator} is unknown to Flagsmith and holds for nobody`);
  return { ...place, operator, value: (value ?? null) as never };
}

const DEPENDS =
  'a segment asks what another flag serves, as engines do that know of such dependencies; those before look for a trait of that name';

function isListed(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string' || Array.isArray(value);
}

const PLACES = new Set(['identity.identifier', 'identity.key', 'environment.key', 'environment.name']);
const TRAIT = /^\$\.identity\.traits(?:\.[^\n]+|\['[^\n]+'\])$/;
const NAMED_TRAIT = /^\$\.identity\.traits(?:\.(.+)|\[['"](.+)['"]\])$/;
const PLAIN_TRAIT = /^\$\.identity\.traits\.[A-Za-z_]\w*$/;
/** Between quotes only what means nothing else to the engine's reader of paths. */
const PATH = /^\$\.[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\['[\w\u0080-\uffff -]+'\]|\["[\w\u0080-\uffff -]+"\])*$/;
const STEP = /([A-Za-z_]\w*)|'([^']+)'|"([^"]+)"/g;
/** What only the file knows. */
const ELSEWHERE = new Set(['environment', 'features', 'segments']);

function inherited(name: string): never {
  return cannotCarry(`the trait ${name} is one that every object has in the SDK's language`);
}

interface Place {
  readonly property: string;
  readonly given?: Json;
  readonly flag?: Dependency;
}

/** A property as the evaluator knows it: a path to a place or a trait, or the name of a trait, which may look like a path. */
function placeOf(name: string, operator: string, file: Source): Place {
  const isSplit = operator === 'PERCENTAGE_SPLIT';
  if (!isSplit && isInherited(name)) return inherited(name);
  if (!name.startsWith('$.')) return { property: name };
  const [, dotted, bracketed] = NAMED_TRAIT.exec(name) ?? [];
  if (isInherited(dotted ?? bracketed ?? '')) return inherited(name);
  if (isSplit ? PLAIN_TRAIT.test(name) : TRAIT.test(name)) return { property: name };
  const refuse = () => cannotCarry(`the path ${name} leads to what is not carried`);
  const flag = dependencyIn(name);
  if (flag !== undefined) return { property: name, flag };
  if (!PATH.test(name)) return refuse();
  const steps = [...name.matchAll(STEP)].map(([, plain, single, double]) => plain ?? single ?? double ?? '');
  const [root = '', second, third] = steps;
  if (PLACES.has(steps.join('.')) && steps.length === 2) return { property: `$.${root}.${second}` };
  if (root === 'identity' && second === 'traits' && steps.length === 3 && !isSplit)
    return { property: `$.identity.traits["${third}"]` };
  // Where a path leads to nothing, or to no single value, engines look for a trait of that very name.
  if (root === 'identity') {
    const isWhole = second === undefined || second === 'traits';
    return steps.length <= 2 && !(isSplit && isWhole) ? { property: name } : refuse();
  }
  if (root === 'flags' && steps.length > 2) return refuse();
  const found = ELSEWHERE.has(root) ? foundAt(steps, file) : undefined;
  if (typeof found === 'object' && found !== null) return isSplit ? refuse() : { property: name };
  return found === undefined ? { property: name } : { property: name, given: found as Json };
}

function foundAt(steps: readonly string[], file: Source): unknown {
  return steps.reduce<unknown>(
    (found, step) => (isSource(found) && Object.hasOwn(found, step) ? found[step] : undefined),
    file,
  );
}
