import { z } from 'zod';

/** One broken rule: the steps to the field, and what it must be. */
export interface Found {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly found: readonly Found[] };

/** What `safeParse` does, in the words of this project, and at most `most` of them: a crooked value may break 20,000 rules. */
export function checkAgainst<S extends z.ZodType>(schema: S, value: unknown, most: number): Checked<z.output<S>> {
  const settings = { error: describe, async: false } as const;
  const parsed = schema._zod.run({ value, issues: [] }, settings);
  if (parsed instanceof Promise) throw new TypeError('a schema of the contract is asynchronous');
  if (parsed.issues.length === 0) return { ok: true, value: parsed.value as z.output<S> };
  const found = parsed.issues
    .slice(0, most)
    .flatMap((issue) => foundIn(z.core.util.finalizeIssue(issue, settings, z.core.config()), [], most))
    .slice(0, most);
  return { ok: false, found };
}

function foundIn(issue: z.core.$ZodIssue, above: readonly PropertyKey[], most: number): readonly Found[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, most).map((key) => ({
      path: [...path, key],
      message: 'is not a field here; check its spelling or leave it out',
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return nearest(
      issue.errors.map((branch) => branch.flatMap((inner) => foundIn(inner, [], most))),
      path,
    );
  }
  return [{ path, message: issue.message }];
}

/**
 * Of several allowed forms, what is wrong with the one the sender most likely meant: the one with the fewest problems
 * at its own level, for there the forms differ.
 */
function nearest(branches: readonly (readonly Found[])[], above: readonly PropertyKey[]): readonly Found[] {
  const ranked = branches
    .map((found) => ({ found, own: found.filter(({ path }) => path.length <= 1).length }))
    .sort((a, b) => a.own - b.own || a.found.length - b.found.length);
  return (ranked[0]?.found ?? []).map(({ path, message }) => ({ path: [...above, ...path], message }));
}

const ARTICLE: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  int: 'a whole number',
};

/** Says in plain words what a field must be; undefined leaves zod's own words. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${ARTICLE[issue.expected] ?? `a ${issue.expected}`}, not ${kindOf(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((one) => JSON.stringify(one)).join(', ')}`;
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_key':
      return `is not a valid name here: it ${issue.issues[0]?.message ?? 'breaks a rule'}`;
    default:
      return undefined;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') return `must have ${relation} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `must have ${relation} ${limit} entries`;
  return `must be ${relation} ${limit}`;
}

function kindOf(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  // JSON has no such number: it is what a text of the address was read as.
  if (Number.isNaN(input)) return 'other text';
  if (typeof input === 'number' && !Number.isFinite(input)) return 'a number too large to represent';
  return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
}
