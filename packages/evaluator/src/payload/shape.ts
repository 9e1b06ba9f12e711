/**
 * A check of an untrusted value: undefined when all is well, or what is wrong, beginning with the place relative to the
 * value (`/rules/0 must be an object`). Places are put together on the way back only, because payloads are large and good.
 */
export type Check = (value: unknown) => string | undefined;

/** The commonest checks are named by what `typeof` says, which saves a call per field when nothing is compiled yet. */
type Field = Check | 'string' | 'boolean';
type Fields = Readonly<Record<string, Field>>;

const NONE: Fields = {};

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isNumber: Check = (value) => (Number.isFinite(value) ? undefined : ' must be a number');

/** Versions and sequence numbers. */
export const isCount: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : ' must be a whole number from 0';

export const isPresent: Check = (value) => (value === undefined ? ' is missing' : undefined);

export function exactly(expected: string): Check {
  return (value) => (value === expected ? undefined : ` must be ${expected}`);
}

export function listOf(check: Field): Check {
  return (value) => {
    if (!Array.isArray(value)) return ' must be a list';
    for (let index = 0; index < value.length; index += 1) {
      const problem = problemOf(value[index], check);
      if (problem !== undefined) return `/${index}${problem}`;
    }
    return undefined;
  };
}

/**
 * An object whose named fields pass; fields it does not name are left alone, for versions to come, unless the object
 * itself says that they are essential.
 */
export function having(required: Fields, optional: Fields = NONE): Check {
  const requiredNames = Object.keys(required);
  const requiredChecks = Object.values(required);
  const optionalNames = Object.keys(optional);
  const optionalChecks = Object.values(optional);
  return (value) => {
    if (!isObject(value)) return ' must be an object';
    for (let index = 0; index < requiredNames.length; index += 1) {
      const name = requiredNames[index] ?? '';
      const problem = problemOf(value[name], requiredChecks[index] ?? isPresent);
      if (problem !== undefined) return `/${name}${problem}`;
    }
    for (let index = 0; index < optionalNames.length; index += 1) {
      const name = optionalNames[index] ?? '';
      const field = value[name];
      if (field === undefined) continue;
      const problem = problemOf(field, optionalChecks[index] ?? isPresent);
      if (problem !== undefined) return `/${name}${problem}`;
    }
    return value.essential === undefined ? undefined : unknownEssential(value.essential, required, optional);
  };
}

function problemOf(value: unknown, check: Field): string | undefined {
  if (check === 'string') return typeof value === 'string' ? undefined : ' must be text';
  if (check === 'boolean') return typeof value === 'boolean' ? undefined : ' must be true or false';
  return check(value);
}

const texts = listOf('string');

function unknownEssential(essential: unknown, required: Fields, optional: Fields): string | undefined {
  const problem = texts(essential);
  if (problem !== undefined || !Array.isArray(essential)) return `/essential${problem}`;
  const unknown: unknown = essential.find((name) => !Object.hasOwn(required, name) && !Object.hasOwn(optional, name));
  return unknown === undefined ? undefined : `/${unknown} is essential and not known to this version`;
}

/** An object of entries, each of which passes and names its own key. */
export function keyed(check: Check): Check {
  return (value) => {
    if (!isObject(value)) return ' must be an object';
    for (const key of Object.keys(value)) {
      const entry = value[key];
      const problem = check(entry);
      if (problem !== undefined) return `/${key}${problem}`;
      if (isObject(entry) && entry.key !== key) return `/${key}/key must be ${key}`;
    }
    return undefined;
  };
}

export function orNull(check: Check): Check {
  return (value) => (value === null ? undefined : check(value));
}
