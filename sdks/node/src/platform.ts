import { createHash } from 'node:crypto';
import type { Platform } from '@spillway/client';
import { fileStorage } from './file-storage.ts';

export { isPublicKey, signatureCheck } from './signature-check.ts';

export type Log = Platform['log'];

/** Node: timers that keep no process alive, a file as storage when one is named, warnings on standard error. */
export function nodePlatform({ cacheFile, log = warn }: { readonly cacheFile?: string; readonly log?: Log }): Platform {
  return {
    fetch: (url, init) => fetch(url, { ...init, ...NO_PART_OF_A_PAGE }),
    now: Date.now,
    random: Math.random,
    sha256: async (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
    after(delayMs, callback, awaited) {
      const timer = setTimeout(callback, delayMs);
      // Where a page's globals are, as in a test with jsdom or in a worker at the edge, a timer is a number.
      if (awaited === undefined) timer.unref?.();
      return () => clearTimeout(timer);
    },
    log,
    ...(cacheFile === undefined ? {} : { storage: fileStorage(cacheFile) }),
  };
}

/**
 * Next.js puts a `fetch` of its own in place, for which whatever is asked while a page renders is part of that page: it refuses
 * the stream where pages are built, and keeps what the stream says until the stream ends. What says this is let through.
 */
const NO_PART_OF_A_PAGE = { next: { internal: true } };

const warn: Log = (level, message) => {
  if (level === 'warn') console.warn(`spillway: ${message}`);
};
