import {
  accept,
  browserSettings,
  checkReason,
  contextSettings,
  countingSettings,
  DEFAULT_ENVIRONMENTS,
  type Environment,
  normaliseEnvironment,
  type Outcome,
  refuse,
  settingsDiffer,
  updateEnvironment,
} from '@spillway/core';
import { SYSTEM_ACTOR } from '../access/actor.ts';
import { forAdmins } from '../access/for-admins.ts';
import type { Versioned } from '../call.ts';
import type { Collector } from '../contexts/collector.ts';
import type { Control, ShownEnvironment } from '../control.ts';
import { answered } from '../documents/answered.ts';
import type { Changes } from '../documents/changes.ts';
import { toJson } from '../documents/document.ts';
import { listDocuments } from '../documents/list.ts';
import type { Clock, Store } from '../ports/index.ts';
import type { EnvironmentDirectory } from './directory.ts';
import { unknownEnvironment } from './unknown.ts';

/** Each has its own snapshot in every replica's memory. */
export const MAX_ENVIRONMENTS = 100;

export interface EnvironmentDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly changes: Changes;
  readonly environments: EnvironmentDirectory;
  readonly collector: Pick<Collector, 'settled'>;
}

export function createEnvironmentUseCases(deps: EnvironmentDeps): Control['environments'] {
  const { store, project, changes } = deps;
  const useCases = forAdmins<Omit<Control['environments'], 'allowsOrigin'>>({
    async list(_, page) {
      const found = await listDocuments(deps, 'environments', page);
      return found.ok ? accept({ ...found.value, items: found.value.items.map(shown) }) : found;
    },
    async create(call, input) {
      const environment = normaliseEnvironment(input);
      if (!environment.ok) return environment;
      const { key } = environment.value;
      const request = { noun: 'environments', key, name: 'environment', request: { create: input } } as const;
      return shownAnswer(
        await changes.change(call, request, async (existing) => {
          if (existing !== undefined) {
            return refuse('exists', `There is an environment ${key} already. Choose another key.`);
          }
          const all = await store.list(project, 'environments', { limit: MAX_ENVIRONMENTS });
          if (all.length >= MAX_ENVIRONMENTS) {
            return refuse('conflict', `There are ${MAX_ENVIRONMENTS} environments already; no more are allowed.`);
          }
          return accept({ is: 'write', action: 'environment.created', after: environment.value });
        }),
      );
    },
    async update(call, key, update) {
      await deps.environments.lookAgainFor([key]);
      const request = { noun: 'environments', key, name: 'environment', request: { update } } as const;
      const changed = await changes.change(call, request, async (existing) => {
        if (existing === undefined) return unknownEnvironment(key, deps.environments.keys, '/key');
        const { version: _, ...before } = existing;
        const after = updateEnvironment(before, update);
        if (!after.ok) return after;
        if (isSame(before, after.value)) {
          return accept({ is: 'unchanged', document: existing });
        }
        const felt = checkReason([before], call.reason);
        return felt.ok ? accept({ is: 'write', action: 'environment.updated', after: after.value }) : felt;
      });
      // Whoever is told that a setting is in force may rely on it that nothing is left from before it.
      if (changed.ok) await deps.collector.settled(key);
      return shownAnswer(changed);
    },
  });
  return { ...useCases, allowsOrigin: (origin, key) => allowsOrigin(deps.environments, origin, key) };
}

function allowsOrigin(environments: EnvironmentDirectory, origin: string, key: string | undefined): boolean {
  const named = key === undefined ? environments.all() : [environments.get(key)];
  return named.some((one) => {
    const allowed = one?.allowed_origins ?? [];
    return allowed.includes(origin) || allowed.includes('*');
  });
}

function isSame(before: Environment, after: Environment): boolean {
  return (
    before.description === after.description &&
    before.protected === after.protected &&
    !settingsDiffer(before, after) &&
    JSON.stringify(browserSettings(before)) === JSON.stringify(browserSettings(after)) &&
    countingSettings(before).unique_users === countingSettings(after).unique_users
  );
}

function shown(environment: Versioned<Environment>): Versioned<ShownEnvironment> {
  return {
    ...environment,
    ...contextSettings(environment),
    ...browserSettings(environment),
    ...countingSettings(environment),
  };
}

function shownAnswer(outcome: Outcome<Versioned<Environment> | undefined>): Outcome<Versioned<ShownEnvironment>> {
  const answer = answered(outcome);
  return answer.ok ? accept(shown(answer.value)) : answer;
}

/** A new project starts with the default environments. A second replica that starts at the same time does no harm. */
export async function ensureDefaultEnvironments({
  store,
  clock,
  project,
}: Pick<EnvironmentDeps, 'store' | 'clock' | 'project'>): Promise<void> {
  const existing = await store.list(project, 'environments', { limit: 1 });
  if (existing.length > 0) return;
  await store.commit({
    project,
    at_ms: clock.now(),
    actor: SYSTEM_ACTOR,
    reason: 'A new project starts with these environments',
    writes: DEFAULT_ENVIRONMENTS.map((environment: Environment) => ({
      noun: 'environments',
      key: environment.key,
      expected: 0,
      after: toJson(environment),
      action: 'environment.created',
    })),
  });
}
