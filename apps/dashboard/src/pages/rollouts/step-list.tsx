import { formatPercentage } from '@spillway/core/wording';
import type { Change, RolloutDocument } from '../../documents.ts';
import { useNow } from '../../ui/ago.tsx';
import { cx } from '../../ui/cx.ts';
import { Glyph, type Sign } from '../../ui/glyph.tsx';
import { duration } from '../../ui/time.ts';
import { furthestStep } from './because.ts';
import { type Stage, stagesOf } from './state.ts';

type StepLook = 'done' | 'now' | 'held' | 'next' | 'undone';

interface Step {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly look: StepLook;
}

const GLYPH: Readonly<Record<StepLook, Sign>> = { done: '✔', now: '●', held: '॥', next: '○', undone: '↩' };
const WORD: Readonly<Record<StepLook, string>> = {
  done: 'done',
  now: 'in progress',
  held: 'on hold',
  next: 'to come',
  undone: 'taken back',
};
const COLOUR: Readonly<Record<StepLook, string>> = {
  done: 'border-ok bg-ok-tint text-ok',
  now: 'border-warn bg-warn-tint text-warn animate-pulse-ring',
  held: 'border-info bg-info-tint text-info',
  next: 'border-line bg-raised text-muted',
  undone: 'border-bad bg-bad-tint text-bad',
};

/** The plan from top to bottom with the place where it stands. */
export function StepList({
  rollout,
  entries,
  shown,
  onShow,
}: {
  rollout: RolloutDocument;
  /** Its history, which knows how far it came before it went back. */
  entries: readonly Change[];
  shown: string;
  onShow: (stage: string) => void;
}) {
  const now = useNow(1_000);
  const stages = stagesOf(rollout);
  return (
    <section aria-label="Steps">
      {stages.map((stage) => (
        <div key={stage.plan.key} className="mb-3 last:mb-0">
          {stages.length === 1 ? (
            <h2 className="mb-2 font-semibold">Steps</h2>
          ) : (
            <h2 className="mb-1">
              <button
                type="button"
                aria-pressed={stage.plan.key === shown}
                onClick={() => onShow(stage.plan.key)}
                className={cx(
                  'touch -mx-2 flex w-full items-center rounded-md px-2 py-1 text-left font-semibold hover:bg-sunken',
                  stage.plan.key === shown && 'bg-sunken',
                )}
              >
                {stage.plan.key}
              </button>
            </h2>
          )}
          <ol>
            {stepsOf(stage, rollout, furthestStep(entries, stage.plan.key, rollout.generation), now).map(
              (step, index, all) => (
                <li
                  key={step.id}
                  className="relative flex gap-3 pb-3 last:pb-0"
                  {...(step.look === 'now' ? { 'aria-current': 'step' as const } : {})}
                >
                  {index < all.length - 1 ? (
                    <span
                      aria-hidden="true"
                      className={cx(
                        'absolute top-5 bottom-0 left-[9px] w-px',
                        step.look === 'done' ? 'bg-ok' : 'bg-line',
                      )}
                    />
                  ) : null}
                  <span
                    aria-hidden="true"
                    className={cx(
                      'relative flex size-[19px] shrink-0 items-center justify-center rounded-full border text-[10px] leading-none',
                      COLOUR[step.look],
                    )}
                  >
                    <Glyph sign={GLYPH[step.look]} />
                  </span>
                  <div className="numbers min-w-0 flex-1">
                    <p className={cx('leading-[19px]', step.look === 'next' ? 'text-muted' : 'font-medium')}>
                      {step.title}
                      <span className="sr-only">, {WORD[step.look]}</span>
                    </p>
                    {step.note === '' ? null : <p className="break-words text-muted text-xs">{step.note}</p>}
                  </div>
                </li>
              ),
            )}
          </ol>
        </div>
      ))}
    </section>
  );
}

function stepsOf(stage: Stage, rollout: RolloutDocument, furthest: number | undefined, now: number): readonly Step[] {
  const { phase } = stage.state;
  const steps = stage.plan.strategy.steps;
  const held = rollout.hold !== undefined || rollout.status === 'paused';
  const active: StepLook = held ? 'held' : 'now';
  const back = phase.is === 'returning' || phase.is === 'rolled_back';
  const reached =
    phase.is === 'baking' ? phase.step : phase.is === 'completing' || phase.is === 'succeeded' ? steps.length : -1;
  const list: Step[] = [
    {
      id: 'prepare',
      title: `Start ${stage.plan.version.name}`,
      note: phase.is === 'preparing' ? `for ${duration(now - phase.since_ms)}, no traffic yet` : '',
      look: phase.is === 'preparing' ? active : reached >= 0 ? 'done' : back ? 'undone' : 'next',
    },
    ...steps.map((step, index) => ({
      id: `step ${index}`,
      title: `${formatPercentage(step.percentage)} of traffic`,
      note: noteOf(stage, index, held, now),
      look:
        index < reached
          ? ('done' as const)
          : index === reached
            ? active
            : back && index <= (furthest ?? -1)
              ? ('undone' as const)
              : ('next' as const),
    })),
  ];
  if (isFirst(stage)) return [...list.slice(0, 1), allAtOnce(phase.is === 'succeeded' ? 'done' : active)];
  if (back) {
    list.push({
      id: 'return',
      title: phase.is === 'returning' ? 'Going back' : 'Went back',
      // Once it is over, the page says why above everything.
      note: phase.is === 'returning' ? phase.cause : '',
      look: phase.is === 'returning' ? 'now' : 'undone',
    });
  } else {
    list.push({
      id: 'complete',
      title: 'Drain the old version',
      note: phase.is === 'completing' ? `for ${duration(now - phase.since_ms)}` : '',
      look: phase.is === 'completing' ? active : phase.is === 'succeeded' ? 'done' : 'next',
    });
  }
  return list;
}

/** Nothing ran before it to compare it with, so its steps are passed over: none of them is to look as if it had been taken. */
function isFirst({ state: { baseline, phase } }: Stage): boolean {
  return baseline === undefined && (phase.is === 'completing' || phase.is === 'succeeded');
}

function allAtOnce(look: StepLook): Step {
  return { id: 'all', title: 'All traffic at once', note: 'the first version: nothing to compare it with', look };
}

function noteOf({ plan, state }: Stage, index: number, held: boolean, now: number): string {
  const step = plan.strategy.steps[index];
  const { phase } = state;
  if (step === undefined) return '';
  const approval = step.approval ? ', then approval' : '';
  if (phase.is !== 'baking' || phase.step !== index) return `bake ${duration(step.bake_ms)}${approval}`;
  if (phase.awaiting !== undefined) {
    const since = duration(now - phase.awaiting.since_ms);
    if (phase.awaiting.what === 'approval') return `waits for approval since ${since}`;
    return phase.awaiting.what === 'evidence'
      ? `waits for evidence since ${since}`
      : `waits for instances since ${since}`;
  }
  if (phase.confirmed_at_ms === undefined) return 'traffic is being moved';
  const left = phase.confirmed_at_ms + step.bake_ms - now;
  if (held) return 'on hold';
  return left > 0 ? `bakes for another ${duration(left)}${approval}` : 'bake time is over, deciding';
}
