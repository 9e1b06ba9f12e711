import { accept } from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import { dependentsOf } from './dependents.ts';
import { findSegment } from './find.ts';
import { listSegments } from './list.ts';
import { createMemberUseCases } from './members/import.ts';
import { createMeasureUseCases, type MeasureDeps } from './membership/measure.ts';
import { createSegmentPast } from './past.ts';
import { createSegmentPreview, type SegmentPreviewDeps } from './preview.ts';
import type { SegmentUseCases } from './use-cases.ts';
import { createSegmentWriting, type SegmentWritingDeps } from './writing.ts';

export type SegmentUseCaseDeps = SegmentWritingDeps & MeasureDeps & SegmentPreviewDeps;

export function createSegmentUseCases(deps: SegmentUseCaseDeps): SegmentUseCases {
  return forAdmins<SegmentUseCases>({
    list: (_, page) => listSegments(deps, page),
    get: (_, key) => findSegment(deps, key),
    async dependents(_, key) {
      const segment = await findSegment(deps, key);
      return segment.ok ? accept(await dependentsOf(deps, key)) : segment;
    },
    ...createSegmentWriting(deps),
    ...createMemberUseCases(deps),
    ...createMeasureUseCases(deps),
    ...createSegmentPreview(deps),
    ...createSegmentPast(deps),
  });
}
