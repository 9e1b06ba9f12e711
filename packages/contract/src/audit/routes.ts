import { endpoints } from '../endpoints.ts';
import { listOf } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

export const auditRoutes = {
  listChanges: {
    ...endpoints.listChanges,
    auth: 'admin',
    summary: 'The change log, newest first',
    query: schemas.logQuery,
    success: { status: 200, body: listOf(schemas.listedEntry) },
  },
  exportChanges: {
    ...endpoints.exportChanges,
    auth: 'admin',
    summary: 'The change log as a file, newest first: JSON lines, or CSV for spreadsheets',
    query: schemas.exportQuery,
    success: { status: 200, file: ['application/x-ndjson', 'text/csv'] },
  },
  verifyChanges: {
    ...endpoints.verifyChanges,
    auth: 'admin',
    summary: 'Re-check the hash chain',
    success: { status: 200, body: schemas.verification },
  },
  changes: {
    ...endpoints.changes,
    auth: 'admin',
    summary: 'The change log as server-sent events, resumable by Last-Event-ID',
    success: { status: 200, stream: 'sse' },
  },
} as const satisfies Readonly<Record<string, Route>>;
