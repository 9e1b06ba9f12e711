import type { Command } from 'commander';
import { expectAnswer } from '../output/print.ts';
import { describeRestored, segmentChangesText } from '../output/segment-view.ts';
import { addVersions } from './versions.ts';

/** `history` is who came and went. */
export function addSegmentVersions(segments: Command): void {
  addVersions(segments, {
    name: 'segment',
    listing: 'versions',
    changes: async (client, key, query) =>
      expectAnswer(await client.call('segmentHistory', { params: { key }, query })),
    compare: async (client, key, query) =>
      expectAnswer(await client.call('compareSegmentVersions', { params: { key }, query })),
    restore: async (client, key, restoring) =>
      expectAnswer(await client.call('restoreSegment', { params: { key }, ...restoring })),
    differences: segmentChangesText,
    describe: describeRestored,
  });
}
