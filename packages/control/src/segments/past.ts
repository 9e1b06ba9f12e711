import { accept, MAX_SEGMENTS, restoredSegment } from '@spillway/core';
import { answered } from '../documents/answered.ts';
import { unversioned } from '../documents/document.ts';
import { createDocumentHistory } from '../documents/history.ts';
import { changeSegment, checkFelt, type SegmentChangeDeps } from './changing.ts';
import { namedIn } from './named.ts';
import { tooManySegments } from './refusals.ts';
import type { SegmentUseCases } from './use-cases.ts';

/** What segments were, and the way back to it. */
export function createSegmentPast(
  deps: SegmentChangeDeps,
): Pick<SegmentUseCases, 'history' | 'version' | 'compare' | 'restore'> {
  const { segments } = deps;
  const past = createDocumentHistory(deps, { noun: 'segments', name: 'segment' });

  return {
    ...past,
    async restore(call, key, version) {
      const found = await past.version(call, key, version);
      if (!found.ok) return found;
      const was = unversioned(found.value);
      await segments.lookAgainFor(namedIn(was));
      return answered(
        await changeSegment(deps, call, key, { restore: version }, async (segment) => {
          if (segment === undefined && segments.keys.size >= MAX_SEGMENTS) return tooManySegments();
          const after = restoredSegment(was, version, segments.segments);
          if (!after.ok) return after;
          const felt = segment === undefined ? after : await checkFelt(deps, call, segment, after.value);
          return felt.ok ? accept({ is: 'write', action: 'segment.restored', after: after.value }) : felt;
        }),
      );
    },
  };
}
