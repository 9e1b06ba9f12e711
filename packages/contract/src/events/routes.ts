import { endpoints } from '../endpoints.ts';
import { listOf } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

export const eventRoutes = {
  recordEvents: {
    ...endpoints.recordEvents,
    auth: 'sdk_or_client',
    cross_origin: true,
    summary: 'Events of an application, stored before this answers; the same id again is the same event',
    body: schemas.sentEvents,
    success: { status: 200, body: schemas.recorded },
  },
  listEvents: {
    ...endpoints.listEvents,
    auth: 'admin',
    summary: 'What applications sent, received last first',
    query: schemas.eventQuery,
    success: { status: 200, body: listOf(schemas.storedEvent) },
  },
} as const satisfies Readonly<Record<string, Route>>;
