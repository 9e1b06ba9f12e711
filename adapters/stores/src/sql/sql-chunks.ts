import type { Chunks } from '@spillway/control/ports';
import type { Kysely } from 'kysely';
import { checkChunks, checkDigests } from '../prepared-chunks.ts';
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
        .values(chunks.map(({ digest, text }) => ({ project, digest, body: text })))
        .onConflict((conflict) => conflict.columns(['project', 'digest']).doNothing())
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
  };
}
