import type { CallOutput } from '@spillway/contract';
import { bar, duration, type Paint } from './terminal.ts';

export type Rollout = CallOutput<'getRollout'>;
export type ServiceStatus = CallOutput<'serviceStatus'>;
type Stage = Rollout['stages'][number];

const GLYPH = {
  progressing: '◌',
  paused: '॥',
  rolling_back: '↩',
  succeeded: '✔',
  rolled_back: '✖',
  failed: '✖',
} as const;

/** The header and one block per stage, as `rollout get` and `--watch` draw it. */
export function rolloutView(
  rollout: Rollout,
  statuses: ReadonlyMap<string, ServiceStatus>,
  now: number,
  paint: Paint,
): string {
  const status = `${GLYPH[rollout.status]} ${rollout.status.replace('_', ' ')}`;
  const ended =
    rollout.ended_at_ms === undefined
      ? `started ${duration(now - rollout.started_at_ms)} ago`
      : `took ${duration(rollout.ended_at_ms - rollout.started_at_ms)}`;
  const lines = [
    `${paint.strong(rollout.key)}   ${colour(rollout, status, paint)}   ${rollout.plan.environment} · generation ${rollout.generation} · ${ended}`,
  ];
  if (rollout.hold !== undefined) lines.push(`  ${paint.canary('held')}  ${rollout.hold.reason}${wayOn(rollout.hold)}`);
  if (rollout.conclusion !== undefined) lines.push(`  ${rollout.conclusion}`);
  for (const [index, plan] of rollout.plan.stages.entries()) {
    const stage = rollout.stages[index];
    if (stage !== undefined) lines.push(...stageLines(plan, stage, statuses.get(plan.service), now, paint));
  }
  return lines.join('\n');
}

function colour(rollout: Rollout, text: string, paint: Paint): string {
  if (rollout.status === 'succeeded') return paint.stable(text);
  if (rollout.status === 'progressing' || rollout.status === 'paused') return paint.canary(text);
  return paint.bad(text);
}

function stageLines(
  plan: Rollout['plan']['stages'][number],
  stage: Stage,
  status: ServiceStatus | undefined,
  now: number,
  paint: Paint,
): string[] {
  const version = plan.version.name;
  const lines = [`⟳ ${plan.key}   ${plan.service} → ${version}   ${phaseText(plan, stage, now)}`];
  if (status === undefined) return lines;
  const actual = (status.actual_shares?.[version] ?? 0) / 1000;
  lines.push(`  traffic  ${version} ${paint.canary(bar(actual))} ${actual} %${desired(status, version, actual)}`);
  const names = [...new Set([version, ...(stage.baseline === undefined ? [] : [stage.baseline])])];
  for (const [index, name] of names.entries()) {
    const branch = index === names.length - 1 ? '└──' : '├──';
    lines.push(
      `  ${branch} # ${name}  ${role(name, version, status, paint)}  ${instances(status, name)}  ${health(status, name)}`,
    );
  }
  const { evidence } = stage;
  if (evidence !== undefined) {
    const most = plan.strategy.analysis.rollback_threshold_violations;
    const seen = `${evidence.checks} on ${evidence.canary.requests} requests`;
    lines.push(`  checks ${seen}, violations in a row ${evidence.violations_in_a_row} of ${most}`);
  }
  const ahead = stepsAhead(plan, stage);
  if (ahead !== '') lines.push(`  next  ${ahead}`);
  return lines;
}

const STEPS_SHOWN = 5;

function stepsAhead(plan: Rollout['plan']['stages'][number], { phase }: Stage): string {
  if (phase.is !== 'baking') return '';
  const ahead = plan.strategy.steps.slice(phase.step + 1);
  const shown = ahead.slice(0, STEPS_SHOWN).map((step) => `${step.percentage} % for ${duration(step.bake_ms)}`);
  return [...shown, ...(ahead.length > STEPS_SHOWN ? ['…'] : [])].join(' → ');
}

/** What a held rollout waits for, where its reason does not say so. */
function wayOn({ by }: NonNullable<Rollout['hold']>): string {
  if (by === 'no_data') return ' It waits for promote, resume or abort.';
  return by === 'approval' ? ' It waits for promote or abort.' : '';
}

function desired(status: ServiceStatus, version: string, actual: number): string {
  const wanted = (status.desired_shares?.[version] ?? 0) / 1000;
  return wanted === actual ? '' : ` (wanted ${wanted} %)`;
}

function role(name: string, version: string, status: ServiceStatus, paint: Paint): string {
  if (status.live === name) return paint.stable('stable');
  return name === version ? paint.canary('canary') : paint.muted('previous');
}

function instances(status: ServiceStatus, version: string): string {
  const own = status.instances.filter((instance) => instance.version === version);
  if (own.length === 0) return 'stopped';
  const healthy = own.filter((instance) => instance.state === 'healthy').length;
  return `${healthy === own.length ? '✔' : '◌'} ${healthy}/${own.length} healthy`;
}

const HEALTH_POINTS = 10;

function health(status: ServiceStatus, version: string): string {
  const points = status.series.filter((point) => point.version === version).slice(-HEALTH_POINTS);
  const requests = points.reduce((sum, point) => sum + point.requests, 0);
  if (requests === 0) return 'no requests lately';
  const errors = points.reduce((sum, point) => sum + point.errors, 0);
  const p95 = Math.max(...points.map((point) => point.p95_ms ?? 0));
  return `p95 ${p95.toFixed(0)} ms  err ${((errors / requests) * 100).toFixed(2)} %`;
}

export function phaseText(plan: Rollout['plan']['stages'][number], stage: Stage, now: number): string {
  const { phase } = stage;
  if (phase.is !== 'baking') return 'cause' in phase ? `${phase.is.replace('_', ' ')}: ${phase.cause}` : phase.is;
  const step = plan.strategy.steps[phase.step];
  const count = `step ${phase.step + 1}/${plan.strategy.steps.length}`;
  if (step === undefined) return count;
  const left = phase.confirmed_at_ms === undefined ? step.bake_ms : phase.confirmed_at_ms + step.bake_ms - now;
  const waiting = phase.awaiting === undefined ? `${duration(left)} left` : `waits for ${phase.awaiting.what}`;
  return `${count} · ${step.percentage} % · ${waiting}`;
}
