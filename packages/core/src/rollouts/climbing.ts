import type { Awaiting, Baking, StageState } from './rollout.ts';
import { because, isReady, type StageMove, type StageView, tellDuration, tellHealth } from './stage-view.ts';
import { allTo, isConfirmed, sameShares, servableShares, shift, stepShares, tellShares } from './traffic.ts';

/** Whether the step is over and what comes next. The only place that raises exposure. */
export function climb(view: StageView, phase: Baking): StageMove | undefined {
  const verdict = readiness(view, phase);
  switch (verdict.is) {
    case 'not_yet':
      return undefined;
    case 'awaits':
      return phase.awaiting?.what === verdict.what ? undefined : waitFor(view, phase, verdict.what, verdict.summary);
    case 'fails':
      return { state: view.state, failed: true, because: because(view, verdict.decision, verdict.summary) };
    case 'rises':
      return phase.promoted === 'fully' || phase.step + 1 >= view.plan.strategy.steps.length
        ? toCompletion(view, verdict.summary)
        : toStep(view, phase.step + 1, verdict.summary);
  }
}

type Readiness =
  | { readonly is: 'not_yet' }
  | { readonly is: 'awaits'; readonly what: Awaiting['what']; readonly summary: string }
  | { readonly is: 'fails'; readonly decision: string; readonly summary: string }
  | { readonly is: 'rises'; readonly summary: string };

const NOT_YET: Readiness = { is: 'not_yet' };

function readiness(view: StageView, phase: Baking): Readiness {
  const step = view.plan.strategy.steps[phase.step];
  if (view.held || step === undefined || phase.confirmed_at_ms === undefined) return NOT_YET;
  // A version that repairs what is broken must get through although the old one cannot take its share any more.
  if (phase.promoted !== 'fully' && !stepIsApplied(view, phase)) return NOT_YET;
  if (phase.promoted !== undefined) return rise(view, phase, 'Promoted by a person');
  const over = phase.confirmed_at_ms + step.bake_ms;
  if (view.now < over || phase.awaiting?.what === 'evidence') return NOT_YET;
  const wantsProof = step.bake_ms > 0;
  if (wantsProof && phase.passes === 0) return withoutProof(view, phase, over);
  if ((view.state.evidence?.violations_in_a_row ?? 0) > 0) return lingering(view, phase, over);
  if (step.approval) {
    return { is: 'awaits', what: 'approval', summary: `Step ${phase.step + 1} looks good; it waits for \`promote\`.` };
  }
  const good = wantsProof
    ? `${phase.passes} good ${phase.passes === 1 ? 'check' : 'checks'}`
    : 'no bake time asked for';
  return rise(view, phase, `Baked for ${tellDuration(step.bake_ms)}, ${good}`);
}

function stepIsApplied(view: StageView, phase: Baking): boolean {
  const { traffic, baseline } = view.state;
  return isConfirmed(view) && sameShares(traffic?.shares ?? {}, stepShares(view.plan, baseline, phase.step));
}

/** More traffic only onto a version whose every instance is healthy; one that does not get there in time has failed. */
function rise(view: StageView, phase: Baking, summary: string): Readiness {
  const { plan, now } = view;
  if (isReady(view.seen, plan.version)) return { is: 'rises', summary };
  const health = tellHealth(view, plan.version);
  const deadline = plan.strategy.progress_deadline_ms;
  const waited = phase.awaiting?.what === 'instances' ? now - phase.awaiting.since_ms : 0;
  if (view.seen.instances !== 'unknown' && waited >= deadline) {
    return {
      is: 'fails',
      decision: 'deadline_passed',
      summary: `${plan.version.name} was not ready for more traffic within ${tellDuration(deadline)}: ${health}.`,
    };
  }
  return { is: 'awaits', what: 'instances', summary: `${summary}; ${health}, so the next step waits.` };
}

/** The bake time is over and no check was decided. A broken judge (`error`) waits and pauses, whatever the plan says. */
function withoutProof(view: StageView, phase: Baking, over: number): Readiness {
  if (phase.last_verdict === undefined) return NOT_YET;
  const { on_no_data: policy } = view.plan.strategy.analysis;
  if (phase.last_verdict === 'fail' || phase.last_verdict === 'error' || policy === 'wait') {
    return lingering(view, phase, over);
  }
  const nothing = `The bake time is over and no check could be decided (${phase.last_verdict})`;
  if (policy === 'rollback') {
    return { is: 'fails', decision: 'no_evidence', summary: `${nothing}; the plan asks to go back then.` };
  }
  return phase.patience_from_ms === undefined
    ? { is: 'awaits', what: 'evidence', summary: `${nothing}; it waits for \`resume\` or \`promote\`.` }
    : lingering(view, phase, over);
}

/** Checks go on; a person is asked when they stay open for too long. */
function lingering(view: StageView, phase: Baking, over: number): Readiness {
  const patience = view.plan.strategy.analysis.no_data_deadline_ms;
  if (view.now - Math.max(over, phase.patience_from_ms ?? over) < patience) return NOT_YET;
  const summary = `The checks have been open (${phase.last_verdict ?? 'none'}) for ${tellDuration(patience)} past the bake time; it waits for \`resume\` or \`promote\`.`;
  return { is: 'awaits', what: 'evidence', summary };
}

function waitFor(view: StageView, phase: Baking, what: Awaiting['what'], summary: string): StageMove {
  const state: StageState = { ...view.state, phase: { ...phase, awaiting: { what, since_ms: view.now } } };
  return { state, because: because(view, `awaiting_${what}`, summary) };
}

function toStep(view: StageView, step: number, why: string): StageMove {
  const { plan, now } = view;
  const shares = servableShares(view, step);
  const { state, effect } = shift(view, view.state, shares);
  const summary = `${why}; step ${step + 1} of ${plan.strategy.steps.length}: ${tellShares(shares)}.`;
  return {
    state: { ...state, phase: { is: 'baking', step, since_ms: now, next_check_at_ms: now, passes: 0 } },
    effects: [effect],
    because: because(view, 'step_started', summary, { step }),
  };
}

function toCompletion(view: StageView, why: string): StageMove {
  const shares = allTo(view.plan.version.name);
  const { state, effect } = shift(view, view.state, shares);
  return {
    state: { ...state, phase: { is: 'completing', since_ms: view.now } },
    effects: [effect],
    because: because(view, 'completing', `${why}; all traffic goes to ${view.plan.version.name}.`),
  };
}
