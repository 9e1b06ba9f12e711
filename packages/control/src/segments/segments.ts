import {
  accept,
  canonicalise,
  checkReason,
  checkSegmentMayGo,
  defineSegment,
  isUsed,
  MAX_SEGMENTS,
  normaliseSegment,
  type Outcome,
  refuse,
  restoredSegment,
  type Segment,
  type SegmentInput,
  segmentReferences,
} from '@spillway/core';
import { requireAdmin } from '../access/permission.ts';
import type { Call, Versioned } from '../call.ts';
import { answered, removed } from '../documents/answered.ts';
import type { Decision } from '../documents/changes.ts';
import { toJson } from '../documents/document.ts';
import { createDocumentHistory } from '../documents/history.ts';
import type { Structure } from '../documents/structure.ts';
import { createPace } from '../pacing/pace.ts';
import { dependentsOf } from './dependents.ts';
import { findSegment, unknownSegment } from './find.ts';
import { listSegments } from './list.ts';
import { gatherFingerprints } from './members/gather.ts';
import { createMemberUseCases, type ImportDeps } from './members/import.ts';
import { EMPTY_LIST, importFingerprints, type MemberList } from './members/write.ts';
import { createMeasureUseCases, type MeasureDeps } from './membership/measure.ts';
import { createSegmentPreview, type SegmentPreviewDeps } from './preview.ts';
import type { SegmentUseCases } from './use-cases.ts';

export type SegmentUseCaseDeps = ImportDeps & MeasureDeps & SegmentPreviewDeps & { readonly structure: Structure };

export function createSegmentUseCases(deps: SegmentUseCaseDeps): SegmentUseCases {
  const { changes, environments, segments } = deps;
  const history = createDocumentHistory(deps);
  const subject = (key: string) => ({ noun: 'segments', key, name: 'segment' }) as const;

  function change(
    call: Call,
    key: string,
    asked: object,
    decide: (segment: Versioned<Segment> | undefined) => Promise<Outcome<Decision<Segment>>>,
  ) {
    return deps.structure((fence) =>
      changes.change(call, { noun: 'segments', key, name: 'segment', request: asked, fence }, decide),
    );
  }

  /** Checked before a list that comes along is put into the store. */
  async function define(input: SegmentInput, before: MemberList): Promise<Outcome<Segment>> {
    const segment = normaliseSegment(input, segments.segments, before);
    const keys = input.members?.keys;
    if (!segment.ok || keys === undefined || segment.value.members === undefined) return segment;
    const incoming = await gatherFingerprints([keys], createPace(deps.clock));
    if (!incoming.ok) return incoming;
    const { list } = await importFingerprints(deps, before, incoming.value, 'replace');
    return accept({ ...segment.value, members: { ...segment.value.members, ...list } });
  }

  /** A segment that nothing uses changes what nobody gets. */
  async function checkFelt(call: Call, before: Segment, after: Segment): Promise<Outcome<void>> {
    if (meaningOf(before) === meaningOf(after)) return accept(undefined);
    const used = isUsed(await dependentsOf(deps, before.key));
    return used ? checkReason(environments.all(), call.reason) : accept(undefined);
  }

  return {
    ...createMemberUseCases(deps),
    ...createMeasureUseCases(deps),
    ...createSegmentPreview(deps),
    async list(call, page) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      return listSegments(deps, page);
    },
    get: (call, key) => findSegment(deps, call, key),
    async create(call, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await segments.lookAgainFor(namedIn(input));
      return answered(
        await change(call, input.key, { create: input }, async (existing) => {
          if (existing !== undefined) return segmentExists(existing);
          if (segments.keys.size >= MAX_SEGMENTS) return tooMany();
          const after = await define(input, EMPTY_LIST);
          return after.ok ? accept({ is: 'write', action: 'segment.created', after: after.value }) : after;
        }),
      );
    },
    async replace(call, key, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      if (input.key !== key) return refuseOtherKey(key);
      await segments.lookAgainFor(namedIn(input));
      return answered(
        await change(call, key, { replace: input }, async (segment) => {
          if (segment === undefined) return unknownSegment(key);
          const after = await define(input, segment.members ?? EMPTY_LIST);
          if (!after.ok) return after;
          const felt = await checkFelt(call, segment, after.value);
          return felt.ok ? accept({ is: 'write', action: 'segment.updated', after: after.value }) : felt;
        }),
      );
    },
    async remove(call, key) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      return removed(
        await change(call, key, { remove: true }, async (segment) => {
          if (segment === undefined) return unknownSegment(key);
          const mayGo = checkSegmentMayGo(key, await dependentsOf(deps, key));
          return mayGo.ok ? accept({ is: 'remove', action: 'segment.deleted' }) : mayGo;
        }),
      );
    },
    async dependents(call, key) {
      const segment = await findSegment(deps, call, key);
      return segment.ok ? accept(await dependentsOf(deps, key)) : segment;
    },
    history: (call, key, page) => history.changes(call, subject(key), page),
    version: (call, key, version) => history.version(call, subject(key), version),
    compare: (call, key, range) => history.compare(call, subject(key), range),
    async restore(call, key, version) {
      const past = await history.version(call, subject(key), version);
      if (!past.ok) return past;
      const { version: _, ...was } = past.value;
      await segments.lookAgainFor(namedIn(was));
      return answered(
        await change(call, key, { restore: version }, async (segment) => {
          if (segment === undefined && segments.keys.size >= MAX_SEGMENTS) return tooMany();
          const after = restoredSegment(was, version, segments.segments);
          if (!after.ok) return after;
          const felt = segment === undefined ? after : await checkFelt(call, segment, after.value);
          return felt.ok ? accept({ is: 'write', action: 'segment.restored', after: after.value }) : felt;
        }),
      );
    },
  };
}

function namedIn({ when = { all: [] }, score, parents, exclusions }: SegmentInput): readonly string[] {
  const parts = {
    when,
    ...(score === undefined ? {} : { score }),
    parents: parents ?? [],
    exclusions: exclusions ?? [],
  };
  return segmentReferences(parts).map(({ segment }) => segment);
}

/** What evaluation depends on. */
function meaningOf(segment: Segment): string {
  const chunks = segment.members?.chunks.map(({ digest }) => digest) ?? [];
  return canonicalise(toJson(defineSegment(segment, 0, chunks.join())));
}

function segmentExists({ key }: Segment) {
  return refuse('exists', `There is a segment ${key} already. Change that one, or choose another key.`, {
    fields: [{ field: '/key', message: 'is taken' }],
  });
}

function refuseOtherKey(key: string) {
  return refuse('invalid', `A segment cannot be renamed: flags name it as ${key}. Leave the key as it is.`, {
    fields: [{ field: '/key', message: `must be ${key}, as in the address` }],
  });
}

function tooMany() {
  return refuse('conflict', `There are ${MAX_SEGMENTS} segments already; no more are allowed. Delete some first.`);
}
