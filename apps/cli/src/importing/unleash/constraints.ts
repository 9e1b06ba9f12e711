import { type Condition, importedProblem, type Json, parseInstant } from '@spillway/evaluator';
import { ALWAYS, NEVER } from '../conditions.ts';
import { cannotCarry } from '../report.ts';
import { isInherited, listOf, type Source, sourceOf, textOf } from '../source.ts';
import { patternOf } from './patterns.ts';

/** What reading one flag has to tell about it. */
export type Notes = Set<string>;

const LISTED = new Set(['IN', 'NOT_IN', 'STR_STARTS_WITH', 'STR_ENDS_WITH', 'STR_CONTAINS', 'IN_CIDR']);
const NUMBERS = new Set(['NUM_EQ', 'NUM_GT', 'NUM_GTE', 'NUM_LT', 'NUM_LTE']);
const DATES = new Set(['DATE_AFTER', 'DATE_BEFORE']);
const VERSIONS = new Set(['SEMVER_EQ', 'SEMVER_GT', 'SEMVER_GTE', 'SEMVER_LT', 'SEMVER_LTE']);
const CASED = new Set(['STR_STARTS_WITH', 'STR_ENDS_WITH', 'STR_CONTAINS']);

/** The SDK takes a constraint that is not there, or whose operator it does not know, for one that does not hold. */
export function constraintOf(constraint: unknown, notes: Notes): Condition {
  if (!constraint) return NEVER;
  const source = sourceOf(constraint, 'a constraint');
  const operator = String(source.operator);
  const asked = askedBy(operator, source, notes);
  if (asked === undefined) {
    notes.add(`the operator ${operator} is unknown to its SDK and holds for nobody`);
    return NEVER;
  }
  const isInverted = Boolean(source.inverted);
  if (asked === 'never') return isInverted ? ALWAYS : NEVER;
  return imported({ op: operator, ...asked, ...(isInverted ? { inverted: true } : {}) });
}

type Asked = Readonly<Record<string, Json>>;

function askedBy(operator: string, source: Source, notes: Notes): Asked | 'never' | undefined {
  if (DATES.has(operator)) return dateOf(source.value, notes);
  const isKnown = LISTED.has(operator) || NUMBERS.has(operator) || VERSIONS.has(operator) || operator === 'REGEX';
  if (!isKnown) return undefined;
  const field = fieldOf(source.contextName, notes);
  const ignoresCase = Boolean(source.caseInsensitive);
  if (LISTED.has(operator)) {
    const values = cleaned(source.values, operator);
    return { field, values, ...(ignoresCase && CASED.has(operator) ? { ignore_case: true } : {}) };
  }
  if (NUMBERS.has(operator)) return numberOf(field, source.value);
  if (operator === 'REGEX') {
    const pattern = patternOf(textOf(source.value, 'the value of REGEX'), ignoresCase);
    return pattern === undefined ? 'never' : { field, value: pattern };
  }
  const value = typeof source.value === 'string' ? source.value : '';
  return importedProblem(['unleash', { op: operator, field, value }]) === undefined ? { field, value } : 'never';
}

export function imported(written: Asked): Condition {
  const values = ['unleash', written] as const;
  const problem = importedProblem(values);
  if (problem !== undefined) return cannotCarry(problem);
  const { field, by } = written;
  const name = field ?? (by === 'default' ? 'userId' : by) ?? 'currentTime';
  return { attribute: typeof name === 'string' && name !== '' ? name : 'properties', operator: 'imported', values };
}

/** The name of a field of contexts, with what has to be known about it. */
export function fieldOf(name: unknown, notes: Notes): string {
  const field = textOf(name, 'the contextName of a constraint');
  if (isInherited(field)) return cannotCarry(`the field ${field} is one that every object has in the SDK's language`);
  if (field === 'appName') notes.add('it asks for appName, which an SDK knows from its start: contexts have to say it');
  if (field === 'environment') {
    notes.add('it asks for environment, which is `default` where contexts do not say another');
  }
  return field;
}

/** As the SDK takes them: empty ones left out, white space around the others cut off. */
function cleaned(values: unknown, operator: string): readonly string[] {
  if (!Array.isArray(values)) return cannotCarry(`${operator} has no list of values, on which the SDK fails`);
  return listOf(values, 'values')
    .filter(Boolean)
    .map((value) => textOf(value, `a value of ${operator}`).trim());
}

function numberOf(field: string, value: unknown): Asked | 'never' {
  const number = Number(value);
  if (Number.isNaN(number)) return 'never';
  return Number.isFinite(number) ? { field, value: number } : cannotCarry('a number is too large');
}

function dateOf(value: unknown, notes: Notes): Asked | 'never' {
  notes.add('dates are compared with currentTime where contexts have it, else with the time of the question');
  const instant = instantOf(value);
  if (instant === 'unsure') return cannotCarry(`${JSON.stringify(value)} is not a date with an offset`);
  return instant === undefined ? 'never' : { value: instant };
}

/** As ECMAScript writes dates: days alone are in UTC, times with an offset are sure as well. */
const SURE = /^\d{4}(?:-\d\d(?:-\d\d)?)?$|^\d{4}(?:-\d\d(?:-\d\d)?)?T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Undefined for what is no date anywhere; `unsure` for what engines, or their time zones, read differently. */
export function instantOf(value: unknown): number | 'unsure' | undefined {
  const read = new Date(value as string).getTime();
  if (value === null || typeof value !== 'string') return Number.isNaN(read) ? undefined : read;
  if (SURE.test(value) && !Number.isNaN(read)) return read;
  const instant = parseInstant(value);
  if (instant === undefined) return Number.isNaN(read) ? undefined : 'unsure';
  return instant === read ? instant : 'unsure';
}
