import { accept, DEFAULT_ENVIRONMENTS, type Environment, normaliseEnvironment, refuse } from '@spillway/core';
import { SYSTEM_ACTOR } from '../access/actor.ts';
import { requireAdmin } from '../access/permission.ts';
import type { Control } from '../control.ts';
import { answered } from '../documents/answered.ts';
import type { Changes } from '../documents/changes.ts';
import { toJson } from '../documents/document.ts';
import { listDocuments } from '../documents/list.ts';
import type { Clock, Store } from '../ports/index.ts';

/** Each has its own snapshot in every replica's memory. */
export const MAX_ENVIRONMENTS = 100;

export interface EnvironmentDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly changes: Changes;
}

export function createEnvironmentUseCases(deps: EnvironmentDeps): Control['environments'] {
  const { store, project, changes } = deps;
  return {
    async list(call, page) {
      const admin = requireAdmin(call);
      return admin.ok ? listDocuments(deps, 'environments', page) : admin;
    },
    async create(call, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      const environment = normaliseEnvironment(input);
      if (!environment.ok) return environment;
      const { key } = environment.value;
      const request = { noun: 'environments', key, name: 'environment', request: { create: input } } as const;
      return answered(
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
  };
}

/** A new project starts with the default environments. A second replica that starts at the same time does no harm. */
export async function ensureDefaultEnvironments({
  store,
  clock,
  project,
}: Omit<EnvironmentDeps, 'changes'>): Promise<void> {
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
