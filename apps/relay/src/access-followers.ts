import type { ClientAccess, Control } from '@spillway/control';
import { accept, refuse } from '@spillway/core';

/** Tells further relays who may ask from a browser, in the upstream's own words. */
export interface AccessFollowers {
  readonly useCases: Control['clientAccess'];
  /** What `access` answers may have changed. */
  changed(): void;
}

interface Follower {
  readonly environment: string;
  readonly hear: (access: ClientAccess) => void;
  seen: number | undefined;
}

export function createAccessFollowers(access: (environment: string) => ClientAccess | undefined): AccessFollowers {
  const followers = new Set<Follower>();

  function tell(follower: Follower): void {
    const now = access(follower.environment);
    if (now === undefined || now.number === follower.seen) return;
    follower.seen = now.number;
    follower.hear(now);
  }

  return {
    useCases: {
      async current({ principal }) {
        const now = principal.kind === 'sdk' ? access(principal.environment) : undefined;
        return now === undefined
          ? refuse('unavailable', 'This relay has not heard yet who may ask from browsers. Try again in a moment.')
          : accept(now);
      },
      async subscribe({ principal }, since, hear) {
        if (principal.kind !== 'sdk') return refuse('forbidden', 'Only an SDK key may follow who asks from browsers.');
        const follower: Follower = { environment: principal.environment, hear, seen: since };
        tell(follower);
        followers.add(follower);
        return accept({ close: () => void followers.delete(follower) });
      },
    },
    changed: () => followers.forEach(tell),
  };
}
