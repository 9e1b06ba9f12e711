import type { Ink } from './ink.ts';
import type { Ending, Rollout } from './story.ts';
import { type Figures, NOBODY, PHASES, type Phase, type Tally, type VersionFigures } from './tally.ts';

/** What the demo ends with; fields are only ever added. */
export interface Report {
  readonly ok: boolean;
  /** What did not end as it should, in sentences; empty when all did. */
  readonly problems: readonly string[];
  readonly duration_ms: number;
  readonly ready_ms: number;
  readonly dashboard_url: string;
  readonly rollouts: Readonly<Record<string, RolloutReport>>;
  readonly requests: number;
  readonly errors: number;
  /** `gateway`: no version answered. */
  readonly versions: Readonly<Record<string, VersionFigures>>;
  readonly phases: readonly (Figures & { readonly phase: Phase })[];
  /** People who got the old version again while the new one was being promoted. */
  readonly went_back: number;
  /** From the first request that a user's v3 got until Spillway had decided against it; null when it has not. */
  readonly time_to_detect_ms: number | null;
  /** From that decision until all new requests went to v2 again. */
  readonly time_to_roll_back_ms: number | null;
  /** From that decision until v3 was stopped. */
  readonly time_to_stop_ms: number | null;
  /** Why v3 was taken back, in Spillway's words. */
  readonly cause: string | null;
}

export interface RolloutReport {
  readonly status: Rollout['status'];
  readonly took_ms: number | null;
  readonly conclusion: string | null;
}

export interface Timing {
  readonly durationMs: number;
  readonly readyMs: number;
  readonly dashboardUrl: string;
}

export function makeReport(ending: Ending, tally: Tally, timing: Timing): Report {
  const versions = tally.versions();
  const v3 = ending.rollouts.get('v3');
  const exposure = versions.get('v3');
  const failedAtMs = v3?.failure?.at_ms;
  const since = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? null : Math.max(0, to - from);
  const problems = problemsOf(ending, tally);
  return {
    ok: problems.length === 0,
    problems,
    duration_ms: Math.round(timing.durationMs),
    ready_ms: Math.round(timing.readyMs),
    dashboard_url: timing.dashboardUrl,
    rollouts: Object.fromEntries([...ending.rollouts].map(([version, rollout]) => [version, rolloutReport(rollout)])),
    ...tally.totals(),
    versions: Object.fromEntries(versions),
    phases: PHASES.map((phase) => ({ phase, ...tally.phase(phase) })),
    went_back: tally.wentBack(),
    time_to_detect_ms: since(exposure?.first_sent_at_ms, failedAtMs),
    time_to_roll_back_ms: since(failedAtMs, trafficBackAtMs(v3, exposure)),
    time_to_stop_ms: since(failedAtMs, v3?.ended_at_ms),
    cause: v3?.failure?.cause ?? null,
  };
}

/** When the router confirmed the way back, or when the last request was sent that v3 still got, if that was later. */
function trafficBackAtMs(v3: Rollout | undefined, exposure: VersionFigures | undefined): number | undefined {
  const traffic = v3?.stages[0]?.traffic;
  if (exposure === undefined || traffic?.confirmed_at_ms === undefined || traffic.shares.v3 !== undefined)
    return undefined;
  return Math.max(traffic.confirmed_at_ms, exposure.last_sent_at_ms);
}

function rolloutReport({ status, started_at_ms, ended_at_ms, conclusion }: Rollout): RolloutReport {
  return {
    status,
    took_ms: ended_at_ms === undefined ? null : ended_at_ms - started_at_ms,
    conclusion: conclusion ?? null,
  };
}

function problemsOf({ rollouts, live }: Ending, tally: Tally): readonly string[] {
  const problems: string[] = [];
  const expect = (isSo: boolean, problem: string) => void (isSo || problems.push(problem));
  for (const [version, wanted] of [
    ['v1', 'succeeded'],
    ['v2', 'succeeded'],
    ['v3', 'rolled_back'],
  ] as const) {
    const status = rollouts.get(version)?.status;
    expect(status === wanted, `${version} should have ${wanted}, but is ${status ?? 'missing'}.`);
  }
  expect(live === 'v2', `v2 should be live in the end, but ${live ?? 'nothing'} is.`);
  const versions = tally.versions();
  for (const [version, { errors }] of versions) {
    expect(version === 'v3' || errors === 0, `${errors} requests failed that v3 did not fail (${version}).`);
  }
  expect(versions.has('v3'), 'v3 never had a request.');
  const after = [...tally.answeredBy('after')].filter((version) => version !== 'v2' && version !== NOBODY);
  expect(after.length === 0, `${after.join(' and ')} still answered after the rollback.`);
  expect(tally.wentBack() === 0, `${tally.wentBack()} times a user of v2 got v1 again while v2 was promoted.`);
  return problems;
}

/** The same for people. */
export function renderReport(report: Report, ink: Ink): string {
  const versions = Object.entries(report.versions).map(([version, figures]) => [
    version,
    String(figures.requests),
    String(figures.errors),
    tellMs(figures.p50_ms),
    tellMs(figures.p95_ms),
  ]);
  const phases = report.phases.map(({ phase, requests, errors }) => [phase, String(requests), String(errors)]);
  const times = [
    ['v2 promoted to all users in', tellMs(report.rollouts.v2?.took_ms ?? null)],
    ['v3: first user until detected', tellMs(report.time_to_detect_ms)],
    ['v3: detected until all users were back', tellMs(report.time_to_roll_back_ms)],
    ['v3: detected until stopped', tellMs(report.time_to_stop_ms)],
  ];
  const verdict = report.ok
    ? ink.green('✔ v2 was promoted, v3 was taken back.')
    : [ink.red('✖ It did not end as it should:'), ...report.problems.map((problem) => `  ${problem}`)].join('\n');
  const why = report.cause === null ? [] : [`Why v3 was taken back: ${report.cause}`, ''];
  return [
    '',
    table(['version', 'requests', 'errors', 'p50', 'p95'], versions, ink),
    '',
    table(['errors users saw', 'requests', 'errors'], phases, ink),
    '',
    table(['time', ''], times, ink),
    '',
    ...why,
    `${verdict} ${ink.dim(`(${(report.duration_ms / 1_000).toFixed(0)} s in all)`)}`,
    ink.dim('Next: `npm start` for a Spillway of your own, with a first flag to change.'),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[], ink: Ink): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('   ');
  return [`  ${ink.dim(line(head).trimEnd())}`, ...rows.map((row) => `  ${line(row)}`)].join('\n');
}

function tellMs(ms: number | null): string {
  if (ms === null) return '–';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
