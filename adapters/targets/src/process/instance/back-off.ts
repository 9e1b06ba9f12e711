export const BACK_OFF_FIRST_MS = 250;
export const BACK_OFF_MAX_MS = 30_000;
/** An instance that was healthy this long starts from the first step again. */
export const BACK_OFF_RESET_MS = 60_000;
const JITTER = 0.25;

/** How long to wait before the next start; `failures` counts from 1, `random` is from 0 to 1. */
export function backOffMs(failures: number, random: number): number {
  const step = Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(step * (1 - JITTER + 2 * JITTER * random));
}
