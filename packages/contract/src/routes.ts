import { z } from 'zod';
import * as access from './access/schemas.ts';
import * as audit from './audit/schemas.ts';
import { definitionRoutes } from './definitions/routes.ts';
import { endpoints } from './endpoints.ts';
import { environmentRoutes } from './environments/routes.ts';
import * as client from './evaluation/client.ts';
import * as evaluation from './evaluation/schemas.ts';
import { json, key, listOf, page } from './fields.ts';
import { flagRoutes } from './flags/routes.ts';
import * as observations from './observations/schemas.ts';
import * as ofrep from './ofrep/schemas.ts';
import * as preview from './preview/schemas.ts';
import { profileRoutes } from './profiles/routes.ts';
import * as rollouts from './rollouts/schemas.ts';
import { defineRoutes } from './route.ts';
import { segmentRoutes } from './segments/routes.ts';
import * as services from './services/schemas.ts';
import * as switches from './switches/schemas.ts';

const byKey = z.strictObject({ key });
const serviceInEnvironment = z.strictObject({ environment: key, key });

/** Every door of the API, once. Server, client and OpenAPI document are made from this table. */
export const routes = defineRoutes({
  health: {
    ...endpoints.health,
    auth: 'public',
    summary: 'The process answers',
    success: { status: 200, body: json },
  },
  ready: {
    ...endpoints.ready,
    auth: 'public',
    summary: 'The store answers',
    success: { status: 200, body: json },
  },
  openapi: {
    ...endpoints.openapi,
    auth: 'public',
    summary: 'This document',
    success: { status: 200, body: json },
  },

  signIn: {
    ...endpoints.signIn,
    auth: 'public',
    summary: 'Exchange a one-time code for a session cookie',
    body: access.signIn,
    success: { status: 200, body: access.session },
  },
  whoAmI: {
    ...endpoints.whoAmI,
    auth: 'admin_or_sdk',
    summary: 'Whose credentials these are',
    success: { status: 200, body: access.session },
  },
  signOut: {
    ...endpoints.signOut,
    auth: 'admin',
    summary: 'End the session',
    success: { status: 204 },
  },
  createSignInCode: {
    ...endpoints.createSignInCode,
    auth: 'admin',
    summary: 'Make a one-time code that signs a browser in',
    success: { status: 201, body: access.signInCode },
  },
  listTokens: {
    ...endpoints.listTokens,
    auth: 'admin',
    summary: 'List tokens, without their secrets',
    query: page,
    success: { status: 200, body: listOf(access.token) },
  },
  createToken: {
    ...endpoints.createToken,
    auth: 'admin',
    summary: 'Issue a token',
    body: access.tokenInput,
    success: { status: 201, body: access.issuedToken },
  },
  revokeToken: {
    ...endpoints.revokeToken,
    auth: 'admin',
    summary: 'Revoke a token at once',
    params: z.strictObject({
      key: z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be the key of a token, as the list shows it'),
    }),
    success: { status: 204 },
  },

  ...environmentRoutes,

  ...flagRoutes,
  evaluateFlag: {
    ...endpoints.evaluateFlag,
    auth: 'admin_or_sdk',
    summary: 'Evaluate one flag',
    params: byKey,
    body: evaluation.evaluateOne,
    success: { status: 200, body: evaluation.explainedEvaluation },
  },
  evaluateFlags: {
    ...endpoints.evaluateFlags,
    auth: 'admin_or_sdk',
    summary: 'Evaluate several or all flags on one configuration',
    body: evaluation.evaluateMany,
    success: { status: 200, body: evaluation.evaluations },
  },
  ofrepEvaluateFlag: {
    ...endpoints.ofrepEvaluateFlag,
    auth: 'sdk_or_client',
    cross_origin: true,
    summary: 'Evaluate one flag (OpenFeature Remote Evaluation Protocol)',
    params: z.strictObject({ key: z.string().max(1_024) }),
    query: ofrep.ofrepQuery,
    body: ofrep.ofrepRequest,
    refusals: 'ofrep',
    success: { status: 200, body: ofrep.ofrepSuccess },
  },
  ofrepEvaluateFlags: {
    ...endpoints.ofrepEvaluateFlags,
    auth: 'sdk_or_client',
    cross_origin: true,
    summary: 'Evaluate all flags, with an ETag (OpenFeature Remote Evaluation Protocol)',
    query: ofrep.ofrepQuery,
    body: ofrep.ofrepRequest,
    refusals: 'ofrep',
    success: { status: 200, body: ofrep.ofrepBulk },
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

  ...segmentRoutes,
  ...profileRoutes,

  previewFlag: {
    ...endpoints.previewFlag,
    auth: 'admin',
    summary: 'What a change would do to these contexts, or to recent ones; nothing is saved',
    params: byKey,
    body: preview.previewInput,
    success: { status: 200, body: preview.preview },
  },
  previewSegment: {
    ...endpoints.previewSegment,
    auth: 'admin',
    summary: 'What a change of a segment would do to the flags that use it; nothing is saved',
    params: byKey,
    body: preview.segmentPreviewInput,
    success: { status: 200, body: preview.segmentPreview },
  },
  flagUsage: {
    ...endpoints.flagUsage,
    auth: 'admin',
    summary: 'How often the flag was answered, by environment, variant and hour',
    params: byKey,
    query: z.strictObject({ environment: key.exactOptional() }),
    success: { status: 200, body: observations.usage },
  },
  sendSummary: {
    ...endpoints.sendSummary,
    auth: 'sdk',
    summary: 'What an application has answered from its own memory, counted',
    body: observations.summary,
    success: { status: 202, body: observations.counted },
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

  ...definitionRoutes,

  listSwitches: {
    ...endpoints.listSwitches,
    auth: 'admin',
    summary: 'List kill switches',
    query: page,
    success: { status: 200, body: listOf(switches.killSwitch) },
  },
  createSwitch: {
    ...endpoints.createSwitch,
    auth: 'admin',
    summary: 'Create a kill switch, inactive',
    body: switches.killSwitchInput,
    success: { status: 201, body: switches.killSwitch },
  },
  getSwitch: {
    ...endpoints.getSwitch,
    auth: 'admin',
    summary: 'Read a kill switch',
    params: byKey,
    success: { status: 200, body: switches.killSwitch },
  },
  deleteSwitch: {
    ...endpoints.deleteSwitch,
    auth: 'admin',
    summary: 'Delete an inactive kill switch',
    params: byKey,
    conditional: true,
    success: { status: 204 },
  },
  activateSwitch: {
    ...endpoints.activateSwitch,
    auth: 'admin',
    summary: 'Fire a kill switch',
    params: byKey,
    body: switches.activation,
    success: { status: 200, body: switches.killSwitch },
  },
  releaseSwitch: {
    ...endpoints.releaseSwitch,
    auth: 'admin',
    summary: 'Release a kill switch',
    params: byKey,
    body: switches.release,
    success: { status: 200, body: switches.killSwitch },
  },

  listServices: {
    ...endpoints.listServices,
    auth: 'admin',
    summary: 'List services',
    query: page,
    success: { status: 200, body: listOf(services.service) },
  },
  putService: {
    ...endpoints.putService,
    auth: 'admin',
    summary: 'Create or change how a service is reached',
    params: serviceInEnvironment,
    body: services.serviceInput,
    conditional: true,
    success: { status: 200, body: services.service },
  },
  getService: {
    ...endpoints.getService,
    auth: 'admin',
    summary: 'Read a service',
    params: serviceInEnvironment,
    success: { status: 200, body: services.service },
  },
  serviceStatus: {
    ...endpoints.serviceStatus,
    auth: 'admin',
    summary: 'Instances, traffic split and recent health',
    params: serviceInEnvironment,
    query: z.strictObject({ since_ms: z.coerce.number().exactOptional() }),
    success: { status: 200, body: services.serviceStatus },
  },

  listRollouts: {
    ...endpoints.listRollouts,
    auth: 'admin',
    summary: 'List rollouts',
    query: page,
    success: { status: 200, body: listOf(rollouts.rollout) },
  },
  applyRollout: {
    ...endpoints.applyRollout,
    auth: 'admin',
    summary: 'Start a rollout, or start it anew under the same key',
    body: rollouts.applyRollout,
    success: { status: 201, body: rollouts.rollout },
  },
  getRollout: {
    ...endpoints.getRollout,
    auth: 'admin',
    summary: 'Read a rollout',
    params: byKey,
    success: { status: 200, body: rollouts.rollout },
  },
  pauseRollout: {
    ...endpoints.pauseRollout,
    auth: 'admin',
    summary: 'Hold the present step',
    params: byKey,
    body: rollouts.rolloutCommand,
    success: { status: 200, body: rollouts.rollout },
  },
  resumeRollout: {
    ...endpoints.resumeRollout,
    auth: 'admin',
    summary: 'Go on after a hold',
    params: byKey,
    body: rollouts.rolloutCommand,
    success: { status: 200, body: rollouts.rollout },
  },
  promoteRollout: {
    ...endpoints.promoteRollout,
    auth: 'admin',
    summary: 'Skip the rest of this step, or of all steps',
    params: byKey,
    body: rollouts.promoteCommand,
    success: { status: 200, body: rollouts.rollout },
  },
  abortRollout: {
    ...endpoints.abortRollout,
    auth: 'admin',
    summary: 'Send all traffic back and stop the new version',
    params: byKey,
    body: rollouts.rolloutCommand,
    success: { status: 200, body: rollouts.rollout },
  },
  rolloutHistory: {
    ...endpoints.rolloutHistory,
    auth: 'admin',
    summary: 'Every decision with its numbers',
    params: byKey,
    query: page,
    success: { status: 200, body: listOf(audit.logEntry) },
  },

  listChanges: {
    ...endpoints.listChanges,
    auth: 'admin',
    summary: 'The change log, newest first',
    query: audit.logQuery,
    success: { status: 200, body: listOf(audit.logEntry) },
  },
  exportChanges: {
    ...endpoints.exportChanges,
    auth: 'admin',
    summary: 'The change log as a file, newest first: JSON lines, or CSV for spreadsheets',
    query: audit.exportQuery,
    success: { status: 200, file: ['application/x-ndjson', 'text/csv'] },
  },
  verifyChanges: {
    ...endpoints.verifyChanges,
    auth: 'admin',
    summary: 'Re-check the hash chain',
    success: { status: 200, body: audit.verification },
  },
  changes: {
    ...endpoints.changes,
    auth: 'admin',
    summary: 'The change log as server-sent events, resumable by Last-Event-ID',
    success: { status: 200, stream: 'sse' },
  },
});

export type Routes = typeof routes;
export type RouteName = keyof Routes;
