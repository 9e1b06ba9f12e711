import { accept, compareFlag, flagsReachedBySegment, type Outcome, refuse } from '@spillway/core';
import {
  belongsTo,
  type Configuration,
  compile,
  type EvaluationContext,
  type SegmentDefinition,
} from '@spillway/evaluator';
import { type ContextSampleDeps, lookAtContexts } from '../contexts/sample.ts';
import { createPace } from '../pacing/pace.ts';
import { settle } from '../snapshots/settle.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { SegmentDirectory } from './directory.ts';
import { draftDefinition } from './draft.ts';
import type { SegmentPreviewIn, SegmentUseCases } from './use-cases.ts';

/** Flags that are compared in each environment. */
const MAX_FLAGS = 100;

export interface SegmentPreviewDeps extends ContextSampleDeps {
  readonly segments: SegmentDirectory;
  readonly snapshots: Pick<Snapshots, 'feed' | 'segmentsAlone'>;
}

/** What a change of a segment would do to the flags that use it, before it is made; nothing is written. */
export function createSegmentPreview(deps: SegmentPreviewDeps): Pick<SegmentUseCases, 'preview'> {
  const { environments, segments, snapshots } = deps;
  return {
    async preview(_, key, { segment, environment, contexts }) {
      if (segment.key !== key) return refuseOtherKey(key);
      const drafted = draftDefinition(segment, segments.segments, snapshots.segmentsAlone().snapshot.segments);
      if (!drafted.ok) return drafted;
      const previews: Record<string, SegmentPreviewIn> = {};
      for (const each of environment === undefined ? [...environments.keys] : [environment]) {
        const preview = await previewIn(deps, each, drafted.value, contexts);
        if (!preview.ok) return preview;
        previews[each] = preview.value;
      }
      return accept({ environments: previews });
    },
  };
}

async function previewIn(
  deps: SegmentPreviewDeps,
  environment: string,
  segment: SegmentDefinition,
  contexts: readonly EvaluationContext[] | undefined,
): Promise<Outcome<SegmentPreviewIn>> {
  const feed = await deps.snapshots.feed(environment);
  if (!feed.ok) return feed;
  // Each of these looks at every flag there is.
  const pace = createPace(deps.clock);
  const before = feed.value.configuration();
  await pace();
  const segments = { ...before.snapshot.segments, [segment.key]: segment };
  const after = compile({ ...before.snapshot, segments }, before);
  await pace();
  const reached = flagsReachedBySegment(after.snapshot, segment.key);
  await pace();
  await settle(pace, [before, after], reached[0] ?? segment.key);
  const now = deps.clock.now();
  const compared = reached
    .slice(0, MAX_FLAGS)
    .map((key) => ({ key, comparison: compareFlag(key, before, after, now) }));
  const members = countMembers(segment.key, before, after, now);
  const sample = await lookAtContexts(deps, environment, contexts, (context) => {
    members.look(context);
    for (const { comparison } of compared) comparison.try(context);
  });
  return accept({
    sample,
    members: members.counted(),
    flags: Object.fromEntries(compared.map(({ key, comparison }) => [key, comparison.result()])),
    flags_left_out: reached.length - compared.length,
  });
}

function countMembers(key: string, before: Configuration, after: Configuration, now: number) {
  const counted = { before: 0, after: 0, entered: 0, left: 0 };
  const isThere = Object.hasOwn(before.snapshot.segments, key);
  return {
    look(context: EvaluationContext): void {
      const was = isThere && belongsTo(before, key, context, now);
      const is = belongsTo(after, key, context, now);
      if (was) counted.before += 1;
      if (is) counted.after += 1;
      if (is && !was) counted.entered += 1;
      if (was && !is) counted.left += 1;
    },
    counted: () => ({ ...counted }),
  };
}

function refuseOtherKey(key: string) {
  return refuse('invalid', `A segment cannot be renamed: flags name it as ${key}. Leave the key as it is.`, {
    fields: [{ field: '/segment/key', message: `must be ${key}, as in the address` }],
  });
}
