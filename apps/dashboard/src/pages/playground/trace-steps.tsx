import { chosenId, formatPercentage, utcTime } from '@spillway/core/wording';
import type { PrerequisiteTrace, RuleTrace, ScheduleTrace, Trace } from '@spillway/evaluator';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Variant } from '../../documents.ts';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { Glyph, type Sign } from '../../ui/glyph.tsx';
import { Mono } from '../../ui/page.tsx';
import { ConditionTree, Mark } from './condition-trace.tsx';
import { SplitRuler } from './split-ruler.tsx';

/** Prerequisites of prerequisites: beyond this a person opens that flag instead. */
const MAX_DEPTH = 6;
const WHOLE = 1_000;

type Verdict = 'passed' | 'decided' | 'skipped';

const SIGN: Readonly<Record<Verdict, Sign>> = { passed: '·', decided: '→', skipped: '○' };

/** The layers of an evaluation in their order, each with what it said; the one that decided stands out. */
export function TraceSteps({
  trace,
  variants,
  depth = 0,
}: {
  trace: Trace;
  variants: readonly Variant[];
  depth?: number;
}) {
  const by = trace.decided_by;
  if (by === 'error') {
    return <p className="text-bad">{trace.problem ?? 'The evaluation failed before anything was asked.'}</p>;
  }
  const order = ['off', 'kill_switch', 'prerequisite', 'target', 'rule', 'fallthrough'] as const;
  const verdict = (step: (typeof order)[number]): Verdict => {
    const [here, there] = [order.indexOf(step), order.indexOf(by)];
    return here === there ? 'decided' : here < there ? 'passed' : 'skipped';
  };
  const served = <Served trace={trace} variants={variants} />;
  return (
    <ol className="-mx-2.5 space-y-1" aria-label="How it was decided">
      <Step verdict={verdict('off')} title={by === 'off' ? 'The flag is off here' : 'The flag is on here'} />
      {trace.switches === undefined ? null : (
        <Step verdict={verdict('kill_switch')} title="Kill switches">
          <ul>
            {trace.switches.map((item) => (
              <li key={item.key} className="text-muted">
                <Mono>{item.key}</Mono> ({item.scope.replace('_', ' ')}){' '}
                {item.covers ? 'covers this evaluation' : 'does not cover it'}
              </li>
            ))}
          </ul>
        </Step>
      )}
      {trace.prerequisites === undefined ? null : (
        <Step verdict={verdict('prerequisite')} title="Prerequisites">
          <ul className="space-y-1">
            {trace.prerequisites.map((prerequisite) => (
              <li key={prerequisite.flag}>
                <Prerequisite prerequisite={prerequisite} depth={depth} />
              </li>
            ))}
          </ul>
        </Step>
      )}
      <Step
        verdict={verdict('target')}
        title={by === 'target' ? 'Named as an individual target' : 'Not named as an individual target'}
      >
        {trace.target === undefined ? null : (
          <p>
            {(trace.target_by ?? ['targetingKey']).join(' → ')} “<Mono>{trace.target}</Mono>”
          </p>
        )}
      </Step>
      {trace.rules.map((rule, index) => (
        <RuleStep key={rule.id} rule={rule} place={index + 1}>
          {rule.result === 'matched' ? served : null}
        </RuleStep>
      ))}
      <Step verdict={verdict('fallthrough')} title="Everyone else">
        {by === 'fallthrough' ? served : null}
      </Step>
    </ol>
  );
}

function Step({ verdict, title, children }: { verdict: Verdict; title: ReactNode; children?: ReactNode }) {
  return (
    <li
      className={cx(
        'rounded-md px-2.5',
        verdict === 'decided' ? 'border border-accent/50 bg-accent-tint py-2' : 'py-0.5',
      )}
    >
      <div className="flex items-start gap-2">
        <Glyph sign={SIGN[verdict]} className={cx('mt-1', verdict === 'decided' ? 'text-accent' : 'text-muted')} />
        <div className="min-w-0 flex-1">
          <p className={cx('break-words', verdict === 'decided' ? 'font-medium' : 'text-muted')}>
            {title}
            {verdict === 'decided' ? (
              <Badge tone="accent" className="ml-2">
                decided
              </Badge>
            ) : null}
            {verdict === 'skipped' ? <span className="text-xs">: not reached</span> : null}
          </p>
          {children}
        </div>
      </div>
    </li>
  );
}

function RuleStep({ rule, place, children }: { rule: RuleTrace; place: number; children: ReactNode }) {
  const verdict: Verdict = rule.result === 'matched' ? 'decided' : rule.result === 'not_matched' ? 'passed' : 'skipped';
  return (
    <Step
      verdict={verdict}
      title={
        <>
          Rule {place} <Mono>{chosenId(rule.id)}</Mono>
          {rule.result === 'matched' ? ' matches' : rule.result === 'not_matched' ? ' does not match' : ''}
        </>
      }
    >
      {rule.condition === undefined ? null : (
        <div className="mt-1">
          <ConditionTree trace={rule.condition} />
        </div>
      )}
      {children}
    </Step>
  );
}

function Served({ trace, variants }: { trace: Trace; variants: readonly Variant[] }) {
  return (
    <>
      {trace.schedule === undefined ? null : <ScheduleLine schedule={trace.schedule} />}
      {trace.split === undefined ? null : <SplitRuler split={trace.split} variants={variants} />}
    </>
  );
}

function ScheduleLine({ schedule }: { schedule: ScheduleTrace }) {
  if (schedule.is === 'ramp') {
    return (
      <p className="numbers mt-1 text-muted">
        The ramp stands at {formatPercentage(schedule.share / WHOLE)}; it goes from {utcTime(schedule.from_ms)} to{' '}
        {utcTime(schedule.to_ms)}.
      </p>
    );
  }
  const { step, from_ms: from, next_ms: next } = schedule;
  const since = step === undefined ? 'Before the first stage' : `Stage ${step + 1}`;
  return (
    <p className="numbers mt-1 text-muted">
      {since}
      {from === undefined ? '' : `, since ${utcTime(from)}`}
      {next === undefined ? '; no other follows.' : `; the next begins ${utcTime(next)}.`}
    </p>
  );
}

function Prerequisite({ prerequisite, depth }: { prerequisite: PrerequisiteTrace; depth: number }) {
  const { flag, variants, met, explanation } = prerequisite;
  const { variant, reason } = explanation.evaluation;
  return (
    <>
      <div className="flex items-start gap-2">
        <Mark met={met} />
        <p className="min-w-0 flex-1 break-words">
          <Link
            href={`/flags/${encodeURIComponent(flag)}?tab=playground`}
            className="hover:text-accent hover:underline"
          >
            <Mono>{flag}</Mono>
          </Link>{' '}
          serves <Mono>{variant ?? 'nothing'}</Mono> <span className="text-muted">({reason})</span>, needed:{' '}
          <Mono>{variants.join(' or ')}</Mono>
        </p>
      </div>
      {depth >= MAX_DEPTH ? null : (
        <details className="mt-1 ml-[5px] border-line border-l pl-3">
          <summary className="text-accent text-xs">How {flag} was decided</summary>
          <div className="mt-1">
            <TraceSteps trace={explanation.trace} variants={[]} depth={depth + 1} />
          </div>
        </details>
      )}
    </>
  );
}
