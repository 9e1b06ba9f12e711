import {
  accept,
  checkSegmentMayGo,
  MAX_SEGMENTS,
  normaliseSegment,
  type Outcome,
  type Segment,
  type SegmentInput,
} from '@spillway/core';
import { answered, removed } from '../documents/answered.ts';
import { createPace } from '../pacing/pace.ts';
import { changeSegment, checkFelt, type SegmentChangeDeps } from './changing.ts';
import { dependentsOf } from './dependents.ts';
import { unknownSegment } from './find.ts';
import { gatherFingerprints } from './members/gather.ts';
import type { ImportDeps } from './members/import.ts';
import { EMPTY_LIST, importFingerprints, type MemberList } from './members/write.ts';
import { namedIn } from './named.ts';
import { refuseOtherKey, segmentExists, tooManySegments } from './refusals.ts';
import type { SegmentUseCases } from './use-cases.ts';

export type SegmentWritingDeps = SegmentChangeDeps & ImportDeps;

/** What segments are, as somebody says it. */
export function createSegmentWriting(deps: SegmentWritingDeps): Pick<SegmentUseCases, 'create' | 'replace' | 'remove'> {
  const { segments } = deps;
  return {
    async create(call, input) {
      await segments.lookAgainFor(namedIn(input));
      return answered(
        await changeSegment(deps, call, input.key, { create: input }, async (existing) => {
          if (existing !== undefined) return segmentExists(existing);
          if (segments.keys.size >= MAX_SEGMENTS) return tooManySegments();
          const after = await define(deps, input, EMPTY_LIST);
          return after.ok ? accept({ is: 'write', action: 'segment.created', after: after.value }) : after;
        }),
      );
    },
    async replace(call, key, input) {
      if (input.key !== key) return refuseOtherKey(key);
      await segments.lookAgainFor(namedIn(input));
      return answered(
        await changeSegment(deps, call, key, { replace: input }, async (segment) => {
          if (segment === undefined) return unknownSegment(key);
          const after = await define(deps, input, segment.members ?? EMPTY_LIST);
          if (!after.ok) return after;
          const felt = await checkFelt(deps, call, segment, after.value);
          return felt.ok ? accept({ is: 'write', action: 'segment.updated', after: after.value }) : felt;
        }),
      );
    },
    async remove(call, key) {
      return removed(
        await changeSegment(deps, call, key, { remove: true }, async (segment) => {
          if (segment === undefined) return unknownSegment(key);
          const mayGo = checkSegmentMayGo(key, await dependentsOf(deps, key));
          return mayGo.ok ? accept({ is: 'remove', action: 'segment.deleted' }) : mayGo;
        }),
      );
    },
  };
}

/** Checked before a list that comes along is put into the store. */
async function define(deps: SegmentWritingDeps, input: SegmentInput, before: MemberList): Promise<Outcome<Segment>> {
  const segment = normaliseSegment(input, deps.segments.segments, before);
  const keys = input.members?.keys;
  if (!segment.ok || keys === undefined || segment.value.members === undefined) return segment;
  const incoming = await gatherFingerprints([keys], createPace(deps.clock));
  if (!incoming.ok) return incoming;
  const { list } = await importFingerprints(deps, before, incoming.value, 'replace');
  return accept({ ...segment.value, members: { ...segment.value.members, ...list } });
}
