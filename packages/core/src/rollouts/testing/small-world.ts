import { bucketIndex } from '@spillway/statistics';
import type { VersionSpec } from '../../services/service.ts';
import { type Advance, advance } from '../advance.ts';
import type { RolloutCommand } from '../command.ts';
import { command } from '../commanding.ts';
import type { Effect } from '../effect.ts';
import type { EffectOutcome, InstanceCounts, MetricReading, Observation, VersionCounters } from '../observation.ts';
import type { AnalysisPlan, CanaryStep, RolloutPlan, StagePlan } from '../plan.ts';
import type { Because, Rollout } from '../rollout.ts';
import { startRollout } from '../starting.ts';

export function version(name: string, instances = 1): VersionSpec {
  const health = { path: '/healthz', interval_ms: 1_000, timeout_ms: 1_000, start_timeout_ms: 30_000 };
  return { name, command: ['app'], env: {}, instances, health, grace_ms: 10_000 };
}

export const ANALYSIS: AnalysisPlan = {
  check_interval_ms: 10_000,
  criteria: {
    max_response_time_ms: 1_000,
    response_time_quantile: 0.95,
    max_error_rate: 0.05,
    min_success_rate: 0.95,
    max_cpu_usage: 0.8,
    max_memory_usage: 0.85,
  },
  rollback_threshold_violations: 3,
  minimum_requests: 20,
  on_no_data: 'pause',
  no_data_deadline_ms: 300_000,
};

export function step(percentage: number, bakeMs = 30_000, approval = false): CanaryStep {
  return { percentage, bake_ms: bakeMs, approval };
}

export function stage(
  more: Partial<StagePlan> & { readonly analysis?: Partial<AnalysisPlan>; readonly steps?: CanaryStep[] } = {},
): StagePlan {
  const { analysis, steps, ...rest } = more;
  return {
    key: 'shop',
    dependencies: [],
    service: 'shop',
    version: version('v2'),
    strategy: {
      kind: 'canary',
      steps: steps ?? [step(10), step(50)],
      analysis: { ...ANALYSIS, ...analysis },
      progress_deadline_ms: 60_000,
    },
    ...rest,
  };
}

export function plan(stages: readonly StagePlan[] = [stage()], rollbackOnFailure = true): RolloutPlan {
  return { key: 'release', description: '', environment: 'production', stages, rollback_on_failure: rollbackOnFailure };
}

interface SmallService {
  live?: string;
  readonly versions: Record<string, VersionSpec>;
  readonly instances: Record<string, InstanceCounts>;
  shares: Record<string, number>;
  readonly counters: Record<string, VersionCounters>;
}

/** A world in which every effect works at once, until a test says otherwise. Traffic is 100 requests a second per service. */
export class SmallWorld {
  rollout: Rollout;
  now = 1_000_000;
  epoch = 'gateway-1';
  readonly services: Record<string, SmallService> = {};
  readonly story: Because[] = [];
  /** Every shift that was asked for, in order. */
  readonly shifts: (Effect & { kind: 'shift_traffic' })[] = [];
  switches: string[] = [];
  requestsPerSecond = 100;
  /** Error share and milliseconds per version. */
  readonly behaviour: Record<string, { errors: number; ms: number }> = {};
  unknown: { instances?: boolean; shares?: boolean; metrics?: boolean } = {};
  /** Effects of these kinds fail when performed. */
  readonly broken = new Set<Effect['kind']>();
  /** Versions whose instances never become healthy. */
  readonly stillborn = new Set<string>();
  /** Why they do not, as the platform tells it. */
  problem: string | undefined;
  #outcomes: Record<string, EffectOutcome> = {};

  constructor(of: RolloutPlan, live: Record<string, string | undefined> = { shop: 'v1' }) {
    for (const { service, version: spec } of of.stages) {
      const known = this.services[service]?.versions ?? {};
      this.services[service] = { versions: { ...known, [spec.name]: spec }, instances: {}, shares: {}, counters: {} };
    }
    for (const [service, name] of Object.entries(live)) {
      const it = this.services[service];
      if (it === undefined || name === undefined) continue;
      it.live = name;
      it.versions[name] = version(name);
      it.instances[name] = { desired: 1, healthy: 1, failing: 0 };
      it.shares = { [name]: 100_000 };
    }
    const started = startRollout(of, 1, this.now);
    this.rollout = started.rollout;
    this.#note(started);
  }

  service(key = 'shop'): SmallService {
    const it = this.services[key];
    if (it === undefined) throw new Error(`no service ${key}`);
    return it;
  }

