import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { reason } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

/** An unknown key is one that is not found, whatever it looks like. */
const byKey = z.strictObject({ key: z.string().max(1_024) });
const withReason = z.strictObject({ reason: reason.exactOptional() });

/** The doors that OpenFeature's own command pulls manifests from and pushes them to. */
export const manifestRoutes = {
  manifest: {
    ...endpoints.manifest,
    auth: 'admin_or_sdk',
    refusals: 'manifest',
    summary: 'The flags that are not archived, as an OpenFeature manifest',
    success: { status: 200, body: schemas.manifest },
  },
  createManifestFlag: {
    ...endpoints.createManifestFlag,
    auth: 'admin',
    refusals: 'manifest',
    summary: 'Create a flag of an OpenFeature manifest, off in every environment',
    query: withReason,
    body: schemas.newManifestFlag,
    success: { status: 201, body: schemas.writtenManifestFlag },
  },
  updateManifestFlag: {
    ...endpoints.updateManifestFlag,
    auth: 'admin',
    refusals: 'manifest',
    summary: "Change a flag's description and what it serves when it is off; all else stays",
    params: byKey,
    query: withReason,
    body: schemas.changedManifestFlag,
    conditional: true,
    success: { status: 200, body: schemas.writtenManifestFlag },
  },
  archiveManifestFlag: {
    ...endpoints.archiveManifestFlag,
    auth: 'admin',
    refusals: 'manifest',
    summary: 'Archive a flag, so that the OpenFeature manifest has it no longer',
    params: byKey,
    query: withReason,
    conditional: true,
    success: { status: 200, body: schemas.archivedManifestFlag },
  },
} as const satisfies Readonly<Record<string, Route>>;
