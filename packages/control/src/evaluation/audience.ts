import { type Configuration, changedFlags, type EvaluationContext, evaluate } from '@spillway/evaluator';
import type { Subscription } from '../call.ts';
import { takeTurns } from '../pacing/pace.ts';
import type { Clock, Log } from '../ports/index.ts';
import type { SnapshotFeed } from '../snapshots/feed.ts';
import { type ClientEvent, type ClientValue, clientValue, isSameValue } from './client-value.ts';

/** Everyone who follows the values of one environment, each for a context of their own. */
export interface Audience {
  /** The first event is told before this returns. */
  add(context: EvaluationContext, listener: (event: ClientEvent) => void): Subscription;
}

interface Follower {
  readonly context: EvaluationContext;
  readonly listener: (event: ClientEvent) => void;
  /** When all values were told: what a flag was then follows from its definition, so only later answers are kept. */
  readonly since: number;
  readonly later: Map<string, ClientValue>;
  /** What was evaluated last, and the number the follower was told last; they differ when nothing changed for it. */
  seen: Configuration;
  told: number;
}

/** Answers again after a change, and only the flags that may answer differently; changes that come together are one. */
export function createAudience(
  feed: SnapshotFeed,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Audience {
  const followers = new Set<Follower>();
  let subscription: Subscription | undefined;
  let behind = false;
  let working = false;

  function tell(follower: Follower, event: ClientEvent): void {
    try {
      follower.listener(event);
    } catch (error) {
      log.error({ err: error, number: event.data.configuration }, 'A listener to values failed');
    }
  }

  async function bringForward(): Promise<void> {
    if (working) return;
    working = true;
    try {
      while (behind && followers.size > 0) {
        behind = false;
        const after = feed.configuration();
        const changesSince = rememberChanges(after);
        await takeTurns(clock, [...followers], (follower) => {
          if (!followers.has(follower) || follower.seen.number >= after.number) return;
          const event = changeFor(follower, after, changesSince(follower.seen), clock.now());
          if (event !== undefined) tell(follower, event);
        });
      }
    } finally {
      working = false;
    }
  }

  function wake(): void {
    behind = true;
    bringForward().catch((error: unknown) => log.error({ err: error }, 'Followers of values were not told'));
  }

  return {
    add(context, listener) {
      const seen = feed.configuration();
      const since = clock.now();
      const follower: Follower = { context, listener, since, later: new Map(), seen, told: seen.number };
      const flags: Record<string, ClientValue> = {};
      for (const key of seen.flags.keys()) flags[key] = clientValue(evaluate(seen, key, context, since, null));
      tell(follower, { event: 'values', data: { configuration: seen.number, flags } });
      followers.add(follower);
      subscription ??= feed.subscribe(seen.number, wake);
      return {
        close() {
          followers.delete(follower);
          if (followers.size > 0) return;
          subscription?.close();
          subscription = undefined;
        },
      };
    },
  };
}

/** Most followers have seen the same configuration: what changed since is worked out once. */
function rememberChanges(after: Configuration): (before: Configuration) => readonly string[] {
  const known = new Map<Configuration, readonly string[]>();
  return (before) => {
    const keys = known.get(before) ?? changedFlags(before, after);
    known.set(before, keys);
    return keys;
  };
}

/** Undefined when nothing changed for this context. */
function changeFor(
  follower: Follower,
  after: Configuration,
  keys: readonly string[],
  now: number,
): ClientEvent | undefined {
  const { context, since, later, seen: before } = follower;
  const flags: Record<string, ClientValue> = {};
  const removed: string[] = [];
  for (const key of keys) {
    const had = before.flags.has(key);
    if (!after.flags.has(key)) {
      if (had) removed.push(key);
      later.delete(key);
      continue;
    }
    const value = clientValue(evaluate(after, key, context, now, null));
    const old = later.get(key) ?? (had ? clientValue(evaluate(before, key, context, since, null)) : undefined);
    later.set(key, value);
    if (!isSameValue(old, value)) flags[key] = value;
  }
  follower.seen = after;
  if (removed.length === 0 && Object.keys(flags).length === 0) return undefined;
  const base = follower.told;
  follower.told = after.number;
  return { event: 'change', data: { base, configuration: after.number, flags, removed } };
}
