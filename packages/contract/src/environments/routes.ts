import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { key, listOf, page, reason } from '../fields.ts';
import type { Route } from '../route.ts';
import * as contexts from './contexts.ts';
import * as environments from './schemas.ts';

const byKey = z.strictObject({ key });
const withReason = z.strictObject({ reason: reason.exactOptional() });

export const environmentRoutes = {
  listEnvironments: {
    ...endpoints.listEnvironments,
    auth: 'admin',
    summary: 'List environments',
    query: page,
    success: { status: 200, body: listOf(environments.environment) },
  },
  createEnvironment: {
    ...endpoints.createEnvironment,
    auth: 'admin',
    summary: 'Create an environment',
    body: environments.environmentInput,
    success: { status: 201, body: environments.environment },
  },
  updateEnvironment: {
    ...endpoints.updateEnvironment,
    auth: 'admin',
    summary: "Change an environment's settings; what is left out stays",
    params: byKey,
    query: withReason,
    body: environments.environmentUpdate,
    conditional: true,
    success: { status: 200, body: environments.environment },
  },
  listContexts: {
    ...endpoints.listContexts,
    auth: 'admin',
    summary: 'A sample of whom an environment was asked for lately, as far as its settings let SDKs tell',
    params: byKey,
    query: page,
    success: { status: 200, body: contexts.contextPage },
  },
  deleteContexts: {
    ...endpoints.deleteContexts,
    auth: 'admin',
    summary: 'Delete all recent contexts of an environment for good, or those of one targeting key',
    params: byKey,
    query: z.strictObject({ targeting_key: contexts.targetingKey.exactOptional() }),
    success: { status: 200, body: contexts.deleted },
  },
} as const satisfies Readonly<Record<string, Route>>;
