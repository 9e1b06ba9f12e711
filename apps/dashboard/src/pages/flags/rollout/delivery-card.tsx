import { describeCondition, formatPercentage } from '@spillway/core/wording';
import { FastForward, Pause, Play, StepForward, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
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
import {
  advanced,
  completed,
  type Delivery,
  held,
  isSchedule,
  type Phase,
  phaseOf,
  resumed,
  type Schedule,
  type Stopped,
  takenBack,
} from './delivery.ts';
import { StageList } from './stage-list.tsx';

const PHASE: Readonly<Record<Phase, { readonly tone: Tone; readonly glyph: Sign; readonly word: string }>> = {
  planned: { tone: 'info', glyph: '◌', word: 'Planned' },
  under_way: { tone: 'warn', glyph: '▲', word: 'Under way' },
  complete: { tone: 'ok', glyph: '✔', word: 'Complete' },
  by_hand: { tone: 'neutral', glyph: '॥', word: 'Moved by hand' },
};

/** Something a person may do to shares, in words for its button, its review and what is said once it is done. */
export interface Move {
  readonly label: string;
  readonly icon: ReactNode;
  readonly look: 'plain' | 'primary' | 'danger-outline';
  /** With `of FLAG in ENVIRONMENT?` after it. */
  readonly question: string;
  readonly confirm: string;
  readonly done: string;
  readonly serve: (now: number) => FlagServe | undefined;
}

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
              {move.icon} {move.label}
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

function movesOf(serve: Delivery['serve'], stopped: Stopped | undefined, now: number): readonly Move[] {
  if (isSchedule(serve)) return movesOfSchedule(serve, now);
  if (stopped === undefined) return [];
  return [goOn(stopped, serve), finish(stopped.schedule), goBack(stopped.schedule)];
}

function movesOfSchedule(serve: Schedule, now: number): readonly Move[] {
  if (phaseOf(serve, now) === 'complete') return [goBack(serve)];
  const next = advanced(serve, now) === undefined ? [] : [nextStage(serve)];
  return [hold(serve), ...next, finish(serve), goBack(serve)];
}

const icon = 'size-4';

function hold(serve: Schedule): Move {
  return {
    label: 'Hold',
    icon: <Pause className={icon} aria-hidden="true" />,
    look: 'plain',
    question: 'Hold the rollout',
    confirm: 'Hold here',
    done: 'is on hold',
    serve: (now) => held(serve, now),
  };
}

function goOn(stopped: Stopped, serve: Extract<FlagServe, { split: unknown }>): Move {
  return {
    label: 'Resume',
    icon: <Play className={icon} aria-hidden="true" />,
    look: 'primary',
    question: 'Resume the rollout',
    confirm: 'Resume',
    done: 'goes on',
    serve: (now) => resumed(stopped, serve, now),
  };
}

function nextStage(serve: Schedule): Move {
  return {
    label: 'Next stage now',
    icon: <StepForward className={icon} aria-hidden="true" />,
    look: 'plain',
    question: 'Begin the next stage',
    confirm: 'Begin it now',
    done: 'is in its next stage',
    serve: (now) => advanced(serve, now),
  };
}

function finish(serve: Schedule): Move {
  return {
    label: 'Complete now',
    icon: <FastForward className={icon} aria-hidden="true" />,
    look: 'plain',
    question: 'Complete the rollout',
    confirm: 'Complete now',
    done: 'is where its rollout ends',
    serve: () => completed(serve),
  };
}

function goBack(serve: Schedule): Move {
  return {
    label: 'Roll back',
    icon: <Undo2 className={icon} aria-hidden="true" />,
    look: 'danger-outline',
    question: 'Roll back the rollout',
    confirm: 'Roll back',
    done: 'is rolled back',
    serve: () => takenBack(serve),
  };
}
