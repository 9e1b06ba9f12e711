import type { Platform, Storage } from '../platform.ts';

/**
 * Real sockets, and timers that run so many times faster, so that a minute's wait can be tested in a moment. What
 * `hurries` says no to is left as it is: a busy machine answers no faster because a test is in a hurry.
 */
export function testPlatform({
  hurry = 1,
  hurries = () => true,
  stored,
}: {
  hurry?: number;
  hurries?: (delayMs: number) => boolean;
  stored?: string;
} = {}): Platform & {
  readonly logged: string[];
  readonly kept: () => string | undefined;
} {
  const logged: string[] = [];
  let kept = stored;
  const storage: Storage = {
    read: async () => kept,
    write: async (text) => {
      kept = text;
    },
  };
  return {
    fetch: (url, init) => fetch(url, init),
    now: Date.now,
    random: Math.random,
    async sha256(text) {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    after(delayMs, callback) {
      const timer = setTimeout(callback, hurries(delayMs) ? delayMs / hurry : delayMs);
      return () => clearTimeout(timer);
    },
    storage,
    log: (_, message) => {
      logged.push(message);
    },
    logged,
    kept: () => kept,
  };
}