  phase(key = 'shop') {
    const state = this.rollout.stages.find((each) => each.key === key);
    if (state === undefined) throw new Error(`no stage ${key}`);
    return state.phase;
  }

  decisions(): string[] {
    return this.story.map((because) => because.decision);
  }

  observe(): Observation {
    const services: Record<string, Observation['services'][string]> = {};
    for (const [key, it] of Object.entries(this.services)) {
      const metrics: MetricReading = { epoch: this.epoch, at_ms: this.now, versions: { ...it.counters } };
      services[key] = {
        ...(it.live === undefined ? {} : { live: it.live }),
        versions: it.versions,
        instances: this.unknown.instances ? 'unknown' : { ...it.instances },
        shares: this.unknown.shares ? 'unknown' : { ...it.shares },
        metrics: this.unknown.metrics ? 'unknown' : metrics,
      };
    }
    return { services, effects: this.#outcomes, active_switches: this.switches };
  }

  /** One turn of the loop: perform what is pending, observe, decide. */
  turn(): Advance {
    for (const effect of this.rollout.pending) this.#perform(effect);
    const result = advance(this.rollout, this.observe(), this.now);
    this.rollout = result.rollout;
    for (const [service, live] of Object.entries(result.live)) {
      if (live === null) delete this.service(service).live;
      else this.service(service).live = live;
    }
    this.#note(result);
    return result;
  }

  /** Turns without time passing, until nothing is decided any more. */
  settle(): void {
    for (let i = 0; i < 100; i++) {
      if (this.turn().because === undefined && this.rollout.pending.every((effect) => this.#outcomes[effect.id]))
        return;
    }
    throw new Error(`never settles: ${this.decisions().slice(-10).join(', ')}`);
  }

  /** Second by second, with traffic. */
  pass(ms: number): void {
    for (const end = this.now + ms; this.now < end; ) {
      const tick = Math.min(1_000, end - this.now);
      this.now += tick;
      this.#traffic(tick);
      this.settle();
    }
  }

  tell(given: RolloutCommand, reason = 'because'): string {
    const outcome = command(this.rollout, given, { actor: 'ann', reason }, this.now);
    if (!outcome.ok) return outcome.refusal.code;
    this.rollout = outcome.value.rollout;
    this.#note(outcome.value);
    return 'accepted';
  }

  kill(service: string, name: string): void {
    this.service(service).instances[name] = { desired: 1, healthy: 0, failing: 1 };
  }

  heal(service: string, name: string): void {
    this.service(service).instances[name] = { desired: 1, healthy: 1, failing: 0 };
  }

  #note(result: Advance): void {
    this.story.push(...(result.because ?? []));
    for (const effect of result.effects) if (effect.kind === 'shift_traffic') this.shifts.push(effect);
  }

  #perform(effect: Effect): void {
    if (this.#outcomes[effect.id]?.is === 'done') return;
    if (this.broken.has(effect.kind)) {
      this.#outcomes = { ...this.#outcomes, [effect.id]: { is: 'failed', message: 'out of order' } };
      return;
    }
    const it = this.service(effect.service);
    if (effect.kind === 'run_version') {
      const { name, instances } = effect.version;
      const healthy = this.stillborn.has(name) ? 0 : instances;
      const problem = healthy === instances || this.problem === undefined ? {} : { problem: this.problem };
      it.instances[name] = { desired: instances, healthy, failing: instances - healthy, ...problem };
    } else if (effect.kind === 'stop_version') {
      delete it.instances[effect.version];
    } else {
      it.shares = { ...effect.shares };
    }
    this.#outcomes = { ...this.#outcomes, [effect.id]: { is: 'done' } };
  }

  #traffic(ms: number): void {
    for (const it of Object.values(this.services)) {
      for (const [name, share] of Object.entries(it.shares)) {
        const { errors, ms: latency } = this.behaviour[name] ?? { errors: 0, ms: 20 };
        const before = it.counters[name] ?? { requests: 0, errors: 0, latency: {}, in_flight: 0 };
        const requests = Math.round((this.requestsPerSecond * ms * share) / 100_000 / 1_000);
        const bucket = String(bucketIndex(latency));
        it.counters[name] = {
          requests: before.requests + requests,
          errors: before.errors + Math.round(requests * errors),
          latency: { ...before.latency, [bucket]: (before.latency[bucket] ?? 0) + requests },
          in_flight: 0,
        };
      }
    }
  }
}
