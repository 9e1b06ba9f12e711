import type { Stored } from '@spillway/control/ports';
import type { Noun } from '@spillway/core';
import { type Kysely, sql } from 'kysely';
import { CLOCK_DISORDER_ENTRIES } from '../prepared-commit.ts';
import type { Tables } from './tables.ts';

export async function seqAt(db: Kysely<Tables>, project: string, at_ms: number): Promise<number> {
  const latest = db
    .selectFrom('entries')
    .select('seq')
    .where('project', '=', project)
    .where('at_ms', '<=', at_ms)
    .orderBy('at_ms', 'desc')
    .orderBy('seq', 'desc')
    .limit(CLOCK_DISORDER_ENTRIES);
  const found = await db
    .selectFrom(latest.as('latest'))
    .select(({ fn }) => fn.max<number | null>('seq').as('seq'))
    .executeTakeFirst();
  return found?.seq ?? 0;
}

export async function timesOf(
  db: Kysely<Tables>,
  project: string,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (seqs.length === 0) return new Map();
  const rows = await db
    .selectFrom('entries')
    .select(['seq', 'at_ms'])
    .where('project', '=', project)
    .where('seq', 'in', seqs)
    .execute();
  return new Map(rows.map(({ seq, at_ms }) => [seq, at_ms]));
}

export async function listAt(
  db: Kysely<Tables>,
  project: string,
  noun: Noun,
  seq: number,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly Stored[]> {
  const found: Stored[] = [];
  let last = after;
  while (found.length < limit) {
    const wanted = limit - found.length;
    const walked = await walkKeys(db, { project, noun, seq, after: last, limit: wanted });
    found.push(...(await readEntries(db, project, walked)));
    if (walked.length < wanted) break;
    last = walked.at(-1)?.document_key;
  }
  return found;
}

interface WalkedKey {
  readonly document_key: string;
  /** The newest of the key's entries up to the one asked for; null when it came later. */
  readonly seq: number | null;
}

/**
 * The keys that ever were, in order, with the entry that counts. Each step jumps to the next key in the index, so that it
 * costs what there are keys, however long the log is.
 */
async function walkKeys(
  db: Kysely<Tables>,
  asked: {
    readonly project: string;
    readonly noun: Noun;
    readonly seq: number;
    readonly after: string | undefined;
    readonly limit: number;
  },
): Promise<readonly WalkedKey[]> {
  if (asked.limit === 0) return [];
  const here = sql`project = ${asked.project} AND noun = ${asked.noun}`;
  const key = sql`"key" COLLATE "binary"`;
  const start = asked.after === undefined ? sql`` : sql`AND ${key} > ${asked.after}`;
  const { rows } = await sql<WalkedKey>`
    WITH RECURSIVE walk (document_key, place) AS (
      SELECT (SELECT "key" FROM entries WHERE ${here} ${start} ORDER BY ${key} LIMIT 1), 1
      UNION ALL
      SELECT (SELECT "key" FROM entries WHERE ${here} AND ${key} > walk.document_key ORDER BY ${key} LIMIT 1), place + 1
      FROM walk WHERE document_key IS NOT NULL AND place < ${asked.limit}
    )
    SELECT document_key, (
      SELECT seq FROM entries
      WHERE ${here} AND ${key} = walk.document_key AND seq <= ${asked.seq} ORDER BY seq DESC LIMIT 1
    ) AS seq
    FROM walk WHERE document_key IS NOT NULL ORDER BY place`.execute(db);
  return rows;
}

async function readEntries(
  db: Kysely<Tables>,
  project: string,
  walked: readonly WalkedKey[],
): Promise<readonly Stored[]> {
  const seqs = walked.flatMap(({ seq }) => seq ?? []);
  if (seqs.length === 0) return [];
  const rows = await db
    .selectFrom('entries')
    .select(['noun', 'key', 'version', 'seq', 'after'])
    .where('project', '=', project)
    .where('seq', 'in', seqs)
    .where('version', '>', 0)
    .execute();
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return seqs.flatMap((each) => {
    const row = bySeq.get(each);
    if (row === undefined) return [];
    const { noun, key, version, seq, after } = row;
    return { noun, key, version, seq, body: JSON.parse(after) };
  });
}
