import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { key, listOf, page } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

const serviceInEnvironment = z.strictObject({ environment: key, key });

export const serviceRoutes = {
  listServices: {
    ...endpoints.listServices,
    auth: 'admin',
    summary: 'List services',
    query: page,
    success: { status: 200, body: listOf(schemas.service) },
  },
  putService: {
    ...endpoints.putService,
    auth: 'admin',
    summary: 'Create or change how a service is reached',
    params: serviceInEnvironment,
    body: schemas.serviceInput,
    conditional: true,
    success: { status: 200, body: schemas.service },
  },
  getService: {
    ...endpoints.getService,
    auth: 'admin',
    summary: 'Read a service',
    params: serviceInEnvironment,
    success: { status: 200, body: schemas.service },
  },
  serviceStatus: {
    ...endpoints.serviceStatus,
    auth: 'admin',
    summary: 'Instances, traffic split and recent health',
    params: serviceInEnvironment,
    query: z.strictObject({ since_ms: z.coerce.number().exactOptional() }),
    success: { status: 200, body: schemas.serviceStatus },
  },
} as const satisfies Readonly<Record<string, Route>>;
