import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { keys } from './keys.ts';
import { type Connection, followChanges } from './stream.ts';

const ConnectionContext = createContext<Connection>('connecting');

/** Bursts (a rollout's decisions, an import) are read again once, not once per entry. */
const GATHER_MS = 60;

/** Follows the change log and marks what each entry touches as stale, so that open screens are always current. */
export function Live({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');

  useEffect(() => {
    const touched = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      for (const noun of touched) void queries.invalidateQueries({ queryKey: [noun] });
      touched.clear();
      void queries.invalidateQueries({ queryKey: ['changes'] });
    };
    const stop = followChanges({
      onChange: (change) => {
        touched.add(change.noun);
        timer ??= setTimeout(flush, GATHER_MS);
      },
      onConnection: (next, resumed) => {
        setConnection(next);
        if (resumed) void queries.invalidateQueries();
        // A refused stream may mean that the session ended: ask, and the page shows the sign-in if so.
        if (next === 'reconnecting') void queries.invalidateQueries({ queryKey: keys.session });
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [queries]);

  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

export function useConnection(): Connection {
  return useContext(ConnectionContext);
}
