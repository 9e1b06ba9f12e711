import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { key, listOf, page, reason } from '../fields.ts';
import * as history from '../history/schemas.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

const byKey = z.strictObject({ key });
const withReason = z.strictObject({ reason: reason.exactOptional() });

export const segmentRoutes = {
  listSegments: {
    ...endpoints.listSegments,
    auth: 'admin',
    summary: 'List segments',
    query: z.strictObject({ ...page.shape, search: z.string().max(256).exactOptional() }),
    success: { status: 200, body: schemas.segmentPage },
  },
  createSegment: {
    ...endpoints.createSegment,
    auth: 'admin',
    summary: 'Create a segment',
    query: withReason,
    body: schemas.segmentInput,
    success: { status: 201, body: schemas.segment },
  },
  getSegment: {
    ...endpoints.getSegment,
    auth: 'admin',
    summary: 'Read a segment',
    params: byKey,
    success: { status: 200, body: schemas.segment },
  },
  replaceSegment: {
    ...endpoints.replaceSegment,
    auth: 'admin',
    summary: 'Replace a segment',
    params: byKey,
    query: withReason,
    body: schemas.segmentInput,
    conditional: true,
    success: { status: 200, body: schemas.segment },
  },
  deleteSegment: {
    ...endpoints.deleteSegment,
    auth: 'admin',
    summary: 'Delete a segment that nothing uses',
    params: byKey,
    query: withReason,
    conditional: true,
    success: { status: 204 },
  },
  segmentDependents: {
    ...endpoints.segmentDependents,
    auth: 'admin',
    summary: 'The flags, segments and kill switches that use a segment',
    params: byKey,
    success: { status: 200, body: schemas.segmentDependents },
  },
  segmentHistory: {
    ...endpoints.segmentHistory,
    auth: 'admin',
    summary: "A segment's changes, newest first; also of one that is gone",
    params: byKey,
    query: page,
    success: { status: 200, body: listOf(history.entry) },
  },
  segmentVersion: {
    ...endpoints.segmentVersion,
    auth: 'admin',
    summary: 'A segment as it was at a version',
    params: history.versionOf,
    success: { status: 200, body: schemas.segment },
  },
  compareSegmentVersions: {
    ...endpoints.compareSegmentVersions,
    auth: 'admin',
    summary: 'What differs between two versions of a segment; the newest and the one before it unless said otherwise',
    params: byKey,
    query: history.range,
    success: { status: 200, body: history.comparison },
  },
  restoreSegment: {
    ...endpoints.restoreSegment,
    auth: 'admin',
    summary: 'Make a segment again what it was at a version, its list with it, as a new change',
    params: byKey,
    body: history.restoring,
    conditional: true,
    success: { status: 200, body: schemas.segment },
  },

  importMembers: {
    ...endpoints.importMembers,
    auth: 'admin',
    summary: "Replace, add to or remove from a segment's list",
    params: byKey,
    query: schemas.importQuery,
    upload: schemas.MEMBER_UPLOADS,
    conditional: true,
    success: { status: 200, body: schemas.memberImport },
  },
  checkMembers: {
    ...endpoints.checkMembers,
    auth: 'admin',
    summary: "Which keys a segment's list holds",
    params: byKey,
    body: schemas.memberCheckInput,
    success: { status: 200, body: schemas.memberCheck },
  },

  estimateSegment: {
    ...endpoints.estimateSegment,
    auth: 'admin',
    summary: 'How many of the profiles belong to a segment',
    params: byKey,
    success: { status: 200, body: schemas.estimate },
  },
  estimateDraft: {
    ...endpoints.estimateDraft,
    auth: 'admin',
    summary: 'How many of the profiles would belong to a segment that is not stored',
    body: schemas.estimateInput,
    success: { status: 200, body: schemas.estimate },
  },
  segmentOverlap: {
    ...endpoints.segmentOverlap,
    auth: 'admin',
    summary: 'How many profiles segments have in common: per pair and per combination',
    query: schemas.overlapQuery,
    success: { status: 200, body: schemas.overlap },
  },
  segmentMembership: {
    ...endpoints.segmentMembership,
    auth: 'admin',
    summary: 'Who came and went over time, the newest first',
    params: byKey,
    success: { status: 200, body: schemas.membership },
  },
} as const satisfies Readonly<Record<string, Route>>;
