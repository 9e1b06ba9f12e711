/** Loaded before the control plane: tells the benchmark how long the longest turn of its event loop was. */

export type Order = 'watch' | 'tell';

/** Milliseconds; `processor` leaves out what the machine did meanwhile. */
export interface LongestTurn {
  readonly processor: number;
  readonly wall: number;
}

let isWatching = false;
let longest = { processor: 0, wall: 0 };
let last = { processor: 0, wall: 0 };

process.on('message', (order: Order) => {
  if (order === 'watch') {
    longest = { processor: 0, wall: 0 };
    last = read();
    isWatching = true;
    setImmediate(look);
    return;
  }
  look();
  isWatching = false;
  process.send?.(longest);
});
// The channel alone is no reason to stay.
process.channel?.unref();

function look(): void {
  const now = read();
  longest = {
    processor: Math.max(longest.processor, now.processor - last.processor),
    wall: Math.max(longest.wall, now.wall - last.wall),
  };
  last = now;
  if (isWatching) setImmediate(look);
}

function read(): LongestTurn {
  const { user, system } = process.threadCpuUsage();
  return { processor: (user + system) / 1_000, wall: performance.now() };
}
