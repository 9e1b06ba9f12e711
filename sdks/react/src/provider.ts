import { createContext, createElement, type ReactNode, useContext } from 'react';
import type { FlagClient } from './flag-client.ts';

const Clients = createContext<FlagClient | undefined>(undefined);

/**
 * Gives the components below it the flags of one user. Rendered on a server, and taken over in the browser, they show what
 * the client's bootstrap says; only then does anything newer show.
 */
export function SpillwayProvider({ client, children }: { readonly client: FlagClient; readonly children?: ReactNode }) {
  return createElement(Clients.Provider, { value: client }, children);
}

export function useClient(): FlagClient {
  const client = useContext(Clients);
  if (client === undefined) throw new Error('Put a <SpillwayProvider client={…}> around components that use flags.');
  return client;
}
