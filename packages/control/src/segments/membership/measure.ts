import { accept, enumerate, MAX_OVERLAPPING, type Outcome, overlapOf, refuse, type SegmentInput } from '@spillway/core';
import { belongsTo, compile } from '@spillway/evaluator';
import { wilsonInterval, Z_95 } from '@spillway/statistics';
import { lookAtProfiles, type Sampled } from '../../profiles/sample.ts';
import type { Snapshots } from '../../snapshots/snapshots.ts';
import { draftDefinition } from '../draft.ts';
import { findSegment, type SegmentDeps } from '../find.ts';
import type { Estimate, SegmentUseCases } from '../use-cases.ts';

export const CONFIDENCE = 0.95;
/** Measurements shown at once. */
const MAX_HISTORY = 500;

export interface MeasureDeps extends SegmentDeps {
  readonly snapshots: Pick<Snapshots, 'segmentsAlone'>;
}

type Measuring = Pick<SegmentUseCases, 'estimate' | 'estimateDraft' | 'overlap' | 'membership'>;

/** Says how large segments are and how they overlap, by the profiles that are kept. */
export function createMeasureUseCases(deps: MeasureDeps): Measuring {
  const { store, clock, project, segments, snapshots } = deps;

  async function estimate(key: string, configuration = snapshots.segmentsAlone()): Promise<Estimate> {
    let members = 0;
    const now = clock.now();
    const looked = await lookAtProfiles(deps, (context) => {
      if (belongsTo(configuration, key, context, now)) members += 1;
    });
    return estimateOf(members, looked);
  }

  return {
    async estimate(_, key) {
      const segment = await findSegment(deps, key);
      return segment.ok ? accept(await estimate(key)) : segment;
    },
    async estimateDraft(_, input: SegmentInput) {
      const { snapshot } = snapshots.segmentsAlone();
      const drafted = draftDefinition(input, segments.segments, snapshot.segments);
      if (!drafted.ok) return drafted;
      const changed = { ...snapshot.segments, [input.key]: drafted.value };
      return accept(await estimate(input.key, compile({ ...snapshot, segments: changed })));
    },
    async overlap(_, keys) {
      const wanted = [...new Set(keys)];
      const sound = checkOverlapping(wanted, segments.keys);
      if (!sound.ok) return sound;
      const configuration = snapshots.segmentsAlone();
      const now = clock.now();
      const counts = new Array<number>(2 ** wanted.length).fill(0);
      const looked = await lookAtProfiles(deps, (context) => {
        let mask = 0;
        wanted.forEach((key, index) => {
          if (belongsTo(configuration, key, context, now)) mask |= 1 << index;
        });
        counts[mask] = (counts[mask] ?? 0) + 1;
      });
      const { profiles, sampled } = looked;
      return accept({ profiles, sampled, ...overlapOf(wanted, counts) });
    },
    async membership(_, key) {
      const segment = await findSegment(deps, key);
      if (!segment.ok) return segment;
      const history = await store.memberships.history(project, key, MAX_HISTORY);
      const items = history.map(({ at_ms, profiles, sampled, members, entered, left }) => {
        return { at: new Date(at_ms).toISOString(), profiles, sampled, members, entered, left };
      });
      return accept({ items });
    },
  };
}

export function estimateOf(members: number, { profiles, sampled }: Sampled): Estimate {
  const share = sampled === 0 ? 0 : members / sampled;
  // Whoever has seen all estimates nothing.
  const { low, high } = sampled === profiles ? { low: share, high: share } : wilsonInterval(members, sampled, Z_95);
  const exact = sampled === profiles;
  const size = {
    members: Math.round(share * profiles),
    low: Math.round(low * profiles),
    high: Math.round(high * profiles),
  };
  return { profiles, sampled, exact, share, ...size, confidence: exact ? 1 : CONFIDENCE };
}

function checkOverlapping(keys: readonly string[], known: ReadonlySet<string>): Outcome<void> {
  const field = '/segments';
  if (keys.length < 2 || keys.length > MAX_OVERLAPPING) {
    const message = `must be 2 to ${MAX_OVERLAPPING} segments, such as a,b`;
    return refuse('invalid', `\`segments\` ${message}.`, { fields: [{ field, message }] });
  }
  const unknown = keys.filter((key) => !known.has(key));
  if (unknown.length === 0) return accept(undefined);
  const message = `names the unknown segments ${enumerate(unknown)}; known: ${enumerate(known)}`;
  return refuse('invalid', `\`segments\` ${message}.`, { fields: [{ field, message }] });
}
