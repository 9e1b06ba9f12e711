import { Ago } from '../../ui/ago.tsx';
import { Badge, type Tone } from '../../ui/badge.tsx';
import type { Sign } from '../../ui/glyph.tsx';
import { Card } from '../../ui/page.tsx';
import { type Because, criterionName, criterionValue, type Finding, type Verdict } from './because.ts';
import type { Stage } from './state.ts';

export const VERDICT: Readonly<Record<Verdict, { readonly tone: Tone; readonly glyph: Sign; readonly word: string }>> =
  {
    pass: { tone: 'ok', glyph: '✔', word: 'Pass' },
    fail: { tone: 'bad', glyph: '✖', word: 'Fail' },
    inconclusive: { tone: 'info', glyph: '?', word: 'Inconclusive' },
    no_data: { tone: 'neutral', glyph: '◌', word: 'No data' },
    error: { tone: 'warn', glyph: '⚠', word: 'Judge broken' },
  };

/** The latest judgement, criterion by criterion. */
export function Findings({
  because,
  at,
  stage,
}: {
  because: Because | undefined;
  at: number | undefined;
  stage: Stage;
}) {
  const { evidence } = stage.state;
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-3 pb-2">
        <h2 className="flex-1 font-semibold">Latest verdict</h2>
        {because?.verdict === undefined ? null : (
          <Badge tone={VERDICT[because.verdict].tone} glyph={VERDICT[because.verdict].glyph}>
            {VERDICT[because.verdict].word}
          </Badge>
        )}
        {because === undefined ? null : (
          <span className="numbers text-muted text-xs">
            {Math.max(0, ...because.findings.map((finding) => finding.requests)).toLocaleString('en')} canary requests
          </span>
        )}
        {at === undefined ? null : <Ago at={at} className="text-muted text-xs" />}
      </div>
      {because === undefined ? (
        <p className="px-4 pb-3 text-muted">{unjudged(stage)}</p>
      ) : (
        <FindingsTable findings={because.findings} />
      )}
      {evidence === undefined ? null : (
        <p className="numbers border-line border-t px-4 py-2 text-muted text-xs">
          {evidence.checks} {evidence.checks === 1 ? 'check' : 'checks'} · {evidence.violations_in_a_row} of{' '}
          {stage.plan.strategy.analysis.rollback_threshold_violations} violations in a row · canary{' '}
          {evidence.canary.requests.toLocaleString('en')} requests, {evidence.canary.errors.toLocaleString('en')} errors
          · stable {evidence.baseline.requests.toLocaleString('en')} requests,{' '}
          {evidence.baseline.errors.toLocaleString('en')} errors
        </p>
      )}
    </Card>
  );
}

function unjudged({ state: { baseline, phase } }: Stage): string {
  if (phase.is === 'rolled_back' || phase.is === 'skipped') return 'Nothing was judged.';
  if (phase.is === 'succeeded' && baseline === undefined) return 'Nothing to judge: there was no version before it.';
  return 'Nothing has been judged yet; the first check follows soon after traffic does.';
}

export function FindingsTable({ findings }: { findings: readonly Finding[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="overflow-x-auto" tabIndex={0} aria-label="Findings">
      <table className="w-full text-left">
        <thead>
          <tr className="border-line border-y text-muted text-xs">
            <th scope="col" className="h-7 px-4 font-medium">
              Criterion
            </th>
            <th scope="col" className="px-3 text-right font-medium">
              Canary
            </th>
            <th scope="col" className="px-3 text-right font-medium">
              Stable
            </th>
            <th scope="col" className="px-3 text-right font-medium">
              Limit
            </th>
            <th scope="col" className="px-4 font-medium">
              Verdict
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {findings.map((finding) => (
            <tr key={finding.criterion} className="whitespace-nowrap">
              <th scope="row" className="h-8 px-4 font-normal">
                {criterionName(finding.criterion)}
              </th>
              <td className="px-3 text-right font-medium">{criterionValue(finding.criterion, finding.observed)}</td>
              <td className="px-3 text-right text-muted">
                {finding.criterion === 'worse_than_baseline'
                  ? '–'
                  : criterionValue(finding.criterion, finding.baseline)}
              </td>
              <td className="px-3 text-right text-muted">{criterionValue(finding.criterion, finding.bound)}</td>
              <td className="px-4">
                <Badge tone={VERDICT[finding.verdict].tone} glyph={VERDICT[finding.verdict].glyph}>
                  {VERDICT[finding.verdict].word}
                </Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
