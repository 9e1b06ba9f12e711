type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deeper than any rule looks. */
const MAX_DEPTH = 16;
/** Of one context. Whoever hands in a request object by mistake must not wait for the walk through all it holds. */
const MAX_MEMBERS = 10_000;

/**
 * The context in JSON's terms: dates become ISO 8601 text in UTC. Most contexts hold no date and no object; those are
 * handed on as they are, since copying each would cost more than answering.
 */
export function jsonContext(context: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> {
  for (const name in context) {
    const value = context[name];
    if (typeof value === 'object' && value !== null) return new Walk().membersOf(context, 1);
  }
  // Members that JSON has no form of are left for whoever writes it to leave out.
  return context as Readonly<Record<string, Json>>;
}

class Walk {
  #left = MAX_MEMBERS;

  membersOf(object: object, depth: number): Readonly<Record<string, Json>> {
    const members: Record<string, Json> = Object.create(null);
    for (const [name, value] of Object.entries(object)) {
      const json = this.#jsonOf(value, depth);
      if (json !== undefined) members[name] = json;
    }
    return members;
  }

  /** Undefined for what JSON has no form of, as if the attribute had not been given. */
  #jsonOf(value: unknown, depth: number): Json | undefined {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return value;
    }
    this.#left -= 1;
    if (typeof value !== 'object' || depth > MAX_DEPTH || this.#left < 0) return undefined;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
    if (Array.isArray(value)) return value.map((item) => this.#jsonOf(item, depth + 1) ?? null);
    return this.membersOf(value, depth + 1);
  }
}
