import type { Platform } from '@spillway/client/connection';

export type Log = Platform['log'];

/** What the client needs of a page. */
export interface BrowserPlatform extends Omit<Platform, 'storage'> {
  /** Undefined where the browser or its user forbids it. */
  readonly pageStorage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  readonly isHidden: () => boolean;
  /** Calls when the page is hidden, shown or online again, until the function it returns is called. */
  readonly onReturn: (listener: () => void) => () => void;
}

export function browserPlatform(log: Log = warn): BrowserPlatform {
  const page = globalThis.document as Document | undefined;
  return {
    fetch: (url, init) => fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer' }),
    now: Date.now,
    random: Math.random,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    log,
    pageStorage: localStorageIfAllowed(),
    isHidden: () => page?.visibilityState === 'hidden',
    onReturn(listener) {
      page?.addEventListener('visibilitychange', listener);
      globalThis.addEventListener?.('online', listener);
      return () => {
        page?.removeEventListener('visibilitychange', listener);
        globalThis.removeEventListener?.('online', listener);
      };
    },
  };
}

/** Browsers throw at the mere mention where a user forbids it. */
function localStorageIfAllowed(): Storage | undefined {
  try {
    return globalThis.document === undefined ? undefined : globalThis.localStorage;
  } catch {
    return undefined;
  }
}

const warn: Log = (level, message) => {
  if (level === 'warn') console.warn(`spillway: ${message}`);
};
