import { API_VERSION } from '@spillway/contract';
import { accept, type DefinedFlag, type DefinedSegment } from '@spillway/core';
import { readEvents } from '../events/read-events.ts';
import { archivedFlag, writtenFlag } from '../manifest/answers.ts';
import { memberKeys } from '../upload/member-keys.ts';
import { profilesIn } from '../upload/profile-lines.ts';
import type { Handlers } from './handler.ts';
import { shownStaleness } from './staleness.ts';

/** One line per route: which use case it opens. */
export const handlers: Handlers = {
  createSignInCode: async (control, { call }) => {
    const made = await control.access.offerSignIn(call);
    return made.ok ? accept({ ...made.value, path: `/sign-in#code=${made.value.code}` }) : made;
  },
  listTokens: (control, { call, query }) => control.access.list(call, query),
  createToken: (control, { call, body }) => control.access.issue(call, body),
  revokeToken: (control, { call, params }) => control.access.revoke(call, params.key),

  listEnvironments: (control, { call, query }) => control.environments.list(call, query),
  createEnvironment: (control, { call, body }) => control.environments.create(call, body),
  updateEnvironment: (control, { call, params, body }) => control.environments.update(call, params.key, body),
  listContexts: (control, { call, params, query }) => control.contexts.list(call, params.key, query),
  deleteContexts: (control, { call, params, query }) => control.contexts.remove(call, params.key, query.targeting_key),

  listFlags: async (control, { call, query }) => {
    const page = await control.flags.list(call, query);
    if (!page.ok) return page;
    const items = page.value.items.map((flag) => ({ ...flag, stale: shownStaleness(flag.stale) }));
    return accept({ ...page.value, items });
  },
  createFlag: (control, { call, body }) => control.flags.create(call, body),
  getFlag: (control, { call, params }) => control.flags.get(call, params.key),
  replaceFlag: (control, { call, params, body }) => control.flags.replace(call, params.key, body),
  updateFlagEnvironment: (control, { call, params, body }) =>
    control.flags.updateEnvironment(call, params.key, params.environment, body),
  archiveFlag: (control, { call, params }) => control.flags.archive(call, params.key),
  deleteFlag: (control, { call, params }) => control.flags.remove(call, params.key),
  flagDependents: (control, { call, params }) => control.flags.dependents(call, params.key),
  flagReferences: (control, { call, params }) => control.flags.references(call, params.key),
  flagStaleness: async (control, { call, params }) => {
    const found = await control.flags.staleness(call, params.key);
    return found.ok ? accept({ stale: shownStaleness(found.value.stale) }) : found;
  },
  replaceCodeReferences: (control, { call, body }) => control.references.replace(call, body),
  flagHistory: (control, { call, params, query }) => control.flags.history(call, params.key, query),
  flagVersion: (control, { call, params }) => control.flags.version(call, params.key, params.version),
  compareFlagVersions: (control, { call, params, query }) => control.flags.compare(call, params.key, query),
  restoreFlag: (control, { call, params, body }) => control.flags.restore(call, params.key, body.version),

  manifest: (control, { call }) => control.manifest.list(call),
  createManifestFlag: async (control, { call, body: { name: _, ...flag } }) => {
    const written = await control.manifest.create(call, flag);
    return written.ok ? accept(writtenFlag(written.value)) : written;
  },
  updateManifestFlag: async (control, { call, params, body: { name: _, ...flag } }) => {
    const written = await control.manifest.update(call, params.key, flag);
    return written.ok ? accept(writtenFlag(written.value)) : written;
  },
  archiveManifestFlag: async (control, { call, params }) => {
    const archived = await control.manifest.archive(call, params.key);
    return archived.ok ? accept(archivedFlag(params.key, archived.value.archived_at_ms)) : archived;
  },

  listSegments: (control, { call, query }) => control.segments.list(call, query),
  createSegment: (control, { call, body }) => control.segments.create(call, body),
  getSegment: (control, { call, params }) => control.segments.get(call, params.key),
  replaceSegment: (control, { call, params, body }) => control.segments.replace(call, params.key, body),
  deleteSegment: (control, { call, params }) => control.segments.remove(call, params.key),
  segmentDependents: (control, { call, params }) => control.segments.dependents(call, params.key),
  segmentHistory: (control, { call, params, query }) => control.segments.history(call, params.key, query),
  segmentVersion: (control, { call, params }) => control.segments.version(call, params.key, params.version),
  compareSegmentVersions: (control, { call, params, query }) => control.segments.compare(call, params.key, query),
  restoreSegment: (control, { call, params, body }) => control.segments.restore(call, params.key, body.version),

  importMembers: (control, { call, params, query, upload }) =>
    control.segments.importMembers(call, params.key, query.mode, memberKeys(upload, query.column)),
  checkMembers: (control, { call, params, body }) => control.segments.checkMembers(call, params.key, body.keys),

  estimateSegment: (control, { call, params }) => control.segments.estimate(call, params.key),
  estimateDraft: (control, { call, body }) => control.segments.estimateDraft(call, body.segment),
  segmentOverlap: (control, { call, query }) => control.segments.overlap(call, query.segments.split(',')),
  segmentMembership: (control, { call, params }) => control.segments.membership(call, params.key),

  listProfiles: (control, { call, query: { search, attributes, segments, ...page } }) =>
    control.profiles.list(call, {
      ...page,
      ...(search === undefined ? {} : { prefix: search }),
      attributes: attributes?.split(','),
      segments: segments?.split(','),
    }),
  searchProfiles: (control, { call, body: { search, ...page } }) =>
    control.profiles.list(call, { ...page, ...(search === undefined ? {} : { prefix: search }) }),
  uploadProfiles: (control, { call, upload }) => control.profiles.upload(call, profilesIn(upload)),
  getProfile: (control, { call, params }) => control.profiles.get(call, params.key),
  putProfile: (control, { call, params, body }) => control.profiles.put(call, { key: params.key, ...body }),
  deleteProfile: (control, { call, params }) => control.profiles.remove(call, params.key),

  evaluateFlag: (control, { call, params, body: { context, at, ...how } }) =>
    control.evaluation.one(call, params.key, context, { ...how, ...(at === undefined ? {} : { at_ms: at }) }),
  evaluateFlags: (control, { call, body: { context, at, ...how } }) =>
    control.evaluation.many(call, context, { ...how, ...(at === undefined ? {} : { at_ms: at }) }),

  exportDefinitions: async (control, { call, query }) => {
    const exported = await control.definitions.export(call, query);
    return exported.ok ? accept({ apiVersion: API_VERSION, kind: 'Definitions', ...exported.value }) : exported;
  },
  planDefinitions: (control, { call, body: { definitions, ...terms } }) =>
    control.definitions.plan(call, defined(definitions), { prune: false, ...terms }),
  applyDefinitions: (control, { call, body: { definitions, fingerprint, reason: _, ...terms } }) =>
    control.definitions.apply(call, defined(definitions), { prune: false, ...terms }, fingerprint),

  previewFlag: (control, { call, params, body }) => control.flags.preview(call, params.key, body),
  previewSegment: (control, { call, params, body }) => control.segments.preview(call, params.key, body),
  flagUsage: (control, { call, params, query }) => control.observations.usage(call, params.key, query.environment),
  flagActivity: (control, { call, body }) => control.observations.activity(call, body.flags),
  sendSummary: (control, { call, body: { from: _, to, ...summary } }) =>
    control.observations.summarise(call, { to_ms: to, ...summary }),

  recordEvents: async (control, { call, body }) => {
    const { events, refused } = readEvents(body.events);
    const recorded = await control.events.record(call, { events, source: body.source });
    return recorded.ok ? accept({ ...recorded.value, refused }) : recorded;
  },
  listEvents: (control, { call, query }) => control.events.list(call, query),

  listSwitches: (control, { call, query }) => control.switches.list(call, query),
  createSwitch: (control, { call, body }) => control.switches.create(call, body),
  getSwitch: (control, { call, params }) => control.switches.get(call, params.key),
  deleteSwitch: (control, { call, params }) => control.switches.remove(call, params.key),
  activateSwitch: (control, { call, params, body: { reason: _, ...cover } }) =>
    control.switches.activate(call, params.key, cover),
  releaseSwitch: (control, { call, params }) => control.switches.release(call, params.key),

  listServices: (control, { call, query }) => control.services.list(call, query),
  putService: (control, { call, params, body }) => control.services.put(call, params.environment, params.key, body),
  getService: (control, { call, params }) => control.services.get(call, params.environment, params.key),
  serviceStatus: (control, { call, params, query }) =>
    control.services.status(call, params.environment, params.key, query.since_ms),

  listRollouts: (control, { call, query }) => control.rollouts.list(call, query),
  applyRollout: (control, { call, body }) => control.rollouts.apply(call, body.plan),
  getRollout: (control, { call, params }) => control.rollouts.get(call, params.key),
  pauseRollout: (control, { call, params }) => control.rollouts.command(call, params.key, 'pause'),
  resumeRollout: (control, { call, params }) => control.rollouts.command(call, params.key, 'resume'),
  promoteRollout: (control, { call, params, body }) =>
    control.rollouts.command(call, params.key, body.full ? 'promote_fully' : 'promote'),
  abortRollout: (control, { call, params }) => control.rollouts.command(call, params.key, 'abort'),
  rolloutHistory: (control, { call, params, query }) => control.rollouts.history(call, params.key, query),

  listChanges: (control, { call, query }) => control.audit.list(call, query),
  verifyChanges: (control, { call }) => control.audit.verify(call),
};

/** What says nothing of a noun defines none of it. */
function defined({
  flags = {},
  segments = {},
}: {
  readonly flags?: Readonly<Record<string, DefinedFlag>>;
  readonly segments?: Readonly<Record<string, DefinedSegment>>;
}) {
  return { flags, segments };
}
