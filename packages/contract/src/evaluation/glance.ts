import type { z } from 'zod';

/** A character may become `\\u0000`; a number, `true` or `null` takes at most this much, with comma, colon and quotes. */
const CHARACTERS_PER_CHARACTER = 6;
const CHARACTERS_PER_ATTRIBUTE = 32;

/**
 * A context schema that passes what a glance shows to be sound: few attributes, each a plain value. Contexts come with every
 * evaluation, and the full look at one took longer than evaluating. Whatever is not plain gets the full look.
 */
export function glancedAt<S extends z.ZodType>(
  schema: S,
  limits: { readonly context: number; readonly attribute: number },
): S {
  const look = schema._zod.run;
  schema._zod.run = (payload, context) =>
    isPlain(payload.value, limits) ? (payload as ReturnType<typeof look> & typeof payload) : look(payload, context);
  return schema;
}

function isPlain(value: unknown, limits: { readonly context: number; readonly attribute: number }): boolean {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  let left = limits.context;
  for (const [name, attribute] of Object.entries(value)) {
    if (name.length > limits.attribute) return false;
    left -= CHARACTERS_PER_ATTRIBUTE + name.length * CHARACTERS_PER_CHARACTER;
    if (typeof attribute === 'string') left -= attribute.length * CHARACTERS_PER_CHARACTER;
    else if (typeof attribute !== 'number' && typeof attribute !== 'boolean' && attribute !== null) return false;
  }
  return left >= 0;
}
