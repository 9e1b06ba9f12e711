import type { Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** All in which the databases differ for this store; the SQL text is one. */
export interface SqlDifferences {
  /** Whether rows are locked one by one (`FOR UPDATE`); where not, a write transaction has the database to itself. */
  readonly rowLocks: boolean;
  /** The reason in words, with what to do, when the database said that it took no write; undefined for all else. */
  readonly unwritable?: (fault: unknown) => string | undefined;
  /** Inside the migration's transaction: keeps other starters out and defines what migrations rely on. */
  prepareMigration(transaction: Transaction<Tables>): Promise<void>;
}
