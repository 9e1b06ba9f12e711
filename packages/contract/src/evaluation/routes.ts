import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { json, key } from '../fields.ts';
import type { Route } from '../route.ts';
import * as client from './client.ts';
import * as schemas from './schemas.ts';

const byKey = z.strictObject({ key });

export const evaluationRoutes = {
  evaluateFlag: {
    ...endpoints.evaluateFlag,
    auth: 'admin_or_sdk',
    summary: 'Evaluate one flag',
    params: byKey,
    body: schemas.evaluateOne,
    success: { status: 200, body: schemas.explainedEvaluation },
  },
  evaluateFlags: {
    ...endpoints.evaluateFlags,
    auth: 'admin_or_sdk',
    summary: 'Evaluate several or all flags on one configuration',
    body: schemas.evaluateMany,
    success: { status: 200, body: schemas.evaluations },
  },
  clientEvaluations: {
    ...endpoints.clientEvaluations,
    auth: 'client',
    cross_origin: true,
    summary: "Every flag's value for one context, with an ETag; for browsers",
    body: client.clientQuestion,
    success: { status: 200, body: client.clientValues },
  },
  clientStream: {
    ...endpoints.clientStream,
    auth: 'client',
    cross_origin: true,
    summary: 'The values for one context as server-sent events: all of them, then those that change',
    body: client.clientQuestion,
    success: { status: 200, stream: 'sse' },
  },
  snapshot: {
    ...endpoints.snapshot,
    auth: 'sdk',
    summary: "The environment's configuration, with an ETag",
    success: { status: 200, body: json },
  },
  stream: {
    ...endpoints.stream,
    auth: 'sdk',
    summary: 'Configuration changes as server-sent events, resumable by Last-Event-ID',
    success: { status: 200, stream: 'sse' },
  },
} as const satisfies Readonly<Record<string, Route>>;
