import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

export const ofrepRoutes = {
  ofrepEvaluateFlag: {
    ...endpoints.ofrepEvaluateFlag,
    auth: 'sdk_or_client',
    cross_origin: true,
    summary: 'Evaluate one flag (OpenFeature Remote Evaluation Protocol)',
    params: z.strictObject({ key: z.string().max(1_024) }),
    query: schemas.ofrepQuery,
    body: schemas.ofrepRequest,
    refusals: 'ofrep',
    success: { status: 200, body: schemas.ofrepSuccess },
  },
  ofrepEvaluateFlags: {
    ...endpoints.ofrepEvaluateFlags,
    auth: 'sdk_or_client',
    cross_origin: true,
    summary: 'Evaluate all flags, with an ETag (OpenFeature Remote Evaluation Protocol)',
    query: schemas.ofrepQuery,
    body: schemas.ofrepRequest,
    refusals: 'ofrep',
    success: { status: 200, body: schemas.ofrepBulk },
  },
  ofrepEventStream: {
    ...endpoints.ofrepEventStream,
    auth: 'sdk_or_client',
    cross_origin: true,
    ticket: true,
    summary: 'Tells when to evaluate again, as server-sent events (OpenFeature Remote Evaluation Protocol)',
    query: schemas.ofrepEventQuery,
    success: { status: 200, stream: 'sse' },
  },
} as const satisfies Readonly<Record<string, Route>>;
