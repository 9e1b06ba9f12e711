import { type Json, patternProblem } from '@spillway/evaluator';

export const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;
export const MAX_PATTERN_LENGTH = 1_000;

/** What a keyword holds: a value of its own, or schemas that are read in turn. */
export type Keyword =
  | { readonly holds: 'value'; readonly problem: (value: Json) => string | undefined }
  | { readonly holds: 'schema' | 'list of schemas' | 'schemas by name' | 'reference' };

const schema: Keyword = { holds: 'schema' };
const list: Keyword = { holds: 'list of schemas' };
const byName: Keyword = { holds: 'schemas by name' };
const anything: Keyword = { holds: 'value', problem: () => undefined };

const value = (problem: (given: Json) => string | undefined): Keyword => ({ holds: 'value', problem });

const number = value((given) => (isNumber(given) ? undefined : 'must be a number'));
const count = value((given) =>
  Number.isSafeInteger(given) && Number(given) >= 0 ? undefined : 'must be a whole number from 0',
);
const yesOrNo = value((given) => (typeof given === 'boolean' ? undefined : 'must be true or false'));
const text = value((given) => (typeof given === 'string' ? undefined : 'must be text'));

/** The part of JSON Schema 2020-12 that value schemas are written in. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['type', value(typeProblem)],
  ['enum', value((given) => (Array.isArray(given) && given.length > 0 ? undefined : 'must be a list of values'))],
  ['const', anything],
  ['properties', byName],
  ['required', value((given) => (isTexts(given) ? undefined : 'must be a list of names'))],
  ['additionalProperties', schema],
  ['minProperties', count],
  ['maxProperties', count],
  ['items', schema],
  ['prefixItems', list],
  ['minItems', count],
  ['maxItems', count],
  ['uniqueItems', yesOrNo],
  ['minimum', number],
  ['maximum', number],
  ['exclusiveMinimum', number],
  ['exclusiveMaximum', number],
  ['multipleOf', value((given) => (isNumber(given) && given > 0 ? undefined : 'must be a number above 0'))],
  ['minLength', count],
  ['maxLength', count],
  ['pattern', value(patternValueProblem)],
  ['allOf', list],
  ['anyOf', list],
  ['oneOf', list],
  ['not', schema],
  ['if', schema],
  ['then', schema],
  ['else', schema],
  ['$ref', { holds: 'reference' }],
  ['$defs', byName],
  // Said to people, not to validators.
  ['$schema', text],
  ['$comment', text],
  ['title', text],
  ['description', text],
  ['default', anything],
  ['examples', anything],
  ['format', text],
  ['deprecated', yesOrNo],
]);

export function isNumber(given: unknown): given is number {
  return typeof given === 'number' && Number.isFinite(given);
}

function isTexts(given: Json): boolean {
  return Array.isArray(given) && given.every((each) => typeof each === 'string');
}

function typeProblem(given: Json): string | undefined {
  const types = Array.isArray(given) ? given : [given];
  const proper = types.length > 0 && types.every((type) => TYPES.some((known) => known === type));
  return proper ? undefined : `must be one of ${TYPES.join(', ')}, or a list of them`;
}

function patternValueProblem(given: Json): string | undefined {
  if (typeof given !== 'string') return 'must be a regular expression as text';
  if (given.length > MAX_PATTERN_LENGTH) return `must be at most ${MAX_PATTERN_LENGTH} characters long`;
  const problem = patternProblem(given);
  return problem === undefined ? undefined : `must be a regular expression that can be used: ${problem}`;
}
