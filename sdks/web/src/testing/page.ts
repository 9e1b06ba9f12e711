import type { BrowserPlatform } from '../platform.ts';

/** A page without a browser: time runs faster, so that silence of half a minute is noticed in half a second. */
export interface TestPage extends BrowserPlatform {
  readonly warnings: string[];
  readonly kept: Map<string, string>;
  hide(): void;
  show(): void;
}

export function testPage({ faster = 1, kept = new Map<string, string>() } = {}): TestPage {
  const listeners = new Set<() => void>();
  const warnings: string[] = [];
  let hidden = false;
  const turn = (to: boolean) => {
    hidden = to;
    for (const listener of listeners) listener();
  };
  return {
    fetch: (url, init) => fetch(url, init),
    now: Date.now,
    random: Math.random,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs / faster);
      return () => clearTimeout(timer);
    },
    log: (_, message) => warnings.push(message),
    pageStorage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, text) => void kept.set(key, text),
    },
    isHidden: () => hidden,
    onReturn(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    warnings,
    kept,
    hide: () => turn(true),
    show: () => turn(false),
  };
}
