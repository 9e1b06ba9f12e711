import {
  type Advance,
  advance,
  advanceOnMovedClock,
  type EffectOutcome,
  isFinal,
  nextWakeMs,
  type Rollout,
  sameShares,
} from '@spillway/core';
import { SYSTEM_ACTOR } from '../access/actor.ts';
import { fromStored, toJson } from '../documents/document.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Fence, Stored, Write } from '../ports/index.ts';
import { type ClockReading, jumpBetween, readClock } from './clock-jump.ts';
import { observe, type Seen } from './observe.ts';
import { PERFORM_TIMEOUT_MS, within } from './patience.ts';
import { type PerformDeps, perform } from './perform.ts';
import { routeFor, sameRoute, sharesOf } from './route.ts';
import { actionOf, reasonOf, toldInLog } from './telling.ts';

/** Longer than any single effect may take. After a crash another process takes over when it has run out. */
export const LEASE_MS = 6_000;

/** Pauses between attempts at effects that fail: twice as long each time. */
const RETRY_FIRST_MS = 200;
const RETRY_LONGEST_MS = 5_000;

export interface DriveDeps extends PerformDeps {
  /** Names this process to the store: a lease belongs to a holder. */
  readonly holder: string;
  readonly follower: Pick<LogFollower, 'committed'>;
}

/** What a driver remembers of one rollout between passes. Losing it costs repetition, nothing else. */
export interface DriveMemory {
  readonly outcomes: Map<string, EffectOutcome>;
  failuresInARow: number;
  /** When this driver last saw the rollout's times and the clock agree. */
  clock: ClockReading | undefined;
}

export function newDriveMemory(): DriveMemory {
  return { outcomes: new Map(), failuresInARow: 0, clock: undefined };
}

export type DrivePass =
  | { readonly is: 'taken'; readonly again_in_ms: number }
  | { readonly is: 'gone' }
  | { readonly is: 'ended' }
  | { readonly is: 'drove'; readonly again_in_ms: number };

/**
 * One pass: take the lease, perform what is recorded, look, decide, record. What is decided here is performed in the next
 * pass, so it is always in the log first; a crash between any two of these leaves a rollout that the next pass goes on with.
 */
export async function drive(deps: DriveDeps, key: string, memory: DriveMemory): Promise<DrivePass> {
  const { store, project, clock } = deps;
  const fence = await takeLease(deps, key);
  if ('again_in_ms' in fence) {
    // Whoever drives meanwhile goes by another clock.
    memory.clock = undefined;
    return fence;
  }
  const stored = await store.read(project, 'rollouts', key);
  if (stored === undefined) return { is: 'gone' };
  const rollout: Rollout = withoutVersion(fromStored('rollouts', stored));
  if (isFinal(rollout)) {
    await store.releaseLease(fence.lease, deps.holder);
    return { is: 'ended' };
  }
  await performPending(deps, stored, rollout, memory);
  const seen = await observe(deps, rollout, Object.fromEntries(memory.outcomes));
  const reading = readClock(clock);
  const now = reading.wall;
  const jump = jumpBetween(memory.clock, reading);
  const decided =
    jump === 0 ? advance(rollout, seen.observation, now) : advanceOnMovedClock(rollout, seen.observation, now, jump);
  if (decided.because === undefined) {
    memory.clock = reading;
    await followInstances(deps, stored, rollout, seen);
    return { is: 'drove', again_in_ms: pauseMs(memory, nextWakeMs(rollout, now) ?? 0) };
  }
  const saved = await save(deps, fence, stored, decided, seen, now);
  if (saved) {
    memory.clock = reading;
    forget(memory, decided.rollout);
  }
  return { is: 'drove', again_in_ms: 0 };
}

export function leaseName(project: string, key: string): string {
  return `rollout/${project}/${key}`;
}

async function takeLease(deps: DriveDeps, key: string): Promise<Fence | Extract<DrivePass, { is: 'taken' }>> {
  const name = leaseName(deps.project, key);
  const now = deps.clock.now();
  const lease = await deps.store.acquireLease(name, deps.holder, now, LEASE_MS);
  if (lease.is === 'held') return { lease: name, fencing: lease.fencing };
  return { is: 'taken', again_in_ms: Math.max(1, lease.until_ms - now) };
}

