import { accept, canonicalise, command, type RolloutCommand } from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import type { Control } from '../control.ts';
import { decodePosition, encodeCursor } from '../documents/cursor.ts';
import { fromStored, toJson } from '../documents/document.ts';
import { listDocuments } from '../documents/list.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { Clock, Store, Target } from '../ports/index.ts';
import { APPLIED, planApplication } from './applying.ts';
import { createRolloutCommits, unknownRollout } from './commits.ts';
import { toldInLog } from './telling.ts';

const HISTORY = 'rollout-history';

const ACTIONS: Readonly<Record<RolloutCommand, string>> = {
  pause: 'rollout.paused',
  resume: 'rollout.resumed',
  promote: 'rollout.promoted',
  promote_fully: 'rollout.promoted_fully',
  abort: 'rollout.aborted',
};

export interface RolloutDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly follower: Pick<LogFollower, 'committed'>;
  /** Asked whether a version still runs before its definition is replaced. */
  readonly target: Target;
}

export function createRolloutUseCases(deps: RolloutDeps): Control['rollouts'] {
  const { store, clock, project } = deps;
  const commits = createRolloutCommits(deps);

  return forAdmins<Control['rollouts']>({
    async list(_, page) {
      return listDocuments(deps, 'rollouts', page);
    },
    async get(_, key) {
      const stored = await store.read(project, 'rollouts', key);
      return stored === undefined ? unknownRollout(key) : accept(fromStored('rollouts', stored));
    },
    async apply(call, plan) {
      return commits.commit(
        call,
        plan.key,
        (entry, after) => entry.action === APPLIED && canonicalise(toJson(after.plan)) === canonicalise(toJson(plan)),
        () => planApplication(deps, plan, clock.now()),
      );
    },
    async command(call, key, given) {
      return commits.commit(
        call,
        key,
        (entry) => entry.action === ACTIONS[given],
        (current) => {
          if (current === undefined) return unknownRollout(key);
          const { version: expected, ...rollout } = current;
          const by = { actor: call.principal.name, reason: (call.reason ?? '').trim() };
          const outcome = command(rollout, given, by, clock.now());
          if (!outcome.ok) return outcome;
          const because = outcome.value.because ?? [];
          const after = toJson(outcome.value.rollout);
          const told = { because: toldInLog(because), action: ACTIONS[given] };
          return accept([{ noun: 'rollouts', key, expected, after, ...told }]);
        },
      );
    },
    async history(_, key, { limit, cursor }) {
      const before = decodePosition(HISTORY, cursor);
      if (!before.ok) return before;
      const from = before.value === undefined ? {} : { before: before.value };
      const filter = { noun: 'rollouts', key, newest_first: true, limit: limit + 1, ...from } as const;
      const entries = await store.entries(project, filter);
      if (entries.length === 0 && cursor === undefined) return unknownRollout(key);
      const items = entries.slice(0, limit);
      const last = items.at(-1);
      const more = entries.length > limit && last !== undefined;
      return accept(more ? { items, next: encodeCursor(HISTORY, String(last.seq)) } : { items });
    },
  });
}
