import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { json } from '../fields.ts';
import { LARGE_BODY, type Route } from '../route.ts';
import * as definitions from './plan.ts';
import { managedBy } from './schemas.ts';

const RECORDS = [
  ['definitions', 'flags'],
  ['definitions', 'segments'],
] as const;

/** Everything at once: flags and segments as code. */
export const definitionRoutes = {
  definitionsSchema: {
    ...endpoints.definitionsSchema,
    auth: 'public',
    summary: 'The JSON Schema of files of definitions, for editors',
    success: { status: 200, body: json },
  },
  exportDefinitions: {
    ...endpoints.exportDefinitions,
    auth: 'admin',
    summary: 'All active flags and segments as definitions',
    query: z.strictObject({ managed_by: managedBy.exactOptional() }),
    success: { status: 200, body: definitions.exportedDefinitions },
  },
  planDefinitions: {
    ...endpoints.planDefinitions,
    auth: 'admin',
    summary: 'What applying definitions would change',
    body: definitions.definitionsToPlan,
    body_limits: LARGE_BODY,
    body_records: RECORDS,
    success: { status: 200, body: definitions.definitionPlan },
  },
  applyDefinitions: {
    ...endpoints.applyDefinitions,
    auth: 'admin',
    summary: 'Make it so: all of a plan in one commit, or nothing',
    body: definitions.definitionsToApply,
    body_limits: LARGE_BODY,
    body_records: RECORDS,
    success: { status: 200, body: definitions.definitionPlan },
  },
} as const satisfies Readonly<Record<string, Route>>;
