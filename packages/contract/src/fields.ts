import type { Json } from '@spillway/evaluator';
import { z } from 'zod';

/** Limits are part of the contract: everything has one. */
export const MAX_REASON_LENGTH = 2_000;
export const MAX_PAGE = 500;
export const DEFAULT_PAGE = 50;

export const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,127}$/, 'must be 1 to 128 of a-z 0-9 . _ -, starting with a letter or digit');

/**
 * Any JSON. What was read from text has no other values, so only presence is checked: looking at each value again took
 * a second for a body of a megabyte.
 */
export const json = z.unknown().refine((value) => value !== undefined, 'is missing') as unknown as z.ZodType<
  Json,
  Json
>;

/** Described as `schema` and taken as JSON of every form, for parts of a body of which each is read by itself afterwards. */
export function readLater(schema: z.ZodType): z.ZodType<Json, Json> {
  const described = schema.clone();
  described._zod.parse = json._zod.parse;
  described._zod.run = json._zod.run;
  return described as z.ZodType<unknown> as z.ZodType<Json, Json>;
}

/**
 * A union whose forms are told apart by a look at the value, `form` answering the index of the one that is meant. zod
 * would try every form at every level of nesting and keep what is wrong with each, so that one crooked body of a
 * megabyte kept the process busy for ten seconds; and what is wrong with forms that nobody meant helps nobody.
 */
export function unionBy<const T extends readonly [z.ZodType, ...z.ZodType[]]>(
  forms: T,
  form: (value: object) => number,
): z.ZodUnion<T> {
  const union = z.union(forms);
  const [first] = forms;
  union._zod.parse = (payload, context) => {
    const { value } = payload;
    const chosen = typeof value === 'object' && value !== null ? forms[form(value)] : first;
    return (chosen ?? first)._zod.run(payload, context);
  };
  union._zod.run = union._zod.parse;
  return union;
}

export const text = z.string().max(2_000);

export const reason = z.string().trim().max(MAX_REASON_LENGTH);

/** 0 to 100, at most three decimals (0.001 % is the finest step). */
export const percentage = z
  .number()
  .min(0, 'must be at least 0')
  .max(100, 'must be at most 100')
  .refine((value) => Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6, 'takes at most three decimals');

/** A moment as RFC 3339 text, with its offset. */
export const instant = z.iso.datetime({ offset: true, error: 'must be an instant such as "2026-01-31T12:00:00Z"' });

/** The same; milliseconds since 1970 afterwards. */
export const instantMs = instant.transform((text) => Date.parse(text));

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
export const MAX_DURATION_MS = 90 * UNIT_MS.d;

/** Milliseconds as a number, or text such as `10s`, `5m`, `1h`; always milliseconds afterwards. */
export const durationMs = z
  .union([z.number().int().min(0), z.string().regex(DURATION, 'must be like 500ms, 10s, 5m or 1h')])
  .transform((value) => {
    if (typeof value === 'number') return value;
    const [, amount, unit] = DURATION.exec(value) ?? [];
    return Math.round(Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  })
  .pipe(z.number().max(MAX_DURATION_MS, 'must be at most 90 days'));

export const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().max(512).exactOptional(),
});

export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next: z.string().exactOptional() });
}

/** Every stored document answers with the version that `If-Match` takes. */
export const versioned = {
  version: z.number().int().min(1),
  /** Only in the answer to a change: it was so before, so that no version was made. */
  unchanged: z.literal(true).exactOptional(),
};
