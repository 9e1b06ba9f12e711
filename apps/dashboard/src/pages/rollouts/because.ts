import type { Change } from '../../documents.ts';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'no_data' | 'error';

export interface Finding {
  readonly criterion: string;
  readonly observed: number | null;
  readonly bound: number | null;
  readonly baseline: number | null;
  readonly verdict: Verdict;
  readonly requests: number;
}

/** The sentence and the numbers behind a decision, as far as the entry has them. */
export interface Because {
  readonly decision: string;
  readonly summary: string;
  readonly stage: string | undefined;
  /** Counted from 0. */
  readonly step: number | undefined;
  readonly verdict: Verdict | undefined;
  readonly findings: readonly Finding[];
}

const VERDICTS: ReadonlySet<unknown> = new Set<Verdict>(['pass', 'fail', 'inconclusive', 'no_data', 'error']);

/** `because` is free JSON in the log: read what is there, leave out what is not understood. */
export function becauseOf(change: Pick<Change, 'because'>): Because | undefined {
  const value = record(change.because);
  if (value === undefined) return undefined;
  const findings = Array.isArray(value.findings) ? value.findings : [];
  return {
    decision: text(value.decision) ?? '',
    summary: text(value.summary) ?? '',
    stage: text(value.stage),
    step: number(value.step) ?? undefined,
    verdict: verdict(value.verdict),
    findings: findings.flatMap(finding),
  };
}

/** The furthest step a stage reached in one run, as its decisions say; undefined when it had no traffic. */
export function furthestStep(
  entries: readonly Pick<Change, 'because' | 'after'>[],
  stage: string,
  generation: number,
): number | undefined {
  const steps = entries.flatMap((entry) => {
    const because = becauseOf(entry);
    const ofThisRun = record(entry.after)?.generation === generation;
    return ofThisRun && because?.stage === stage && because.step !== undefined ? [because.step] : [];
  });
  return steps.length === 0 ? undefined : Math.max(...steps);
}

function finding(value: unknown): readonly Finding[] {
  const found = record(value);
  const criterion = text(found?.criterion);
  const judged = verdict(found?.verdict);
  if (found === undefined || criterion === undefined || judged === undefined) return [];
  return [
    {
      criterion,
      observed: number(found.observed),
      bound: number(found.bound),
      baseline: number(found.baseline),
      verdict: judged,
      requests: number(found.requests) ?? 0,
    },
  ];
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const number = (value: unknown) => (typeof value === 'number' ? value : null);
const verdict = (value: unknown) => (VERDICTS.has(value) ? (value as Verdict) : undefined);

const CRITERIA: Readonly<Record<string, readonly [name: string, unit: 'ms' | 'ratio' | 'plain']>> = {
  max_response_time_ms: ['Response time', 'ms'],
  max_error_rate: ['Error rate', 'ratio'],
  min_success_rate: ['Success rate', 'ratio'],
  max_cpu_usage: ['CPU of one core', 'ratio'],
  max_memory_usage: ['Memory', 'ratio'],
  worse_than_baseline: ['No worse than stable, p', 'plain'],
};

export function criterionName(criterion: string): string {
  return CRITERIA[criterion]?.[0] ?? criterion.replaceAll('_', ' ');
}

/** A criterion's number in its own unit; `–` when it was not seen. */
export function criterionValue(criterion: string, value: number | null): string {
  if (value === null) return '–';
  const unit = CRITERIA[criterion]?.[1] ?? (/_ms$/.test(criterion) ? 'ms' : 'plain');
  if (unit === 'ratio') return `${Number((value * 100).toFixed(2))} %`;
  if (unit === 'ms') return `${Math.round(value).toLocaleString('en')} ms`;
  return String(Number(value.toPrecision(4)));
}
