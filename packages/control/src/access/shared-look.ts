/**
 * One look at a time, however many want one: who comes while one is under way shares the next, which begins after they came.
 * So a flood of strangers costs no more than one reader does.
 */
export function createSharedLook(look: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function begin(): Promise<void> {
    next = undefined;
    running = look().finally(() => {
      running = undefined;
    });
    return running;
  }

  return () => {
    if (running === undefined) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
}
