import { type Judgement, judge, NO_CHECKS } from './judge.ts';
import type { MetricReading } from './observation.ts';
import type { Baking, Finding, StageState } from './rollout.ts';
import { readingOf, sampleBetween } from './sample.ts';
import { because, countsOf, type StageMove, type StageView } from './stage-view.ts';

/** Without requests to judge by, the next look waits a tenth of the time that nothing came, at most a minute. */
const IDLE_CHECK_DIVISOR = 10;
const LONGEST_IDLE_CHECK_MS = 60_000;

/** A check that is due, also while the rollout is held: a hold keeps exposure, it does not close the eyes. */
export function check(view: StageView, phase: Baking): StageMove | undefined {
  if (phase.confirmed_at_ms === undefined || !isDue(view, phase)) return undefined;
  const { metrics } = view.seen;
  if (metrics === 'unknown') return unreadable(view, phase, phase.reading);
  if (phase.reading === undefined) return unreadable(view, phase, stageReading(view, metrics));
  return judged(view, phase, phase.reading, metrics);
}

/** One further away than any is put off was written by a clock that went back since: with that it would come hours late. */
function isDue(view: StageView, { next_check_at_ms: next }: Baking): boolean {
  const longest = Math.max(LONGEST_IDLE_CHECK_MS, view.plan.strategy.analysis.check_interval_ms);
  return view.now >= next || next - view.now > longest;
}

export function stageReading(view: StageView, metrics: MetricReading): MetricReading {
  return readingOf(metrics, [view.state.baseline, view.plan.version.name]);
}

/** The first check is not later than the end of the bake time, or a short step would never be judged. */
export function firstCheckAt(view: StageView, step: number): number {
  const { steps, analysis } = view.plan.strategy;
  return view.now + Math.min(analysis.check_interval_ms, steps[step]?.bake_ms ?? 0);
}

/** The judge is broken, not the version: that neither promotes nor takes back. */
function unreadable(view: StageView, phase: Baking, reading: MetricReading | undefined): StageMove {
  const state: StageState = {
    ...view.state,
    phase: {
      ...phase,
      ...(reading === undefined ? {} : { reading }),
      next_check_at_ms: nextCheckAt(view),
      last_verdict: 'error',
    },
  };
  const summary = 'The metrics could not be read for this interval; nothing is decided by that.';
  return { state, because: because(view, 'checked', summary, { verdict: 'error' }) };
}

function judged(view: StageView, phase: Baking, older: MetricReading, newer: MetricReading): StageMove {
  const { plan, state } = view;
  const canary = sampleBetween(older, newer, plan.version.name);
  const baseline = state.baseline === undefined ? undefined : sampleBetween(older, newer, state.baseline);
  const instances = countsOf(view.seen, plan.version.name);
  const judgement = judge(plan.strategy.analysis, state.evidence ?? NO_CHECKS, canary, baseline, instances);
  const next: StageState = {
    ...state,
    evidence: judgement.evidence,
    phase: {
      ...phase,
      reading: judgement.used ? stageReading(view, newer) : older,
      next_check_at_ms: judgement.verdict === 'no_data' ? nextIdleCheckAt(view, older) : nextCheckAt(view),
      passes: phase.passes + (judgement.verdict === 'pass' ? 1 : 0),
      last_verdict: judgement.verdict,
    },
  };
  const { verdict, findings } = judgement;
  const failed =
    judgement.provenWorse ||
    (verdict === 'fail' &&
      judgement.evidence.violations_in_a_row >= plan.strategy.analysis.rollback_threshold_violations);
  const told = because(view, 'checked', tellJudgement(view, judgement, canary.requests), { verdict, findings });
  return { state: next, because: told, ...(failed ? { failed } : {}) };
}

function nextCheckAt(view: StageView): number {
  return view.now + Math.max(1, view.plan.strategy.analysis.check_interval_ms);
}

/** Every check is a log entry: where nobody comes, looking every second for a day would fill it with nothing. */
function nextIdleCheckAt(view: StageView, since: MetricReading): number {
  const idleMs = view.now - since.at_ms;
  return Math.max(
    nextCheckAt(view),
    view.now + Math.min(LONGEST_IDLE_CHECK_MS, Math.ceil(idleMs / IDLE_CHECK_DIVISOR)),
  );
}

function tellJudgement(view: StageView, judgement: Judgement, requests: number): string {
  const { analysis } = view.plan.strategy;
  const version = view.plan.version.name;
  switch (judgement.verdict) {
    case 'pass':
      return `${version} is within its bounds over ${requests} requests.`;
    case 'no_data':
      return `${version} had no request to judge by; ${analysis.minimum_requests} are needed.`;
    case 'inconclusive':
      return `${version} had ${requests} of ${analysis.minimum_requests} requests needed to judge; they are kept for the next check.`;
    default: {
      const broken = tellBroken(judgement.findings);
      const count = `violation ${judgement.evidence.violations_in_a_row} of ${analysis.rollback_threshold_violations}`;
      return `${version} ${broken} over ${requests} requests (${judgement.provenWorse ? 'decided over the whole stage' : count}).`;
    }
  }
}

/** A rate that is too low is not told when it is the other side of one that is too high. */
function tellBroken(findings: readonly Finding[]): string {
  const broken = findings.filter(({ verdict }) => verdict === 'fail');
  const isTold = broken.some(({ criterion }) => criterion === 'max_error_rate');
  const parts = broken.filter(({ criterion }) => !isTold || criterion !== 'min_success_rate').map(tellFinding);
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

function tellFinding({ criterion, observed, bound, baseline }: Finding): string {
  const percent = (value: number | null | undefined) => `${Math.round((value ?? 0) * 10_000) / 100} %`;
  switch (criterion) {
    case 'max_response_time_ms':
      return `answered in ${Math.round(observed ?? 0)} ms where ${bound} ms is the bound`;
    case 'worse_than_baseline':
      return `is worse than the previous version (p ${tellProbability(observed ?? 0)}, bound ${bound}; its error rate ${percent(baseline)})`;
    case 'min_success_rate':
      return `succeeded in ${percent(observed)} where ${percent(bound)} is the least`;
    case 'max_error_rate':
      return `failed in ${percent(observed)} where ${percent(bound)} is the most`;
    default:
      return `has ${criterion.replace('max_', '')} ${percent(observed)} where ${percent(bound)} is the most`;
  }
}

/** Below a thousandth the digits say nothing to a person. */
function tellProbability(probability: number): string {
  return probability < 0.001 ? '< 0.001' : probability.toPrecision(2);
}
