import { accept, type LogEntry, type Outcome, type Rollout, refuse } from '@spillway/core';
import { actorOf } from '../access/actor.ts';
import type { Call, Versioned } from '../call.ts';
import { checkCall, IMPOSSIBLE_VERSION } from '../documents/changes.ts';
import { afterEntry, fromStored } from '../documents/document.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Store, Write } from '../ports/index.ts';

/** How often a change is decided anew when the driver or another person wrote in between. */
const MAX_ATTEMPTS = 16;

export interface RolloutCommitDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly follower: Pick<LogFollower, 'committed'>;
}

type Current = Versioned<Rollout>;
type Decide = (current: Current | undefined) => Outcome<readonly Write[]> | Promise<Outcome<readonly Write[]>>;

export interface RolloutCommits {
  /**
   * Reads the rollout, asks for writes (the rollout's among them), commits; anew when someone else wrote first. `isSame` tells
   * a repeated request from another one that carries its idempotency key.
   */
  commit(
    call: Call,
    key: string,
    isSame: (entry: LogEntry, after: Rollout) => boolean,
    decide: Decide,
  ): Promise<Outcome<Current>>;
}

export function createRolloutCommits({ store, clock, project, follower }: RolloutCommitDeps): RolloutCommits {
  async function submit(call: Call, writes: readonly Write[]) {
    const actor = actorOf(call.principal);
    const once = call.idempotency_key === undefined ? {} : { idempotency_key: `${actor}:${call.idempotency_key}` };
    const reason = (call.reason ?? '').trim();
    const outcome = await store.commit({ project, at_ms: clock.now(), actor, reason, writes, ...once });
    if (outcome.is === 'committed') await follower.committed(outcome.entries);
    return outcome;
  }

  /** Entries of an earlier request with this idempotency key; asked before deciding, which would see its effect. */
  async function earlier(call: Call, key: string): Promise<readonly LogEntry[] | undefined> {
    if (call.idempotency_key === undefined) return undefined;
    const probe = { noun: 'rollouts', key, expected: IMPOSSIBLE_VERSION, after: null, action: 'probe' } as const;
    const outcome = await submit(call, [probe]);
    return outcome.is === 'repeated' ? outcome.entries : undefined;
  }

  return {
    async commit(call, key, isSame, decide) {
      const proper = checkCall(call);
      if (!proper.ok) return proper;
      const repeated = await earlier(call, key);
      if (repeated !== undefined) return answerRepeated(repeated, key, isSame);
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const stored = await store.read(project, 'rollouts', key);
        const current = stored && fromStored('rollouts', stored);
        const actual = current?.version ?? 0;
        if (call.expected_version !== undefined && call.expected_version !== actual) {
          return stale(key, call.expected_version, actual);
        }
        const writes = await decide(current);
        if (!writes.ok) return writes;
        const outcome = await submit(call, writes.value);
        if (outcome.is === 'repeated') return answerRepeated(outcome.entries, key, isSame);
        if (outcome.is === 'committed') return answer(outcome.entries, key);
      }
      return refuse('unavailable', `The rollout ${key} is being changed by many at once. Try again in a moment.`);
    },
  };
}

export function unknownRollout(key: string) {
  return refuse('not_found', `There is no rollout ${JSON.stringify(key)}. Check the key, or apply a plan with it.`);
}

function answer(entries: readonly LogEntry[], key: string): Outcome<Current> {
  const entry = entries.find((each) => each.noun === 'rollouts' && each.key === key);
  const after = entry && afterEntry('rollouts', entry);
  return after === undefined ? unknownRollout(key) : accept(after);
}

function answerRepeated(
  entries: readonly LogEntry[],
  key: string,
  isSame: (entry: LogEntry, after: Rollout) => boolean,
): Outcome<Current> {
  const entry = entries.find((each) => each.noun === 'rollouts' && each.key === key);
  const after = entry && afterEntry('rollouts', entry);
  if (entry !== undefined && after !== undefined && isSame(entry, after)) return accept(after);
  return refuse(
    'conflict',
    'This idempotency key was already used for a different request. Use a new key for each new request.',
    { fields: [{ field: '/Idempotency-Key', message: 'was already used for a different request' }] },
  );
}

function stale(key: string, expected: number, actual: number) {
  return refuse(
    'stale',
    `The rollout ${key} is at version ${actual}, not ${expected}: it went on in between. Read it again and decide on what is there now.`,
    { details: { expected_version: expected, actual_version: actual } },
  );
}
