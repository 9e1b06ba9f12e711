import { conclude, NO_EVIDENCE, quantile, weigh } from '@spillway/statistics';
import type { InstanceCounts } from './observation.ts';
import type { AnalysisPlan, SequentialComparison } from './plan.ts';
import type { Evidence, Finding, Verdict } from './rollout.ts';
import type { Sample } from './sample.ts';

export const NO_CHECKS: Evidence = Object.freeze({
  checks: 0,
  violations_in_a_row: 0,
  canary: Object.freeze({ requests: 0, errors: 0 }),
  baseline: Object.freeze({ requests: 0, errors: 0 }),
});

export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Whether the sample was used up. If not, the next check looks at it again together with what comes until then. */
  readonly used: boolean;
  readonly evidence: Evidence;
  /** The comparison over the whole stage has decided against the new version. */
  readonly provenWorse: boolean;
}

/**
 * One check. Bounds on what was measured in this interval; `no_data` and `inconclusive` (too few requests) keep their
 * sample, so that a quiet service gathers requests over several intervals instead of never being judged.
 */
export function judge(
  analysis: AnalysisPlan,
  before: Evidence,
  canary: Sample,
  baseline: Sample | undefined,
  instances: InstanceCounts | undefined,
): Judgement {
  const enough = canary.requests >= analysis.minimum_requests;
  const bounds = [
    ...trafficFindings(analysis, canary, baseline),
    ...resourceFindings(analysis, instances, canary.requests),
  ];
  const failing = bounds.some((finding) => finding.verdict === 'fail');
  const used = enough || failing;
  const gathered = used ? gather(before, analysis.comparison, canary, baseline) : before;
  const compared = compare(analysis.comparison, gathered);
  const provenWorse = compared?.verdict === 'fail';
  const verdict = overall(failing || provenWorse, enough, canary.requests);
  return {
    verdict,
    findings: compared === undefined ? bounds : [...bounds, compared],
    used,
    evidence: { ...gathered, checks: before.checks + 1, violations_in_a_row: inARow(before, verdict) },
    provenWorse,
  };
}

function overall(failing: boolean, enough: boolean, requests: number): Verdict {
  if (failing) return 'fail';
  if (enough) return 'pass';
  return requests === 0 ? 'no_data' : 'inconclusive';
}

/** Only a good check ends a row of bad ones: silence is no recovery. */
function inARow(before: Evidence, verdict: Verdict): number {
  if (verdict === 'fail') return before.violations_in_a_row + 1;
  return verdict === 'pass' ? 0 : before.violations_in_a_row;
}

function trafficFindings(analysis: AnalysisPlan, canary: Sample, baseline: Sample | undefined): Finding[] {
  const { criteria, minimum_requests: minimum } = analysis;
  const { requests } = canary;
  const decided = (broken: boolean): Verdict => {
    if (requests === 0) return 'no_data';
    if (requests < minimum) return 'inconclusive';
    return broken ? 'fail' : 'pass';
  };
  const errorRate = rate(canary);
  const baselineErrorRate = baseline === undefined ? null : rate(baseline);
  const q = criteria.response_time_quantile;
  const responseTime = quantile(canary.latency, q);
  return [
    {
      criterion: 'max_error_rate',
      observed: errorRate,
      bound: criteria.max_error_rate,
      baseline: baselineErrorRate,
      verdict: decided(errorRate !== null && errorRate > criteria.max_error_rate),
      requests,
    },
    {
      criterion: 'min_success_rate',
      observed: errorRate === null ? null : 1 - errorRate,
      bound: criteria.min_success_rate,
      baseline: baselineErrorRate === null ? null : 1 - baselineErrorRate,
      verdict: decided(errorRate !== null && 1 - errorRate < criteria.min_success_rate),
      requests,
    },
    {
      criterion: 'max_response_time_ms',
      observed: responseTime,
      bound: criteria.max_response_time_ms,
      baseline: baseline === undefined ? null : quantile(baseline.latency, q),
      verdict: decided(responseTime !== null && responseTime > criteria.max_response_time_ms),
      requests,
    },
  ];
}

/** What the platform does not measure is `no_data` and decides nothing. */
function resourceFindings(
  { criteria }: AnalysisPlan,
  instances: InstanceCounts | undefined,
  requests: number,
): Finding[] {
  const finding = (criterion: string, observed: number | undefined, bound: number): Finding => ({
    criterion,
    observed: observed ?? null,
    bound,
    verdict: observed === undefined ? 'no_data' : observed > bound ? 'fail' : 'pass',
    requests,
  });
  return [
    finding('max_cpu_usage', instances?.cpu_usage, criteria.max_cpu_usage),
    finding('max_memory_usage', instances?.memory_usage, criteria.max_memory_usage),
  ];
}

/** Adds a sample to the stage's totals and to its sequential evidence: each request is counted once. */
function gather(
  before: Evidence,
  comparison: SequentialComparison | undefined,
  canary: Sample,
  baseline: Sample | undefined,
): Evidence {
  const add = (total: Evidence['canary'], sample: Sample | undefined) => ({
    requests: total.requests + (sample?.requests ?? 0),
    errors: total.errors + (sample?.errors ?? 0),
  });
  const totals = { ...before, canary: add(before.canary, canary), baseline: add(before.baseline, baseline) };
  if (comparison === undefined || baseline === undefined) return totals;
  return { ...totals, sequential: weigh(before.sequential ?? NO_EVIDENCE, canary, baseline, comparison.margin_ratio) };
}

/** Observed is the p-value valid at any look, its bound the false-alarm probability: at or below it the version is worse. */
function compare(comparison: SequentialComparison | undefined, evidence: Evidence): Finding | undefined {
  if (comparison === undefined || evidence.sequential === undefined) return undefined;
  const result = conclude(evidence.sequential, comparison.false_alarm_probability);
  return {
    criterion: 'worse_than_baseline',
    observed: result.pValue,
    bound: comparison.false_alarm_probability,
    baseline: rate(evidence.baseline),
    verdict: result.verdict === 'worse' ? 'fail' : 'pass',
    requests: evidence.canary.requests,
  };
}

function rate(counts: { readonly requests: number; readonly errors: number }): number | null {
  return counts.requests === 0 ? null : counts.errors / counts.requests;
}
