import type { Route } from '@spillway/contract';
import type { Outcome } from '@spillway/core';
import { z } from 'zod';

/** Use cases name a field without knowing whether it came in the body, the query, the path or a header. */
export function placed<T>(route: Route, outcome: Outcome<T>): Outcome<T> {
  if (outcome.ok || outcome.refusal.fields === undefined) return outcome;
  const fields = outcome.refusal.fields.map(({ field, message }) => ({ field: placeOf(route, field), message }));
  return { ok: false, refusal: { ...outcome.refusal, fields } };
}

function placeOf({ body, query, params }: Route, field: string): string {
  const [, name = '', ...deeper] = field.split('/');
  if (deeper.length > 0 || (body instanceof z.ZodObject && name in body.shape)) return field;
  if (name === 'Idempotency-Key') return name;
  if (query !== undefined && name in query.shape) return `?${name}`;
  return params !== undefined && name in params.shape ? `{${name}}` : field;
}
