import type { Chunks } from '@spillway/control/ports';
import { checkChunks, checkDigests } from '../prepared-chunks.ts';
import { checkInteger, checkPage } from '../prepared-commit.ts';

interface Kept {
  readonly text: string;
  marked_ms: number | null;
}

/** `checkOpen` throws once the store is closed. */
export function createMemoryChunks(checkOpen: () => void): Chunks {
  const projects = new Map<string, Map<string, Kept>>();

  function chunksOf(project: string): Map<string, Kept> {
    const known = projects.get(project) ?? new Map<string, Kept>();
    projects.set(project, known);
    return known;
  }

  return {
    async put(project, chunks) {
      checkOpen();
      checkChunks(project, chunks);
      const kept = chunksOf(project);
      for (const { digest, text } of chunks) {
        const known = kept.get(digest);
        if (known === undefined) kept.set(digest, { text, marked_ms: null });
        else known.marked_ms = null;
      }
    },
    async read(project, digests) {
      checkOpen();
      checkDigests(project, digests);
      return [...new Set(digests)].flatMap((digest) => {
        const text = chunksOf(project).get(digest)?.text;
        return text === undefined ? [] : [{ digest, text }];
      });
    },
    async kept(project, { after = '', limit }) {
      checkOpen();
      checkDigests(project, after === '' ? [] : [after]);
      checkPage(limit);
      return [...chunksOf(project)]
        .map(([digest, { marked_ms }]) => ({ digest, marked_ms }))
        .filter(({ digest }) => digest > after)
        .sort((one, other) => (one.digest < other.digest ? -1 : 1))
        .slice(0, limit);
    },
    async mark(project, digests, at_ms) {
      checkOpen();
      checkDigests(project, digests);
      checkInteger('at_ms', at_ms);
      for (const digest of digests) {
        const known = chunksOf(project).get(digest);
        if (known !== undefined) known.marked_ms ??= at_ms;
      }
    },
    async remove(project, digests, marked_until_ms) {
      checkOpen();
      checkDigests(project, digests);
      checkInteger('marked_until_ms', marked_until_ms);
      const kept = chunksOf(project);
      const gone = [...new Set(digests)].filter((digest) => {
        const { marked_ms = null } = kept.get(digest) ?? {};
        return marked_ms !== null && marked_ms <= marked_until_ms;
      });
      for (const digest of gone) kept.delete(digest);
      return gone.length;
    },
  };
}
