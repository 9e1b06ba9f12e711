import { logDocumentsLeases } from './0001-log-documents-leases.ts';
import { chunks } from './0002-chunks.ts';
import { past } from './0003-past.ts';
import { profiles } from './0004-profiles.ts';
import { evaluationCounts } from './0005-evaluation-counts.ts';
import { recentContexts } from './0006-recent-contexts.ts';
import { markedChunks } from './0007-marked-chunks.ts';
import { userSketches } from './0008-user-sketches.ts';
import { events } from './0009-events.ts';
import { countedConfigurations } from './0010-counted-configurations.ts';

export interface Migration {
  readonly number: number;
  readonly title: string;
  /** Plain SQL that SQLite and PostgreSQL both run, one statement each. */
  readonly statements: readonly string[];
}

/**
 * In order; a migration that was released is never changed, only followed by another. They are modules and not `.sql`
 * files because the program is also published as one bundled file, which has no folder beside it to read from.
 * Keys use the collation "binary" (byte order), which SQLite has and the PostgreSQL dialect defines before migrating.
 */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, title: 'log-documents-leases', statements: logDocumentsLeases },
  { number: 2, title: 'chunks', statements: chunks },
  { number: 3, title: 'past', statements: past },
  { number: 4, title: 'profiles', statements: profiles },
  { number: 5, title: 'evaluation-counts', statements: evaluationCounts },
  { number: 6, title: 'recent-contexts', statements: recentContexts },
  { number: 7, title: 'marked-chunks', statements: markedChunks },
  { number: 8, title: 'user-sketches', statements: userSketches },
  { number: 9, title: 'events', statements: events },
  { number: 10, title: 'counted-configurations', statements: countedConfigurations },
];
