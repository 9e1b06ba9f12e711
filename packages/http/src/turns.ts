/** How this process lets others in during long work: whatever has arrived meanwhile is seen to before it goes on. */
export const TURNS = {
  monotonic: () => performance.now(),
  sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
};
