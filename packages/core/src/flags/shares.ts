import { SHARE_WHOLE } from '@spillway/evaluator';

const SHARES_PER_PERCENT = SHARE_WHOLE / 100;
/** How far binary fractions may be off a whole share: 0.1 + 0.2 is a share, 0.0001 is not. */
const ROUNDING_SLACK = 1e-6;

/** Whole shares out of 100,000; undefined when the percentage is out of range or finer than 0.001. */
export function shareOf(percentage: number): number | undefined {
  const exact = percentage * SHARES_PER_PERCENT;
  const share = Math.round(exact);
  if (!Number.isFinite(exact) || Math.abs(exact - share) > ROUNDING_SLACK) return undefined;
  return share >= 0 && share <= SHARE_WHOLE ? share : undefined;
}

export function percentageOf(share: number): number {
  return share / SHARES_PER_PERCENT;
}
