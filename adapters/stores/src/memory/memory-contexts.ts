import type { Contexts, RecentContext } from '@spillway/control/ports';
import { checkIndexedText, checkInteger, checkPage, documentId } from '../prepared-commit.ts';
import { checkMost, prepareContexts } from '../prepared-contexts.ts';

/** `checkOpen` throws once the store is closed. */
export function createMemoryContexts(checkOpen: () => void): Contexts {
  const environments = new Map<string, { readonly project: string; readonly kept: Map<string, RecentContext> }>();
  const salts = new Map<string, string>();

  function keptIn(project: string, environment: string): Map<string, RecentContext> {
    checkOpen();
    checkIndexedText('environment', environment);
    const id = documentId(project, 'contexts', environment);
    const known = environments.get(id) ?? { project, kept: new Map<string, RecentContext>() };
    environments.set(id, known);
    return known.kept;
  }

  return {
    async put(project, environment, contexts, most) {
      checkMost(most);
      const kept = keptIn(project, environment);
      for (const { text, ...row } of prepareContexts(project, environment, contexts)) {
        kept.set(row.key, { ...row, attributes: JSON.parse(text) });
      }
      for (const { key } of [...kept.values()].sort(byRankThenBytes).slice(most)) kept.delete(key);
    },
    async byRank(project, environment, { after, limit }) {
      checkPage(limit);
      if (after !== undefined) {
        checkInteger('rank', after.rank);
        checkIndexedText('key', after.key);
      }
      return [...keptIn(project, environment).values()]
        .filter((context) => after === undefined || byRankThenBytes(context, after) > 0)
        .sort(byRankThenBytes)
        .slice(0, limit)
        .map((context) => structuredClone(context));
    },
    async kept(project, environment) {
      const kept = [...keptIn(project, environment).values()];
      if (kept.length === 0) return { count: 0, oldest_ms: null, newest_ms: null, highest_rank: null };
      const times = kept.map(({ seen_ms }) => seen_ms);
      return {
        count: kept.length,
        oldest_ms: Math.min(...times),
        newest_ms: Math.max(...times),
        highest_rank: Math.max(...kept.map(({ rank }) => rank)),
      };
    },
    async remove(project, environment, key) {
      checkIndexedText('key', key);
      return keptIn(project, environment).delete(key);
    },
    async clear(project, environment) {
      const kept = keptIn(project, environment);
      const count = kept.size;
      kept.clear();
      salts.delete(documentId(project, 'salts', environment));
      return count;
    },
    async forget(project, before_ms) {
      checkOpen();
      checkInteger('before_ms', before_ms);
      for (const { project: owner, kept } of environments.values()) {
        if (owner !== project) continue;
        for (const { key, seen_ms } of kept.values()) if (seen_ms < before_ms) kept.delete(key);
      }
    },
    async salt(project, environment, fresh) {
      checkOpen();
      checkIndexedText('environment', environment);
      checkIndexedText('salt', fresh);
      const id = documentId(project, 'salts', environment);
      const salt = salts.get(id) ?? fresh;
      salts.set(id, salt);
      return salt;
    },
  };
}

type Place = Pick<RecentContext, 'rank' | 'key'>;

function byRankThenBytes(one: Place, other: Place): number {
  return one.rank - other.rank || Buffer.compare(Buffer.from(one.key), Buffer.from(other.key));
}
