import type { Visit } from './shoppers.ts';

export const PHASES = ['before', 'rollout of v2', 'v2 live', 'rollout of v3', 'after'] as const;
export type Phase = (typeof PHASES)[number];

/** Requests that no version of the shop answered. */
export const NOBODY = 'gateway';
const RECENT_MS = 2_000;

export interface Figures {
  readonly requests: number;
  readonly errors: number;
}

export interface VersionFigures extends Figures {
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly first_sent_at_ms: number;
  readonly last_sent_at_ms: number;
}

interface Counting {
  requests: number;
  errors: number;
}

interface VersionCounting extends Counting {
  readonly latencies: number[];
  firstSentAtMs: number;
  lastSentAtMs: number;
}

/** What the users saw, counted as it happens. */
export interface Tally {
  enter(phase: Phase): void;
  record(visit: Visit): void;
  totals(): Figures;
  phase(phase: Phase): Figures;
  /** Versions that answered in this phase. */
  answeredBy(phase: Phase): ReadonlySet<string>;
  versions(): ReadonlyMap<string, VersionFigures>;
  /** People who were on the new version and got the old one again while it was being promoted. */
  wentBack(): number;
  recent(nowMs: number): { readonly perSecond: number; readonly shares: ReadonlyMap<string, number> };
}

export function openTally(): Tally {
  const phases = new Map<Phase, Counting & { readonly by: Set<string> }>();
  const versions = new Map<string, VersionCounting>();
  let current: Phase = 'before';
  let wentBack = 0;
  let last: { readonly atMs: number; readonly version: string }[] = [];

  const inPhase = (phase: Phase) => {
    const counting = phases.get(phase) ?? { requests: 0, errors: 0, by: new Set<string>() };
    phases.set(phase, counting);
    return counting;
  };
  const ofVersion = (version: string, sentAtMs: number) => {
    const counting = versions.get(version) ?? {
      requests: 0,
      errors: 0,
      latencies: [],
      firstSentAtMs: sentAtMs,
      lastSentAtMs: sentAtMs,
    };
    versions.set(version, counting);
    return counting;
  };

  return {
    enter(phase) {
      current = phase;
    },
    record(visit) {
      const version = visit.version ?? NOBODY;
      const phase = inPhase(current);
      count(phase, visit.failed);
      phase.by.add(version);
      const counting = ofVersion(version, visit.sentAtMs);
      count(counting, visit.failed);
      counting.latencies.push(visit.tookMs);
      counting.firstSentAtMs = Math.min(counting.firstSentAtMs, visit.sentAtMs);
      counting.lastSentAtMs = Math.max(counting.lastSentAtMs, visit.sentAtMs);
      if (current === 'rollout of v2' && visit.before === 'v2' && version === 'v1') wentBack += 1;
      last.push({ atMs: visit.sentAtMs + visit.tookMs, version });
    },
    totals: () => sum([...phases.values()]),
    phase: (phase) => sum([inPhase(phase)]),
    answeredBy: (phase) => inPhase(phase).by,
    versions: () =>
      new Map([...versions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, figures(each)])),
    wentBack: () => wentBack,
    recent(nowMs) {
      last = last.filter((each) => each.atMs > nowMs - RECENT_MS);
      const shares = new Map<string, number>();
      for (const { version } of last) shares.set(version, (shares.get(version) ?? 0) + 1 / last.length);
      return { perSecond: (last.length * 1_000) / RECENT_MS, shares };
    },
  };
}

function count(counting: Counting, failed: boolean): void {
  counting.requests += 1;
  if (failed) counting.errors += 1;
}

function sum(counted: readonly Figures[]): Figures {
  const add = (field: keyof Figures) => counted.reduce((total, each) => total + each[field], 0);
  return { requests: add('requests'), errors: add('errors') };
}

function figures({ requests, errors, latencies, firstSentAtMs, lastSentAtMs }: VersionCounting): VersionFigures {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? null;
  return {
    requests,
    errors,
    p50_ms: rounded(at(0.5)),
    p95_ms: rounded(at(0.95)),
    first_sent_at_ms: firstSentAtMs,
    last_sent_at_ms: lastSentAtMs,
  };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
