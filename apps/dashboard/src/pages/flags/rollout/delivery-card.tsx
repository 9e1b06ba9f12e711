import { describeCondition, formatPercentage } from '@spillway/core/wording';
import { Link } from 'wouter';
import type { FlagServe, Variant } from '../../../documents.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Button, buttonClass } from '../../../ui/button.tsx';
import type { Sign } from '../../../ui/glyph.tsx';
import { Card } from '../../../ui/page.tsx';
import { duration, fullTime } from '../../../ui/time.ts';
import { RampLine } from '../ramp-line.tsx';
import type { RampServe } from '../serve-now.ts';
import { ServeView } from '../serve-view.tsx';
import { type Delivery, type Phase, phaseOf, type Stopped } from './delivery.ts';
import { type Move, movesOf } from './moves.tsx';
import { StageList } from './stage-list.tsx';

const PHASE: Readonly<Record<Phase, { readonly tone: Tone; readonly glyph: Sign; readonly word: string }>> = {
  planned: { tone: 'info', glyph: '◌', word: 'Planned' },
  under_way: { tone: 'warn', glyph: '▲', word: 'Under way' },
  complete: { tone: 'ok', glyph: '✔', word: 'Complete' },
  by_hand: { tone: 'neutral', glyph: '॥', word: 'Moved by hand' },
};

interface DeliveryCardProps {
  readonly delivery: Delivery;
  readonly variants: readonly Variant[];
  readonly now: number;
  /** What ran here before it was held; it can be gone on with. */
  readonly stopped: Stopped | undefined;
  readonly isArchived: boolean;
  /** Where what is served is edited. */
  readonly targeting: string;
  readonly onMove: (move: Move, serve: FlagServe) => void;
}

/** One place that serves shares: how far it is, what comes next, and the ways to hurry, hold or take it back. */
export function DeliveryCard(props: DeliveryCardProps) {
  const { delivery, variants, now, stopped, isArchived, targeting, onMove } = props;
  const { name, rule, serve } = delivery;
  const phase = PHASE[phaseOf(serve, now)];
  const isHeld = stopped !== undefined;
  return (
    <li>
      <Card className="px-4 py-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="break-words font-semibold">{name}</h3>
          <Badge tone={phase.tone} glyph={phase.glyph}>
            {isHeld ? 'On hold' : phase.word}
          </Badge>
        </div>
        {rule === undefined ? null : <p className="mt-0.5 break-words text-muted">If {describeCondition(rule.when)}</p>}
        <div className="mt-3 max-w-2xl">
          <ServeView serve={serve} variants={variants} isBrief />
        </div>
        {'stages' in serve ? <StageList stages={serve.stages} now={now} /> : null}
        {'ramp' in serve ? (
          <div className="mt-3">
            <RampLine ramp={serve.ramp}>{rampWords(serve.ramp, now)}</RampLine>
          </div>
        ) : null}
        <div className="mt-3 flex flex-wrap gap-2" role="toolbar" aria-label={`${name}: actions`}>
          {movesOf(serve, stopped, now).map((move) => (
            <Button
              key={move.label}
              look={move.look}
              disabled={isArchived}
              onClick={() => {
                const next = move.serve(Date.now());
                if (next !== undefined) onMove(move, next);
              }}
            >
              <move.icon className="size-4" aria-hidden="true" /> {move.label}
            </Button>
          ))}
          <Link href={targeting} className={buttonClass()}>
            Edit in targeting
          </Link>
        </div>
      </Card>
    </li>
  );
}

function rampWords({ from, to, from_percentage: low, to_percentage: high }: RampServe, now: number): string {
  const ends = `From ${formatPercentage(low)}, ${fullTime(Date.parse(from))}, to ${formatPercentage(high)}, ${fullTime(Date.parse(to))}`;
  const [begin, end] = [Date.parse(from) - now, Date.parse(to) - now];
  if (begin > 0) return `${ends}: begins in ${duration(begin)}.`;
  return end > 0 ? `${ends}: ${duration(end)} left.` : `${ends}.`;
}
