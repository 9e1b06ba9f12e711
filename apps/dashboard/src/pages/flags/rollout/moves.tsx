import { FastForward, Pause, Play, StepForward, Undo2 } from 'lucide-react';
import type { ComponentType } from 'react';
import type { FlagServe } from '../../../documents.ts';
import {
  advanced,
  completed,
  type Delivery,
  held,
  isSchedule,
  phaseOf,
  resumed,
  type Schedule,
  type Stopped,
  takenBack,
} from './delivery.ts';

type MoveName = 'hold' | 'resume' | 'next_stage' | 'complete' | 'roll_back';

/** Something a person may do to shares, in words for its button, its review and what is said once it is done. */
interface MoveWords {
  readonly label: string;
  readonly icon: ComponentType<{ readonly className: string; readonly 'aria-hidden': 'true' }>;
  readonly look: 'plain' | 'primary' | 'danger-outline';
  /** With `of FLAG in ENVIRONMENT?` after it. */
  readonly question: string;
  readonly confirm: string;
  readonly done: string;
}

export interface Move extends MoveWords {
  /** What is served from then on; undefined when time has made the move needless meanwhile. */
  readonly serve: (now: number) => FlagServe | undefined;
}

const WORDS: Readonly<Record<MoveName, MoveWords>> = {
  hold: {
    label: 'Hold',
    icon: Pause,
    look: 'plain',
    question: 'Hold the rollout',
    confirm: 'Hold here',
    done: 'is on hold',
  },
  resume: {
    label: 'Resume',
    icon: Play,
    look: 'primary',
    question: 'Resume the rollout',
    confirm: 'Resume',
    done: 'goes on',
  },
  next_stage: {
    label: 'Next stage now',
    icon: StepForward,
    look: 'plain',
    question: 'Begin the next stage',
    confirm: 'Begin it now',
    done: 'is in its next stage',
  },
  complete: {
    label: 'Complete now',
    icon: FastForward,
    look: 'plain',
    question: 'Complete the rollout',
    confirm: 'Complete now',
    done: 'is where its rollout ends',
  },
  roll_back: {
    label: 'Roll back',
    icon: Undo2,
    look: 'danger-outline',
    question: 'Roll back the rollout',
    confirm: 'Roll back',
    done: 'is rolled back',
  },
};

/** The moves that make sense now, in the order of their buttons. `stopped` is what ran before shares were held. */
export function movesOf(serve: Delivery['serve'], stopped: Stopped | undefined, now: number): readonly Move[] {
  if (isSchedule(serve)) return movesOfSchedule(serve, now);
  if (stopped === undefined) return [];
  const resume: Move = { ...WORDS.resume, serve: (at) => resumed(stopped, serve, at) };
  return [resume, complete(stopped.schedule), rollBack(stopped.schedule)];
}

function movesOfSchedule(serve: Schedule, now: number): readonly Move[] {
  if (phaseOf(serve, now) === 'complete') return [rollBack(serve)];
  const hold: Move = { ...WORDS.hold, serve: (at) => held(serve, at) };
  const next: Move = { ...WORDS.next_stage, serve: (at) => advanced(serve, at) };
  return [hold, ...(next.serve(now) === undefined ? [] : [next]), complete(serve), rollBack(serve)];
}

function complete(schedule: Schedule): Move {
  return { ...WORDS.complete, serve: () => completed(schedule) };
}

function rollBack(schedule: Schedule): Move {
  return { ...WORDS.roll_back, serve: () => takenBack(schedule) };
}
