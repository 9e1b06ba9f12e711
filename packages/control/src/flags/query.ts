import type { Flag } from '@spillway/core';

/** Which flags are listed; what is left out lets all through. */
export interface FlagQuery {
  /** Somewhere in key, description, owner or tags, in any case. */
  readonly search?: string;
  readonly lifecycle?: Flag['lifecycle'];
  readonly tag?: string;
  readonly owner?: string;
  readonly type?: Flag['type'];
  readonly managed_by?: string;
  /** Those that say something about this environment; with `enabled`, those that are so there. */
  readonly environment?: string;
  /** Without an environment: in any, or in none. */
  readonly enabled?: boolean;
}

export type FlagSort = 'key' | 'updated' | '-updated';

/** The question as one test, made once for thousands of flags. */
export function matching(query: FlagQuery): (flag: Flag) => boolean {
  const { lifecycle, tag, owner, type, managed_by: manager } = query;
  const search = query.search?.trim().toLowerCase() ?? '';
  return (flag) =>
    (lifecycle === undefined || flag.lifecycle === lifecycle) &&
    (type === undefined || flag.type === type) &&
    (owner === undefined || flag.owner === owner) &&
    (manager === undefined || flag.managed_by === manager) &&
    (tag === undefined || flag.tags.includes(tag)) &&
    isInState(flag, query) &&
    (search === '' || mentions(flag, search));
}

function isInState({ environments }: Flag, { environment, enabled }: FlagQuery): boolean {
  if (environment !== undefined) {
    const state = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
    return enabled === undefined ? state !== undefined : (state?.enabled ?? false) === enabled;
  }
  return enabled === undefined || Object.values(environments).some((state) => state.enabled) === enabled;
}

function mentions({ key, description, owner, tags }: Flag, search: string): boolean {
  if (key.includes(search) || description.toLowerCase().includes(search)) return true;
  return owner.toLowerCase().includes(search) || tags.some((tag) => tag.includes(search));
}
