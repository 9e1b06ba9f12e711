import { compileImported, type Json } from '@spillway/evaluator';
import { readPattern } from '../patterns.ts';
import { cannotCarry } from '../report.ts';
import { isSource, type Source, sourceOf } from '../source.ts';
import { MISSING, type Missing } from './payload.ts';

/** What conditions refer to, and what there is to say about them. */
export interface ConditionSurroundings {
  readonly savedGroups: Source | Missing;
  readonly notes: Set<string>;
}

const MAX_DEPTH = 40;
/** Of nothing, one holds, so this holds for nobody. */
const NOBODY: Json = { $nor: [] };

/** A condition as the evaluator takes it: checked, saved groups put in, and what can never hold written so. */
export function conditionOf(
  source: unknown,
  around: ConditionSurroundings,
  groups: readonly string[] = [],
  depth = 0,
): Json {
  if (depth > MAX_DEPTH) return cannotCarry(`its conditions nest more than ${MAX_DEPTH} deep`);
  const inner = (part: unknown) => conditionOf(part, around, groups, depth + 1);
  const parts = Object.entries(sourceOf(source, 'a condition')).map(([name, value]): [string, Json] => {
    if (name === '$and' || name === '$or' || name === '$nor') {
      return [name, Array.isArray(value) ? value.map(inner) : cannotCarry(`${name} is not a list`)];
    }
    if (name === '$not') return [name, inner(value)];
    if (name === '$savedGroup') return [name, savedGroupOf(value, around, groups, depth)];
    if (name.split('.').includes('__proto__')) return cannotCarry('no attribute can be called __proto__ here');
    return [name, expectedOf(value, around, depth + 1)];
  });
  return Object.fromEntries(parts);
}

function savedGroupOf(
  reference: unknown,
  around: ConditionSurroundings,
  groups: readonly string[],
  depth: number,
): Json {
  if (!isSource(reference)) return NOBODY;
  const { id, attributeKey } = reference;
  if (typeof id !== 'string' || groups.includes(id)) return NOBODY;
  if (attributeKey !== undefined && typeof attributeKey !== 'string') return NOBODY;
  const entry = entryOf(id, around);
  if (!isSource(entry)) return NOBODY;
  if (entry.type === 'condition' && typeof entry.condition === 'object' && entry.condition !== null) {
    return conditionOf(entry.condition, around, [...groups, id], depth + 1);
  }
  const key = attributeKey ?? entry.attributeKey;
  if (entry.type !== 'list' || typeof key !== 'string' || !Array.isArray(entry.values)) return NOBODY;
  return { [key]: { $inGroup: entry.values as Json[] } };
}

function entryOf(id: unknown, { savedGroups }: ConditionSurroundings): unknown {
  if (typeof savedGroups === 'string')
    return cannotCarry(`it asks for a saved group, and those are ${MISSING[savedGroups]} the file`);
  const key = String(id);
  return Object.hasOwn(savedGroups, key) ? savedGroups[key] : undefined;
}

/** What an attribute must be: a value, or operators. */
function expectedOf(source: unknown, around: ConditionSurroundings, depth: number): Json {
  if (depth > MAX_DEPTH) return cannotCarry(`its conditions nest more than ${MAX_DEPTH} deep`);
  if (typeof source !== 'object' || source === null) return source as Json;
  if (!hasOperators(source)) return { $json: JSON.stringify(source) };
  return Object.fromEntries(Object.entries(source).map(([name, operand]) => operatorOf(name, operand, around, depth)));
}

function hasOperators(source: object): source is Source {
  const names = Object.keys(source);
  return !Array.isArray(source) && names.length > 0 && names.every((name) => name.startsWith('$'));
}

const BY_VALUE = new Set([
  '$eq',
  '$ne',
  '$lt',
  '$lte',
  '$gt',
  '$gte',
  '$veq',
  '$vne',
  '$vlt',
  '$vlte',
  '$vgt',
  '$vgte',
]);
const BY_LIST = new Set(['$in', '$nin', '$ini', '$nini']);
const PATTERNS = new Set(['$regex', '$regexi']);

type Operation = [operator: string, operand: Json];

function operatorOf(name: string, operand: unknown, around: ConditionSurroundings, depth: number): Operation {
  if (BY_VALUE.has(name) || name === '$type' || name === '$exists') return [name, operand as Json];
  if (BY_LIST.has(name)) return Array.isArray(operand) ? [name, operand as Json] : never(name);
  if (name === '$inGroup' || name === '$notInGroup') return groupOperation(name, operand, around);
  if (name === '$not' || name === '$size') return [name, expectedOf(operand, around, depth + 1)];
  if (name === '$all' || name === '$alli') {
    return Array.isArray(operand) ? [name, operand.map((each) => expectedOf(each, around, depth + 1))] : never(name);
  }
  if (name === '$elemMatch') {
    const inner = sourceOf(operand, 'what $elemMatch asks for');
    return [
      name,
      hasOperators(inner) ? expectedOf(inner, around, depth + 1) : conditionOf(inner, around, [], depth + 1),
    ];
  }
  if (PATTERNS.has(name)) return patternOperation(name, operand);
  around.notes.add(`the operator ${name} is unknown to GrowthBook and holds for nobody`);
  return never(name);
}

/** Several of one object would be one field, so each keeps its name. */
function never(name: string): Operation {
  return ['$never', name];
}

/** A group that is missing is empty; one that is none of a list's has nobody in it and nobody outside. */
function groupOperation(name: string, id: unknown, around: ConditionSurroundings): Operation {
  const entry = entryOf(id, around);
  if (entry === undefined) return [name, []];
  if (Array.isArray(entry)) return [name, entry as Json];
  return isSource(entry) && entry.type === 'list' && Array.isArray(entry.values)
    ? [name, entry.values as Json]
    : never(name);
}

/** What ECMAScript refuses matches nothing in GrowthBook. */
function patternOperation(name: string, written: unknown): Operation {
  const pattern = typeof written === 'string' ? readPattern(written) : undefined;
  return pattern === undefined ? never(name) : [name, pattern];
}

/** Whether the value of a flag is what another flag requires it to be. */
export function holdsFor(condition: Json, value: Json): boolean {
  return compileImported(['growthbook', { condition }])({ value }, 0);
}
