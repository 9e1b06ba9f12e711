import { accept, contextOf, contextSettings, MAX_PROFILE_KEY_LENGTH, type Outcome, refuse } from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import type { Control } from '../control.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { unknownEnvironment } from '../environments/unknown.ts';
import type { RecentContext, Sha256, Store } from '../ports/index.ts';
import type { Collector } from './collector.ts';
import { digestOf } from './keep.ts';

const CURSOR = /^(0|[1-9][0-9]{0,15})~(.+)$/s;

export interface ContextDeps {
  readonly store: Store;
  readonly project: string;
  readonly sha256: Sha256;
  readonly environments: EnvironmentDirectory;
  readonly collector: Collector;
}

export function createContextUseCases(deps: ContextDeps): Control['contexts'] {
  const { store, project, sha256, environments, collector } = deps;

  async function checkEnvironment(key: string): Promise<Outcome<void>> {
    await environments.lookAgainFor([key]);
    return environments.keys.has(key) ? accept(undefined) : unknownEnvironment(key, environments.keys, '/key');
  }

  return forAdmins<Control['contexts']>({
    async list(_, environment, { limit, cursor }) {
      const proper = await checkEnvironment(environment);
      if (!proper.ok) return proper;
      const start = placeOf(cursor);
      if (!start.ok) return start;
      const { recent_contexts } = contextSettings(environments.get(environment) ?? {});
      await collector.flush();
      const after = start.value === undefined ? {} : { after: start.value };
      const [found, kept] = await Promise.all([
        store.contexts.byRank(project, environment, { ...after, limit: limit + 1 }),
        store.contexts.kept(project, environment),
      ]);
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return accept({
        recent_contexts,
        count: kept.count,
        oldest_at: timeOf(kept.oldest_ms),
        newest_at: timeOf(kept.newest_ms),
        items: items.map(shown),
        ...(last === undefined ? {} : { next: `${last.rank}~${last.key}` }),
      });
    },
    async remove(_, environment, targetingKey) {
      const proper = await checkEnvironment(environment);
      if (!proper.ok) return proper;
      if (targetingKey === undefined) return accept({ deleted: await collector.clear(environment) });
      if (!isStorable(targetingKey)) return notAKey();
      // Asked for by the person's own key, or by what the list shows in its place.
      const terms = await collector.terms(environment);
      const names = [targetingKey, ...(terms === undefined ? [] : [digestOf(sha256, terms.salt, targetingKey)])];
      let deleted = 0;
      for (const name of names) if (await collector.remove(environment, name)) deleted += 1;
      return accept({ deleted });
    },
  });
}

/** Databases have no text for NUL, nor for half of a surrogate pair; so no context has such a key. */
function isStorable(key: string): boolean {
  return key.isWellFormed() && !key.includes('\0');
}

function notAKey() {
  return refuse('invalid', '`targeting_key` must be well-formed Unicode without NUL.', {
    fields: [{ field: '/targeting_key', message: 'must be well-formed Unicode without NUL' }],
  });
}

function shown(recent: RecentContext) {
  return { context: contextOf(recent), seen_at: new Date(recent.seen_ms).toISOString() };
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function placeOf(cursor: string | undefined): Outcome<Pick<RecentContext, 'rank' | 'key'> | undefined> {
  if (cursor === undefined) return accept(undefined);
  const [, rank = '', key = ''] = CURSOR.exec(cursor) ?? [];
  if (key !== '' && key.length <= MAX_PROFILE_KEY_LENGTH && Number.isSafeInteger(Number(rank)) && isStorable(key)) {
    return accept({ rank: Number(rank), key });
  }
  return refuse('invalid', '`cursor` belongs to no page of this list. Start without it.', {
    fields: [{ field: '/cursor', message: 'must be the `next` of a page before' }],
  });
}
