import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

const byProfileKey = z.strictObject({ key: schemas.profileKey });

export const profileRoutes = {
  listProfiles: {
    ...endpoints.listProfiles,
    auth: 'admin',
    summary: 'List profiles by key, or those with certain attributes or segments',
    query: schemas.profileQuery,
    success: { status: 200, body: schemas.profilePage },
  },
  searchProfiles: {
    ...endpoints.searchProfiles,
    auth: 'admin',
    summary: 'List the profiles that a condition holds for; a request looks at 10,000 at most',
    body: schemas.profileSearch,
    success: { status: 200, body: schemas.profilePage },
  },
  uploadProfiles: {
    ...endpoints.uploadProfiles,
    auth: 'admin',
    summary: 'Make or replace many profiles, one JSON object a line; they are written as they arrive',
    upload: schemas.PROFILE_UPLOADS,
    success: { status: 200, body: schemas.uploaded },
  },
  getProfile: {
    ...endpoints.getProfile,
    auth: 'admin',
    summary: 'Read a profile and the segments it belongs to',
    params: byProfileKey,
    success: { status: 200, body: schemas.profileWithSegments },
  },
  putProfile: {
    ...endpoints.putProfile,
    auth: 'admin',
    summary: 'Make or replace a profile',
    params: byProfileKey,
    body: schemas.profileInput,
    success: { status: 200, body: schemas.profileWithSegments },
  },
  deleteProfile: {
    ...endpoints.deleteProfile,
    auth: 'admin',
    summary: 'Delete a profile for good',
    params: byProfileKey,
    success: { status: 204 },
  },
} as const satisfies Readonly<Record<string, Route>>;
