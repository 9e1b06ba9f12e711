import { ownField } from '../fields.ts';

/**
 * Users are `{identifier, email, country, custom}`; attributes other than the first three stand in `custom`. An empty
 * object is nobody in particular, who has no identifier, not even an empty one.
 */
export function attributeOf(user: unknown, name: string): unknown {
  if (name === 'Identifier') return ownField(user, 'identifier') ?? (isNobody(user) ? undefined : '');
  if (name === 'Email') return ownField(user, 'email');
  if (name === 'Country') return ownField(user, 'country');
  return ownField(ownField(user, 'custom'), name);
}

function isNobody(user: unknown): boolean {
  return typeof user !== 'object' || user === null || Object.keys(user).length === 0;
}

/** Any value as ConfigCat compares and hashes it. */
export function textOfAttribute(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isTextList(value)) return JSON.stringify(value);
  try {
    const hasText = typeof value !== 'object' || value === null || typeof Reflect.get(value, 'toString') === 'function';
    return hasText ? String(value) : '[object Object]';
  } catch {
    return '[unknown]';
  }
}

/** Text counts as the number it is, a comma in it as a point; undefined for what is none. */
export function numberOfAttribute(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (value.trim() === 'NaN') return Number.NaN;
  const text = value.replace(',', '.');
  // Neither nothing nor a number of another base, which a leading 0 would begin.
  const number = /^\s*$|^\s*0[^\d.eE]/.test(text) ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

/** A list of texts, or JSON text of one. */
export function listOfAttribute(value: unknown): readonly string[] | undefined {
  const list = typeof value === 'string' ? parsed(value) : value;
  return isTextList(list) ? list : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
