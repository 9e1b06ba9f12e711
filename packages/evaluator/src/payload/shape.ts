/** Checks of untrusted values: each gives undefined when all is well, or where and what is wrong. */
export type Check = (value: unknown, at: string) => string | undefined;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isText: Check = (value, at) => (typeof value === 'string' ? undefined : `${at} must be text`);

export const isFlag: Check = (value, at) => (typeof value === 'boolean' ? undefined : `${at} must be true or false`);

export const isNumber: Check = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : `${at} must be a number`;

/** Versions and sequence numbers. */
export const isCount: Check = (value, at) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : `${at} must be a whole number from 0`;

export const isPresent: Check = (value, at) => (value === undefined ? `${at} is missing` : undefined);

export function exactly(expected: string): Check {
  return (value, at) => (value === expected ? undefined : `${at} must be ${expected}`);
}

export function listOf(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} must be a list`;
    for (const [index, inner] of value.entries()) {
      const problem = check(inner, `${at}/${index}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/**
 * An object whose named fields pass; fields it does not name are left alone, for versions to come, unless the object
 * itself says that they are essential.
 */
export function having(fields: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(fields);
  return (value, at) => {
    if (!isObject(value)) return `${at} must be an object`;
    for (const [field, check] of checks) {
      const problem = check(Object.hasOwn(value, field) ? value[field] : undefined, `${at}/${field}`);
      if (problem !== undefined) return problem;
    }
    return 'essential' in value ? unknownEssential(value, fields, at) : undefined;
  };
}

function unknownEssential({ essential }: Readonly<Record<string, unknown>>, fields: object, at: string) {
  const problem = listOf(isText)(essential, `${at}/essential`);
  if (problem !== undefined || !Array.isArray(essential)) return problem;
  const unknown: unknown = essential.find((field) => !Object.hasOwn(fields, String(field)));
  return unknown === undefined ? undefined : `${at}/${unknown} is essential and not known to this version`;
}

/** An object of entries, each of which passes and names its own key. */
export function keyed(check: Check): Check {
  return (value, at) => {
    if (!isObject(value)) return `${at} must be an object`;
    for (const [key, entry] of Object.entries(value)) {
      const problem = check(entry, `${at}/${key}`);
      if (problem !== undefined) return problem;
      if (isObject(entry) && entry.key !== key) return `${at}/${key}/key must be ${key}`;
    }
    return undefined;
  };
}

export function optional(check: Check): Check {
  return (value, at) => (value === undefined ? undefined : check(value, at));
}

export function orNull(check: Check): Check {
  return (value, at) => (value === null ? undefined : check(value, at));
}
