import type { Principal } from '@spillway/core';

/** Who the log names when nobody asked: the control plane itself. */
export const SYSTEM_ACTOR = 'system';

/** How the log names a principal. The kind in front keeps a token that somebody called `system` from passing for it. */
export function actorOf(principal: Principal): string {
  return `${principal.kind === 'admin' ? principal.via : principal.kind}:${principal.name}`;
}
