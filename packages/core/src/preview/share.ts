import { wilsonInterval } from '@spillway/statistics';

/** A share from 0 to 1, and between which shares it lies with 95 % confidence. */
export interface ShareEstimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export function share95(hits: number, of: number): ShareEstimate {
  const { low, high } = wilsonInterval(hits, of);
  return { estimate: of === 0 ? 0 : hits / of, low, high };
}
