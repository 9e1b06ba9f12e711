import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { key, listOf, page } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

const byKey = z.strictObject({ key });

export const switchRoutes = {
  listSwitches: {
    ...endpoints.listSwitches,
    auth: 'admin',
    summary: 'List kill switches',
    query: page,
    success: { status: 200, body: listOf(schemas.killSwitch) },
  },
  createSwitch: {
    ...endpoints.createSwitch,
    auth: 'admin',
    summary: 'Create a kill switch, inactive',
    body: schemas.killSwitchInput,
    success: { status: 201, body: schemas.killSwitch },
  },
  getSwitch: {
    ...endpoints.getSwitch,
    auth: 'admin',
    summary: 'Read a kill switch',
    params: byKey,
    success: { status: 200, body: schemas.killSwitch },
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
    body: schemas.activation,
    conditional: true,
    success: { status: 200, body: schemas.killSwitch },
  },
  releaseSwitch: {
    ...endpoints.releaseSwitch,
    auth: 'admin',
    summary: 'Release a kill switch',
    params: byKey,
    body: schemas.release,
    conditional: true,
    success: { status: 200, body: schemas.killSwitch },
  },
} as const satisfies Readonly<Record<string, Route>>;
