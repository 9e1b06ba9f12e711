import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { key } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

const byKey = z.strictObject({ key });

export const observationRoutes = {
  flagUsage: {
    ...endpoints.flagUsage,
    auth: 'admin',
    summary: 'How often the flag was answered, by environment, variant and hour',
    params: byKey,
    query: z.strictObject({ environment: key.exactOptional() }),
    success: { status: 200, body: schemas.usage },
  },
  flagActivity: {
    ...endpoints.flagActivity,
    auth: 'admin',
    summary: 'How often several flags were answered in the last week, and when last',
    body: schemas.activityQuestion,
    success: { status: 200, body: schemas.activity },
  },
  listConnections: {
    ...endpoints.listConnections,
    auth: 'admin',
    summary: 'How many follow the configuration now, by environment: of the replica that answers',
    success: { status: 200, body: schemas.connections },
  },
  sendSummary: {
    ...endpoints.sendSummary,
    auth: 'sdk',
    summary: 'What an application has answered from its own memory, counted',
    body: schemas.summary,
    success: { status: 202, body: schemas.counted },
  },
} as const satisfies Readonly<Record<string, Route>>;
