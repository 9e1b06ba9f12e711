import { cameAndWent, type Seen } from '@spillway/core';
import { belongsTo, readFingerprints, writeFingerprints } from '@spillway/evaluator';
import { createStopSignal } from '../../feed/stop-signal.ts';
import type { Clock, Log, Measurement, Store } from '../../ports/index.ts';
import { lookAtProfiles } from '../../profiles/sample.ts';
import type { Snapshots } from '../../snapshots/snapshots.ts';

/** How often memberships are measured anew when nothing is known to have changed: conditions may depend on the time. */
export const MEASURE_INTERVAL_MS = 10 * 60_000;
/** How long a change waits for others, so that an upload is measured once. */
export const SETTLE_MS = 2_000;
export const KEEP_MEASUREMENTS_MS = 90 * 24 * 60 * 60_000;
const LEASE_MS = 60_000;

export interface RecorderDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly project: string;
  readonly holder: string;
  readonly snapshots: Pick<Snapshots, 'segmentsAlone'>;
}

/** Measures who belongs to which segment after changes and from time to time, and records who came and went. */
export interface MembershipRecorder {
  /** Segments or profiles changed. */
  changed(): void;
  start(): void;
  stop(): Promise<void>;
}

export function createMembershipRecorder(deps: RecorderDeps): MembershipRecorder {
  const { store, clock, log, project, holder } = deps;
  const stopping = createStopSignal();
  const lease = `membership:${project}`;
  let wake = createStopSignal();
  let running: Promise<void> = Promise.resolve();

  async function measureUnderLease(): Promise<void> {
    const held = await store.acquireLease(lease, holder, clock.now(), LEASE_MS);
    if (held.is === 'taken') return;
    try {
      await measureAll(deps);
    } finally {
      await store.releaseLease(lease, holder);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(MEASURE_INTERVAL_MS, wake.signal);
      if (stopping.signal.aborted) break;
      await clock.sleep(SETTLE_MS, stopping.signal);
      if (stopping.signal.aborted) break;
      wake = createStopSignal();
      await measureUnderLease().catch((error: unknown) => {
        log.warn({ err: error }, 'Memberships could not be measured; trying again later');
      });
    }
  }

  return {
    changed: () => wake.stop(),
    start() {
      wake.stop();
      running = run();
    },
    async stop() {
      stopping.stop();
      wake.stop();
      await running;
    },
  };
}

/** One measurement of every segment over one look at the profiles; what stayed as it was is not recorded again. */
export async function measureAll(deps: Omit<RecorderDeps, 'holder'>): Promise<void> {
  const { store, clock, log, project, snapshots } = deps;
  const configuration = snapshots.segmentsAlone();
  const keys = Object.keys(configuration.snapshot.segments);
  if (keys.length === 0) return;
  const at_ms = clock.now();
  const ranks = new Map<string, number[]>(keys.map((key) => [key, []]));
  const { profiles, sampled, upto } = await lookAtProfiles(deps, (context, rank) => {
    for (const [key, found] of ranks) if (belongsTo(configuration, key, context, at_ms)) found.push(rank);
  });
  for (const [segment, found] of ranks) {
    // Two profiles of one rank count once, which happens to one pair in 10^15.
    const seen: Seen = { upto, ranks: Float64Array.from(new Set(found)) };
    const mark = await store.memberships.mark(project, segment);
    const before: Seen = mark === undefined ? NOTHING : { upto: mark.upto, ranks: readRanks(mark.ranks, log) };
    const changes = cameAndWent(before, seen);
    if (mark !== undefined && changes.entered + changes.left === 0) continue;
    const measurement: Measurement = { segment, at_ms, profiles, sampled, members: found.length, ...changes };
    await store.memberships.record(project, measurement, { segment, upto, ranks: writeFingerprints(seen.ranks) });
    await clock.sleep(0);
  }
  await store.memberships.forgetBefore(project, at_ms - KEEP_MEASUREMENTS_MS);
}

const NOTHING: Seen = { upto: Number.MAX_SAFE_INTEGER, ranks: new Float64Array() };

function readRanks(text: string, log: Log): Float64Array {
  try {
    return readFingerprints(text);
  } catch (error) {
    log.warn({ err: error }, 'The members of a measurement cannot be read; all are taken for new');
    return NOTHING.ranks;
  }
}
