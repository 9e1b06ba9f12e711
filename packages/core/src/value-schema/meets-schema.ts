import { compilePattern, type Json } from '@spillway/evaluator';
import { canonicalise } from '@spillway/evaluator/canonical';
import { own } from '../own.ts';
import { enumerate, pointer } from '../problems.ts';
import { isNumber } from './keywords.ts';
import { isRecord, type JsonRecord, referred } from './read-schema.ts';

/** What is wrong, and where in the value: a JSON Pointer. */
export interface Mismatch {
  readonly path: string;
  readonly message: string;
}

/** How far a quotient may be off a whole number: binary fractions are not exact. */
const MULTIPLE_SLACK = 1e-9;

/** The first thing about the value that the schema, which was checked, does not allow. */
export function mismatchOf(value: Json, schema: JsonRecord): Mismatch | undefined {
  return check(value, schema, { root: schema, path: '' });
}

interface Place {
  readonly root: JsonRecord;
  readonly path: string;
}

function check(value: Json, schema: Json, place: Place): Mismatch | undefined {
  if (schema === true) return undefined;
  if (!isRecord(schema)) return { path: place.path, message: 'must not be there' };
  const problem = plainProblem(value, schema);
  if (problem !== undefined) return { path: place.path, message: problem };
  return (
    checkParts(value, schema, place) ??
    checkCombinations(value, schema, place) ??
    (schema.$ref === undefined ? undefined : check(value, referred(place.root, schema.$ref) ?? true, place))
  );
}

function plainProblem(value: Json, schema: JsonRecord): string | undefined {
  const { type, enum: options, const: only } = schema;
  if (type !== undefined) {
    const types = Array.isArray(type) ? type : [type];
    if (!types.some((each) => hasType(value, each))) return `must be ${types.join(' or ')}, not ${typeName(value)}`;
  }
  if (only !== undefined && !isEqual(value, only)) return `must be ${JSON.stringify(only)}`;
  if (Array.isArray(options) && !options.some((option) => isEqual(value, option))) {
    return `must be one of ${enumerate(options.map((option) => JSON.stringify(option)))}`;
  }
  if (typeof value === 'string') return textProblem(value, schema);
  if (typeof value === 'number') return numberProblem(value, schema);
  return Array.isArray(value) ? listProblem(value, schema) : isRecord(value) ? recordProblem(value, schema) : undefined;
}

function textProblem(value: string, { minLength, maxLength, pattern }: JsonRecord): string | undefined {
  const length = isNumber(minLength) || isNumber(maxLength) ? [...value].length : 0;
  if (isNumber(minLength) && length < minLength) return `must be at least ${minLength} characters long`;
  if (isNumber(maxLength) && length > maxLength) return `must be at most ${maxLength} characters long`;
  if (typeof pattern !== 'string' || compilePattern(pattern)(value)) return undefined;
  return `must match ${pattern}`;
}

function numberProblem(value: number, schema: JsonRecord): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (isNumber(minimum) && value < minimum) return `must be at least ${minimum}`;
  if (isNumber(maximum) && value > maximum) return `must be at most ${maximum}`;
  if (isNumber(exclusiveMinimum) && value <= exclusiveMinimum) return `must be more than ${exclusiveMinimum}`;
  if (isNumber(exclusiveMaximum) && value >= exclusiveMaximum) return `must be less than ${exclusiveMaximum}`;
  if (!isNumber(multipleOf)) return undefined;
  const times = value / multipleOf;
  const isWhole = Math.abs(times - Math.round(times)) <= MULTIPLE_SLACK * Math.max(1, Math.abs(times));
  return isWhole ? undefined : `must be a multiple of ${multipleOf}`;
}

function listProblem(value: readonly Json[], { minItems, maxItems, uniqueItems }: JsonRecord): string | undefined {
  if (isNumber(minItems) && value.length < minItems) return `must have at least ${minItems} items`;
  if (isNumber(maxItems) && value.length > maxItems) return `must have at most ${maxItems} items`;
  if (uniqueItems !== true || new Set(value.map((item) => canonicalise(item))).size === value.length) return undefined;
  return 'must not have the same item twice';
}

function recordProblem(value: JsonRecord, { required, minProperties, maxProperties }: JsonRecord): string | undefined {
  const missing = Array.isArray(required)
    ? required.filter((name) => typeof name === 'string' && !Object.hasOwn(value, name))
    : [];
  if (missing.length > 0) return `must have ${enumerate(missing.map(String))}`;
  const count = Object.keys(value).length;
  if (isNumber(minProperties) && count < minProperties) return `must have at least ${minProperties} properties`;
  if (isNumber(maxProperties) && count > maxProperties) return `must have at most ${maxProperties} properties`;
  return undefined;
}

function checkParts(value: Json, schema: JsonRecord, place: Place): Mismatch | undefined {
  if (Array.isArray(value)) {
    const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    for (const [index, item] of value.entries()) {
      const inner = first[index] ?? schema.items ?? true;
      const problem = check(item, inner, { ...place, path: pointer(place.path, index) });
      if (problem !== undefined) return problem;
    }
  } else if (isRecord(value)) {
    const known = isRecord(schema.properties) ? schema.properties : {};
    for (const [name, item] of Object.entries(value)) {
      const inner = own(known, name) ?? schema.additionalProperties ?? true;
      const problem = check(item, inner, { ...place, path: pointer(place.path, name) });
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function checkCombinations(value: Json, schema: JsonRecord, place: Place): Mismatch | undefined {
  const { allOf, anyOf, oneOf, not, if: condition } = schema;
  const meets = (inner: Json) => check(value, inner, place) === undefined;
  const refuse = (message: string): Mismatch => ({ path: place.path, message });
  for (const inner of Array.isArray(allOf) ? allOf : []) {
    const problem = check(value, inner, place);
    if (problem !== undefined) return problem;
  }
  if (Array.isArray(anyOf) && !anyOf.some(meets)) {
    const [only] = anyOf;
    if (anyOf.length === 1 && only !== undefined) return check(value, only, place);
    return refuse(`must be of one of the ${anyOf.length} forms of anyOf`);
  }
  if (Array.isArray(oneOf)) {
    const met = oneOf.filter(meets).length;
    if (met !== 1) return refuse(`must be of exactly one of the ${oneOf.length} forms of oneOf; it is of ${met}`);
  }
  if (not !== undefined && meets(not)) return refuse('must not be what `not` says');
  if (condition === undefined) return undefined;
  return check(value, (meets(condition) ? schema.then : schema.else) ?? true, place);
}

function hasType(value: Json, type: Json): boolean {
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  return typeName(value) === type;
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isEqual(one: Json, other: Json): boolean {
  return one === other || canonicalise(one) === canonicalise(other);
}
