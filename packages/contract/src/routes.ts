import { accessRoutes } from './access/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { definitionRoutes } from './definitions/routes.ts';
import { endpoints } from './endpoints.ts';
import { environmentRoutes } from './environments/routes.ts';
import { evaluationRoutes } from './evaluation/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { json } from './fields.ts';
import { flagRoutes } from './flags/routes.ts';
import { manifestRoutes } from './manifest/routes.ts';
import { observationRoutes } from './observations/routes.ts';
import { ofrepRoutes } from './ofrep/routes.ts';
import { previewRoutes } from './preview/routes.ts';
import { profileRoutes } from './profiles/routes.ts';
import { rolloutRoutes } from './rollouts/routes.ts';
import { defineRoutes } from './route.ts';
import { segmentRoutes } from './segments/routes.ts';
import { serviceRoutes } from './services/routes.ts';
import { switchRoutes } from './switches/routes.ts';

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
  ...accessRoutes,
  ...environmentRoutes,
  ...flagRoutes,
  ...evaluationRoutes,
  ...ofrepRoutes,
  ...manifestRoutes,
  ...segmentRoutes,
  ...profileRoutes,
  ...previewRoutes,
  ...observationRoutes,
  ...eventRoutes,
  ...definitionRoutes,
  ...switchRoutes,
  ...serviceRoutes,
  ...rolloutRoutes,
  ...auditRoutes,
});

export type Routes = typeof routes;
export type RouteName = keyof Routes;
