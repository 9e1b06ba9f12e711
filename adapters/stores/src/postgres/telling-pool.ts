import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { StoreError } from '../store-error.ts';

/** By the first characters of SQLSTATE: connections, resources but the disk, an operator at work, a session ended for idling. */
const AWAY = /^(?:08|53[234]|57P|25P03)/;
const CANCELED = '57014';

/** The pool, with what keeps the server from answering told as a `StoreError`; mistakes in a statement stay what they are. */
export function tellingPool(pool: Pool, unreachable: (fault: unknown) => StoreError): PostgresPool {
  const known = new WeakMap<PoolClient, PostgresPoolClient>();
  const tell = (fault: unknown): never => {
    throw told(fault, unreachable);
  };

  function telling(client: PoolClient): PostgresPoolClient {
    function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
    function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
    function query(asked: string | PostgresCursor<unknown>, parameters: readonly unknown[] = []): unknown {
      if (typeof asked !== 'string') throw new TypeError('The store reads without cursors.');
      return client.query(asked, [...parameters]).catch(tell);
    }
    return { query, release: (destroy) => client.release(destroy) };
  }

  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch((fault: unknown) => {
        throw unreachable(fault);
      });
      const before = known.get(client) ?? telling(client);
      known.set(client, before);
      return before;
    },
  };
}

function told(fault: unknown, unreachable: (fault: unknown) => StoreError): unknown {
  // Without a code of the server's own, it was the connection that broke.
  if (!(fault instanceof DatabaseError)) return unreachable(fault);
  const { code = '' } = fault;
  if (code === CANCELED) {
    const message = `PostgreSQL took too long: ${fault.message}. Try again in a moment; if it stays so, look for what locks or loads the database.`;
    return new StoreError('busy', message, fault);
  }
  return AWAY.test(code) ? unreachable(fault) : fault;
}
