/** Loaded into a server before anything else, so that it tells what it uses. It costs nothing until it is asked. */
export interface Usage {
  /** After a full collection, in bytes: heap and what hangs on it, and all that is in memory. */
  readonly heap: number;
  readonly resident: number;
  /** Of the whole process since its start, in microseconds. */
  readonly processor: number;
}

function usage(): Usage {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { heap: heapUsed + external, resident: rss, processor: user + system };
}

process.on('message', (asked) => {
  if (asked === 'usage') process.send?.(usage());
});
process.channel?.unref();
