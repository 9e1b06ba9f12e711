/**
 * Is the canary's error rate more than `marginRatio` times the baseline's? A one-sided test that stays valid however often it
 * is looked at: the chance that it ever says `worse` of a canary within the margin is at most the false-alarm probability.
 *
 * How. In one interval let the versions answer n and m requests with x and y errors. Errors that come independently and rarely
 * are Poisson, and given their sum x is binomial with share ρn / (ρn + m), where ρ is the ratio of the two error rates: the base
 * rate, whatever it is and however it drifts for both, has cancelled out (J. Przyborowski, H. Wilenski, "Homogeneity of results in
 * testing samples from Poisson series", Biometrika 31, 1940). The null "ρ is at most r" therefore has the greatest share
 * rn / (rn + m), another one in every interval, because the traffic split changes from step to step. For each harmful ratio ρ > r
 * the likelihood ratio against that share has expectation at most 1 under the whole null, as it grows in the true share; so have
 * products over intervals and averages over ratios. Such an average is a non-negative supermartingale, and Ville's inequality
 * bounds the chance that it ever reaches 1/α by α (J. Ville, 1939; H. Robbins, "Statistical methods related to the law of the
 * iterated logarithm", Ann. Math. Statist. 41, 1970; for count data M. Lindon, A. Malek, "Anytime-valid inference for
 * multinomial count data", NeurIPS 2022).
 *
 * The average is the beta mixture of those papers cut to the harmful side, taken on a fixed grid of ratios instead of on the share:
 * a grid is itself a mixture, so nothing is lost in validity, no incomplete beta function can underflow, and evidence from a 5/95
 * step adds to that of a 50/50 step. Everything is in logarithms.
 *
 * Assumed: within one interval both versions get like requests, and errors are independent given their rates. Errors that are not
 * rare make the true distribution of x narrower than the binomial, which errs on the side of silence. Drift of one version
 * alone that is no fault of it is what the margin is for: at margin 1 it does raise false alarms.
 */

/** Harmful ratios over the margin: 1.2, then each 1.45 times the one before, up to about 300. */
const RATIOS_OVER_MARGIN = Object.freeze(Array.from({ length: 16 }, (_, i) => 1.2 * 1.45 ** i));

export interface Tally {
  readonly requests: number;
  readonly errors: number;
}

/** What the test remembers between looks: small, plain, and to be stored as it is. */
export interface SequentialEvidence {
  /** Natural logarithm of the likelihood ratio for each harmful ratio of the grid. */
  readonly log_ratios: readonly number[];
  /** The largest log evidence of any look so far. */
  readonly peak: number;
}

export interface SequentialResult {
  /** Natural logarithm of the evidence now; 0 is none, negative speaks for the canary. */
  readonly logEvidence: number;
  readonly verdict: 'worse' | 'undecided';
  /** Valid at any look: the smallest false-alarm probability at which this would say `worse`. */
  readonly pValue: number;
}

export const NO_EVIDENCE: SequentialEvidence = Object.freeze({
  log_ratios: Object.freeze(RATIOS_OVER_MARGIN.map(() => 0)),
  peak: 0,
});

/** Adds one interval that no other call has counted. An interval in which a version had no traffic says nothing. */
export function weigh(
  evidence: SequentialEvidence,
  canary: Tally,
  baseline: Tally,
  marginRatio: number,
): SequentialEvidence {
  if (!(canary.requests > 0 && baseline.requests > 0)) return evidence;
  const logRatios = RATIOS_OVER_MARGIN.map((over, i) => {
    const before = evidence.log_ratios[i] ?? 0;
    return rounded(before + logLikelihoodRatio(canary, baseline, marginRatio, over));
  });
  return { log_ratios: logRatios, peak: Math.max(evidence.peak, logMean(logRatios)) };
}

export function conclude(evidence: SequentialEvidence, falseAlarmProbability: number): SequentialResult {
  return {
    logEvidence: logMean(evidence.log_ratios),
    verdict: evidence.peak >= -Math.log(falseAlarmProbability) ? 'worse' : 'undecided',
    pValue: Math.min(1, Math.exp(-evidence.peak)),
  };
}

/**
 * About how many requests, of both versions together, until the test sees a canary `ratio` times as bad as the baseline:
 * the threshold with the price of the mixture, over the expected gain per request. Infinity when it is within the margin.
 */
export function requestsToDetect(
  ratio: number,
  at: {
    readonly baselineErrorRate: number;
    readonly canaryShare: number;
    readonly marginRatio: number;
    readonly falseAlarmProbability: number;
  },
): number {
  if (!(ratio > at.marginRatio)) return Number.POSITIVE_INFINITY;
  const canary = { requests: at.canaryShare, errors: at.canaryShare * at.baselineErrorRate * ratio };
  const baseline = { requests: 1 - at.canaryShare, errors: (1 - at.canaryShare) * at.baselineErrorRate };
  const gain = logLikelihoodRatio(canary, baseline, at.marginRatio, ratio / at.marginRatio);
  const price = Math.log(RATIOS_OVER_MARGIN.length) - Math.log(at.falseAlarmProbability);
  return gain > 0 ? Math.ceil(price / gain) : Number.POSITIVE_INFINITY;
}

/** With odds k = n/m and share θ(ρ) = ρk / (1 + ρk): x·log(θ(ρ)/θ(r)) + y·log((1−θ(ρ))/(1−θ(r))), free of cancellation. */
function logLikelihoodRatio(canary: Tally, baseline: Tally, marginRatio: number, over: number): number {
  const odds = (marginRatio * canary.requests) / baseline.requests;
  const logGrowth = Math.log1p(odds * over) - Math.log1p(odds);
  return canary.errors * (Math.log(over) - logGrowth) - baseline.errors * logGrowth;
}

function logMean(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - largest);
  return largest + Math.log(sum / logs.length);
}

/** A millionth of a nat changes no verdict and keeps what is stored short. */
function rounded(log: number): number {
  return Math.round(log * 1e6) / 1e6;
}