/** In order within a service, services beside one another, so that a slow one holds up nobody else's way back. */
async function performPending(deps: DriveDeps, stored: Stored, rollout: Rollout, memory: DriveMemory): Promise<void> {
  const open = rollout.pending.filter((effect) => memory.outcomes.get(effect.id)?.is !== 'done');
  const services = new Set(open.map((effect) => effect.service));
  const results = await Promise.all(
    [...services].map(async (service) => {
      for (const effect of open.filter((each) => each.service === service)) {
        if (!(await mayStillAct(deps, stored))) return 'overtaken';
        const outcome = await perform(deps, rollout.plan.environment, effect);
        memory.outcomes.set(effect.id, outcome);
        if (outcome.is === 'failed') return 'failed';
      }
      return 'done';
    }),
  );
  memory.failuresInARow = results.includes('failed') ? memory.failuresInARow + 1 : 0;
}

/** An abort, or another driver, may have come since the rollout was read: then what was pending is not to be done any more. */
async function mayStillAct(deps: DriveDeps, { key, version }: Stored): Promise<boolean> {
  const lease = await takeLease(deps, key);
  const current = await deps.store.read(deps.project, 'rollouts', key);
  return 'lease' in lease && current?.version === version;
}

/** Rollout and the services it makes live change together, or not at all when someone else wrote or took over meanwhile. */
async function save(
  deps: DriveDeps,
  fence: Fence,
  stored: Stored,
  decided: Advance,
  seen: Seen,
  now: number,
): Promise<boolean> {
  const because = decided.because ?? [];
  const told = toldInLog(because);
  const rollout: Write = {
    noun: 'rollouts',
    key: stored.key,
    expected: stored.version,
    after: toJson(decided.rollout),
    action: actionOf(because),
    because: told,
  };
  const outcome = await deps.store.commit({
    project: deps.project,
    at_ms: now,
    actor: SYSTEM_ACTOR,
    reason: reasonOf(because),
    writes: [rollout, ...liveWrites(decided, seen)],
    fence,
  });
  if (outcome.is === 'committed') {
    await deps.follower.committed(outcome.entries);
    return true;
  }
  deps.log.info({ rollout: stored.key, outcome: outcome.is }, 'A decision was overtaken; deciding again');
  return false;
}

function liveWrites({ live, rollout }: Advance, seen: Seen): readonly Write[] {
  return Object.entries(live).flatMap(([key, version]) => {
    const document = seen.services.get(key)?.document;
    if (document === undefined || (document.live ?? null) === version) return [];
    const { version: expected, live: _, ...service } = document;
    const after = toJson(version === null ? service : { ...service, live: version });
    const because = toJson({ rollout: rollout.key, generation: rollout.generation, live: version });
    const place = `${service.environment}/${service.key}`;
    return [{ noun: 'services', key: place, expected, after, action: 'service.live_changed', because }];
  });
}

/** The shares are right but an instance moved: the router learns its new address. No decision, nothing to record. */
async function followInstances(deps: DriveDeps, stored: Stored, rollout: Rollout, seen: Seen): Promise<void> {
  for (const { key, traffic } of rollout.stages) {
    const plan = rollout.plan.stages.find((stage) => stage.key === key);
    const service = plan && seen.services.get(plan.service);
    if (service === undefined || traffic?.confirmed_at_ms === undefined) continue;
    const { route, document, instances } = service;
    if (route === undefined || route === 'unknown' || !sameShares(sharesOf(route), traffic.shares)) continue;
    const wanted = routeFor(document, traffic.shares, route.seed, instances, route);
    if (wanted === undefined || sameRoute(wanted, route) || !(await mayStillAct(deps, stored))) continue;
    await within(deps.clock, PERFORM_TIMEOUT_MS, () => deps.router.apply(wanted)).catch((error: unknown) => {
      deps.log.warn({ err: error, service: wanted.service }, 'The router could not be told of moved instances');
    });
  }
}

function forget(memory: DriveMemory, { pending }: Rollout): void {
  const open = new Set(pending.map((effect) => effect.id));
  for (const id of memory.outcomes.keys()) if (!open.has(id)) memory.outcomes.delete(id);
}

function pauseMs({ failuresInARow }: DriveMemory, wakeMs: number): number {
  if (failuresInARow === 0) return wakeMs;
  return Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** Math.min(failuresInARow - 1, 10));
}

function withoutVersion<T extends { readonly version: number }>({ version: _, ...document }: T): Omit<T, 'version'> {
  return document;
}
