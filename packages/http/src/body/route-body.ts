import type { Route } from '@spillway/contract';
import { createPace, takeSteps } from '@spillway/control';
import { RequestRefused } from '../problem.ts';
import { TURNS } from '../turns.ts';
import { check } from './check.ts';
import { checkingRecords } from './check-records.ts';
import { WHOLE_BODY } from './read.ts';

/** What `checkBody` does; where the route says that there may be much to check, others get their turn meanwhile. */
export async function checkBodyInTurns(route: Route, body: unknown): Promise<unknown> {
  const { body: schema, body_records: records } = route;
  if (schema === undefined || records === undefined || body === undefined) return checkBody(route, body);
  return takeSteps(createPace(TURNS), checkingRecords(schema, records, body));
}

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
