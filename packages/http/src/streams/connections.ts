import type { Principal } from '@spillway/core';

export interface Connections {
  /** With keys that stay on servers: SDKs that evaluate by themselves, and relays. */
  readonly applications: number;
  /** With client keys. */
  readonly pages: number;
}

/** Who is connected, by environment; people who watch the change log follow no environment. */
export function connectionsIn(callers: readonly Principal[]): Readonly<Record<string, Connections>> {
  const found = new Map<string, Connections>();
  for (const caller of callers) {
    if (caller.kind === 'admin') continue;
    const { applications, pages } = found.get(caller.environment) ?? { applications: 0, pages: 0 };
    const isPage = caller.kind === 'client';
    found.set(caller.environment, { applications: applications + (isPage ? 0 : 1), pages: pages + (isPage ? 1 : 0) });
  }
  return Object.fromEntries(found);
}
