import { accept, type Outcome } from '@spillway/core';
import type { Configuration } from '@spillway/evaluator';
import { requireReader } from '../access/permission.ts';
import type { Subscription } from '../call.ts';
import type { Log } from '../ports/index.ts';
import { createDeltaRing, type DeltaEvent } from './delta-ring.ts';
import type { SerialisedSnapshot, SnapshotEvent, SnapshotUseCases } from './use-cases.ts';

/** One environment's snapshot, kept current, for those who read and follow it. */
export interface SnapshotFeed {
  readonly number: number;
  /** Made once per number, when first asked for. */
  serialised(): SerialisedSnapshot;
  /** Compiled once per number, when first asked for. */
  configuration(): Configuration;
  subscribe(since: number | undefined, listener: (event: SnapshotEvent) => void): Subscription;
}

export interface SnapshotSource {
  /** The environment's snapshot with its followers; refuses when there is none. */
  feed(environment: string): Promise<Outcome<SnapshotFeed>>;
  /** Takes in what is known elsewhere already. */
  catchUp?(): Promise<void>;
}

/** Reading and following snapshots, wherever they come from. */
export function createSnapshotUseCases({ feed, catchUp }: SnapshotSource): SnapshotUseCases {
  return {
    async current(call) {
      const reader = requireReader(call);
      if (!reader.ok) return reader;
      const found = await feed(reader.value.environment);
      return found.ok ? accept(found.value.serialised()) : found;
    },
    async subscribe(call, since, listener) {
      const reader = requireReader(call);
      if (!reader.ok) return reader;
      const found = await feed(reader.value.environment);
      if (!found.ok) return found;
      // The caller has seen more than this replica: it comes from one that is ahead.
      if (since !== undefined && since > found.value.number) await catchUp?.();
      const subscription = found.value.subscribe(since, listener);
      if (since !== undefined) listener(currentAt(found.value.number));
      return accept(subscription);
    },
  };
}

function currentAt(number: number): SnapshotEvent {
  return { event: 'current', id: number, data: { number }, text: JSON.stringify({ number }) };
}

/** Hands changes on to all who follow, and what they missed to those who come back. */
export interface Followers {
  change(event: DeltaEvent): void;
  /** What is current now is no change of what was: everybody is told the whole. */
  replace(): void;
  subscribe: SnapshotFeed['subscribe'];
}

export interface FollowedSnapshot {
  readonly environment: string;
  readonly number: number;
  serialised(): SerialisedSnapshot;
}

/** `current` tells at any time what is current. */
export function createFollowers(current: FollowedSnapshot, log: Log): Followers {
  const listeners = new Set<{ readonly hear: (event: SnapshotEvent) => void }>();
  let ring = createDeltaRing();
  /** One object for all who come, so that what is made from it is made once, however many come at the same time. */
  let whole: SnapshotEvent | undefined;
  let wondered = false;

  function tell(listener: { readonly hear: (event: SnapshotEvent) => void }, event: SnapshotEvent): void {
    try {
      listener.hear(event);
    } catch (error) {
      const { environment } = current;
      log.error({ err: error, environment, number: event.id }, 'A listener to snapshots failed');
    }
  }

  function everything(): SnapshotEvent {
    if (whole?.id !== current.number) {
      const { snapshot: data, text } = current.serialised();
      whole = { event: 'snapshot', id: current.number, data, text };
    }
    return whole;
  }

  /** Said once: after a store was restored from an older copy, every SDK comes back like this. */
  function wonder(since: number): void {
    if (wondered) return;
    wondered = true;
    const { environment, number } = current;
    log.warn(
      { environment, number, reader_has: since },
      'A reader has a newer configuration than is known here; where the store was restored from an older copy, see "An older copy" in docs/guides/operating.md',
    );
  }

  function missed(since: number | undefined): readonly SnapshotEvent[] {
    if (since === undefined) return [everything()];
    if (since > current.number) wonder(since);
    return since === current.number ? [] : (ring.since(since) ?? [everything()]);
  }

  return {
    change(event) {
      ring.push(event);
      for (const listener of listeners) tell(listener, event);
    },
    replace() {
      // No way leads over the gap any more.
      ring = createDeltaRing();
      whole = undefined;
      const event = everything();
      for (const listener of listeners) tell(listener, event);
    },
    subscribe(since, listener) {
      const entry = { hear: listener };
      for (const event of missed(since)) tell(entry, event);
      listeners.add(entry);
      return { close: () => void listeners.delete(entry) };
    },
  };
}
