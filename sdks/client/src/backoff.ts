const FIRST_MS = 50;
const LONGEST_MS = 30_000;
const MAX_DOUBLINGS = 16;

/**
 * How long to wait before the next attempt: doubling up to 30 s, and anywhere below that, so that clients which lost the
 * same server do not come back together.
 */
export function backoffMs(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, MAX_DOUBLINGS));
  return Math.round(FIRST_MS + random() * (ceiling - FIRST_MS));
}

/** Between half and one and a half times as long. */
export function spread(delayMs: number, random: () => number): number {
  return Math.round(delayMs * (0.5 + random()));
}
