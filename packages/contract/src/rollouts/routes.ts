import { z } from 'zod';
import * as audit from '../audit/schemas.ts';
import { endpoints } from '../endpoints.ts';
import { key, listOf, page } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

const byKey = z.strictObject({ key });

export const rolloutRoutes = {
  listRollouts: {
    ...endpoints.listRollouts,
    auth: 'admin',
    summary: 'List rollouts',
    query: page,
    success: { status: 200, body: listOf(schemas.rollout) },
  },
  applyRollout: {
    ...endpoints.applyRollout,
    auth: 'admin',
    summary: 'Start a rollout, or start it anew under the same key',
    body: schemas.applyRollout,
    conditional: true,
    success: { status: 201, body: schemas.rollout },
  },
  getRollout: {
    ...endpoints.getRollout,
    auth: 'admin',
    summary: 'Read a rollout',
    params: byKey,
    success: { status: 200, body: schemas.rollout },
  },
  pauseRollout: {
    ...endpoints.pauseRollout,
    auth: 'admin',
    summary: 'Hold the present step',
    params: byKey,
    body: schemas.rolloutCommand,
    conditional: true,
    success: { status: 200, body: schemas.rollout },
  },
  resumeRollout: {
    ...endpoints.resumeRollout,
    auth: 'admin',
    summary: 'Go on after a hold',
    params: byKey,
    body: schemas.rolloutCommand,
    conditional: true,
    success: { status: 200, body: schemas.rollout },
  },
  promoteRollout: {
    ...endpoints.promoteRollout,
    auth: 'admin',
    summary: 'Skip the rest of this step, or of all steps',
    params: byKey,
    body: schemas.promoteCommand,
    conditional: true,
    success: { status: 200, body: schemas.rollout },
  },
  abortRollout: {
    ...endpoints.abortRollout,
    auth: 'admin',
    summary: 'Send all traffic back and stop the new version',
    params: byKey,
    body: schemas.rolloutCommand,
    conditional: true,
    success: { status: 200, body: schemas.rollout },
  },
  rolloutHistory: {
    ...endpoints.rolloutHistory,
    auth: 'admin',
    summary: 'Every decision with its numbers',
    params: byKey,
    query: page,
    success: { status: 200, body: listOf(audit.logEntry) },
  },
} as const satisfies Readonly<Record<string, Route>>;
