/** A process's own time: its wall clock can be moved, its timers can run faster. Put in place before a client is made. */
export function ownTime(): { hurry(factor: number): void; jump(aheadMs: number): void } {
  const realTimeout = globalThis.setTimeout;
  const realNow = Date.now;
  let factor = 1;
  let ahead = 0;
  const hurried = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    realTimeout(callback, ms / factor, ...args);
  globalThis.setTimeout = Object.assign(hurried, realTimeout) as typeof setTimeout;
  Date.now = () => realNow() + ahead;
  return {
    hurry(to) {
      factor = to;
    },
    jump(aheadMs) {
      ahead = aheadMs;
    },
  };
}
