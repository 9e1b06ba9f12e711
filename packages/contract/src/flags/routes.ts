import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { key, listOf, page, reason } from '../fields.ts';
import * as history from '../history/schemas.ts';
import type { Route } from '../route.ts';
import * as lifecycle from './lifecycle.ts';
import * as flags from './schemas.ts';

const byKey = z.strictObject({ key });
const withReason = z.strictObject({ reason: reason.exactOptional() });
const flagInEnvironment = z.strictObject({ key, environment: key });

/** The doors to flags, what they were and what depends on them. */
export const flagRoutes = {
  listFlags: {
    ...endpoints.listFlags,
    auth: 'admin',
    summary: 'List flags',
    query: lifecycle.flagQuery,
    success: { status: 200, body: lifecycle.flagPage },
  },
  createFlag: {
    ...endpoints.createFlag,
    auth: 'admin',
    summary: 'Create a flag, prepared for its kind and off unless it says otherwise',
    query: withReason,
    body: flags.newFlag,
    success: { status: 201, body: flags.flag },
  },
  getFlag: {
    ...endpoints.getFlag,
    auth: 'admin',
    summary: 'Read a flag',
    params: byKey,
    success: { status: 200, body: flags.flag },
  },
  replaceFlag: {
    ...endpoints.replaceFlag,
    auth: 'admin',
    summary: 'Replace a flag',
    params: byKey,
    query: withReason,
    body: flags.flagInput,
    conditional: true,
    success: { status: 200, body: flags.flag },
  },
  updateFlagEnvironment: {
    ...endpoints.updateFlagEnvironment,
    auth: 'admin',
    summary: "Change a flag's state in one environment; what is left out stays",
    params: flagInEnvironment,
    query: withReason,
    body: flags.flagEnvironmentInput,
    conditional: true,
    success: { status: 200, body: flags.flag },
  },
  archiveFlag: {
    ...endpoints.archiveFlag,
    auth: 'admin',
    summary: 'Archive a flag',
    params: byKey,
    body: withReason,
    conditional: true,
    success: { status: 200, body: flags.flag },
  },
  deleteFlag: {
    ...endpoints.deleteFlag,
    auth: 'admin',
    summary: 'Delete a flag',
    params: byKey,
    query: withReason,
    conditional: true,
    success: { status: 204 },
  },
  flagDependents: {
    ...endpoints.flagDependents,
    auth: 'admin',
    summary: 'The flags, kill switches and places in code that depend on a flag',
    params: byKey,
    success: { status: 200, body: lifecycle.flagDependents },
  },
  flagReferences: {
    ...endpoints.flagReferences,
    auth: 'admin',
    summary: 'Where a flag stands in code',
    params: byKey,
    success: { status: 200, body: lifecycle.flagReferences },
  },
  flagStaleness: {
    ...endpoints.flagStaleness,
    auth: 'admin',
    summary: 'Whether a flag seems to have served its time, why and since when',
    params: byKey,
    success: { status: 200, body: lifecycle.flagStaleness },
  },
  replaceCodeReferences: {
    ...endpoints.replaceCodeReferences,
    auth: 'admin',
    summary: "Tell where flags stand in a repository's code; takes the place of what was told of it before",
    body: lifecycle.codeReferencesInput,
    conditional: true,
    success: { status: 200, body: lifecycle.codeReferences },
  },
  flagHistory: {
    ...endpoints.flagHistory,
    auth: 'admin',
    summary: "A flag's changes, newest first; also of one that is gone",
    params: byKey,
    query: page,
    success: { status: 200, body: listOf(history.entry) },
  },
  flagVersion: {
    ...endpoints.flagVersion,
    auth: 'admin',
    summary: 'A flag as it was at a version',
    params: history.versionOf,
    success: { status: 200, body: flags.flag },
  },
  compareFlagVersions: {
    ...endpoints.compareFlagVersions,
    auth: 'admin',
    summary: 'What differs between two versions of a flag; the newest and the one before it unless said otherwise',
    params: byKey,
    query: history.range,
    success: { status: 200, body: history.comparison },
  },
  restoreFlag: {
    ...endpoints.restoreFlag,
    auth: 'admin',
    summary: 'Make a flag again what it was at a version, as a new change',
    params: byKey,
    body: history.restoring,
    conditional: true,
    success: { status: 200, body: flags.flag },
  },
} as const satisfies Readonly<Record<string, Route>>;
