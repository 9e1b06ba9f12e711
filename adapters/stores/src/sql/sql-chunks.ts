import type { Chunk, Chunks } from '@spillway/control/ports';
import type { Kysely } from 'kysely';
import { checkChunks, checkDigests } from '../prepared-chunks.ts';
import { checkInteger, checkPage } from '../prepared-commit.ts';
import type { Tables } from './tables.ts';

/** `open` answers the database, or throws once the store is closed. */
export function createSqlChunks(open: () => Kysely<Tables>): Chunks {
  return {
    async put(project, chunks) {
      const db = open();
      checkChunks(project, chunks);
      if (chunks.length === 0) return;
      await db
        .insertInto('chunks')
        // In one order everywhere; marks and removals take one at a time: so that none of them waits for another in a circle.
        .values(inOrder(chunks).map(({ digest, text }) => ({ project, digest, body: text, marked_ms: null })))
        .onConflict((conflict) =>
          conflict
            .columns(['project', 'digest'])
            .doUpdateSet({ marked_ms: null })
            .where('chunks.marked_ms', 'is not', null),
        )
        .execute();
    },
    async read(project, digests) {
      const db = open();
      checkDigests(project, digests);
      if (digests.length === 0) return [];
      const rows = await db
        .selectFrom('chunks')
        .select(['digest', 'body'])
        .where('project', '=', project)
        .where('digest', 'in', [...new Set(digests)])
        .execute();
      return rows.map(({ digest, body }) => ({ digest, text: body }));
    },
    async kept(project, { after, limit }) {
      const db = open();
      checkDigests(project, after === undefined ? [] : [after]);
      checkPage(limit);
      let query = db.selectFrom('chunks').select(['digest', 'marked_ms']).where('project', '=', project);
      if (after !== undefined) query = query.where('digest', '>', after);
      const rows = await query.orderBy('digest').limit(limit).execute();
      return rows.map(({ digest, marked_ms }) => ({ digest, marked_ms }));
    },
    async mark(project, digests, at_ms) {
      const db = open();
      checkDigests(project, digests);
      checkInteger('at_ms', at_ms);
      for (const digest of new Set(digests)) {
        await db
          .updateTable('chunks')
          .set({ marked_ms: at_ms })
          .where('project', '=', project)
          .where('digest', '=', digest)
          .where('marked_ms', 'is', null)
          .execute();
      }
    },
    async remove(project, digests, marked_until_ms) {
      const db = open();
      checkDigests(project, digests);
      checkInteger('marked_until_ms', marked_until_ms);
      let removed = 0;
      for (const digest of new Set(digests)) {
        const gone = await db
          .deleteFrom('chunks')
          .where('project', '=', project)
          .where('digest', '=', digest)
          .where('marked_ms', '<=', marked_until_ms)
          .executeTakeFirst();
        removed += Number(gone.numDeletedRows);
      }
      return removed;
    },
  };
}

function inOrder(chunks: readonly Chunk[]): readonly Chunk[] {
  const each = new Map(chunks.map((chunk) => [chunk.digest, chunk]));
  return [...each.values()].sort((one, other) => (one.digest < other.digest ? -1 : 1));
}
