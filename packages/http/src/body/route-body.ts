import type { Route } from '@spillway/contract';
import { RequestRefused } from '../problem.ts';
import { check } from './check.ts';
import { WHOLE_BODY } from './read.ts';

/** A body whose fields may all be left out may itself be left out. */
export function checkBody(route: Route, body: unknown): unknown {
  if (route.body !== undefined) {
    if (body !== undefined) return check(route.body, body, 'body');
    const parsed = route.body.safeParse({});
    if (parsed.success) return parsed.data;
    throw new RequestRefused('invalid', 'The body is missing; send a JSON object.', {
      fields: [{ field: WHOLE_BODY, message: 'is missing' }],
    });
  }
  if (body === undefined) return undefined;
  throw new RequestRefused('invalid', 'This route takes no body.', {
    fields: [{ field: WHOLE_BODY, message: 'must be empty' }],
  });
}
