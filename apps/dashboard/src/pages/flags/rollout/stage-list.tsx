import { describeServe, formatPercentage } from '@spillway/core/wording';
import { cx } from '../../../ui/cx.ts';
import { Glyph, type Sign } from '../../../ui/glyph.tsx';
import { duration, fullTime } from '../../../ui/time.ts';
import type { Stage, StagesServe } from '../serve-now.ts';
import { stageNow } from './delivery.ts';

type Standing = 'past' | 'present' | 'to_come';

const LOOK: Readonly<Record<Standing, { readonly glyph: Sign; readonly className: string; readonly word: string }>> = {
  past: { glyph: '✔', className: 'text-ok', word: 'Over' },
  present: { glyph: '▲', className: 'text-warn', word: 'Now' },
  to_come: { glyph: '◌', className: 'text-muted', word: 'To come' },
};

/** Stages one below the other: those that are over, the one that lasts, and when the others come. */
export function StageList({ stages, now }: { stages: StagesServe; now: number }) {
  const at = stageNow(stages, now);
  const isComplete = at === stages.steps.length - 1;
  return (
    <ol className="mt-3 max-w-2xl divide-y divide-line border-line border-y" aria-label="Stages">
      {stages.steps.map((stage, place) => {
        const isOver = place < at || (place === at && isComplete);
        const standing = isOver ? 'past' : place === at ? 'present' : 'to_come';
        // biome-ignore lint/suspicious/noArrayIndexKey: stages have no identity but their place
        const row = <StageRow key={place} stage={stage} stages={stages} now={now} standing={standing} place={place} />;
        return row;
      })}
    </ol>
  );
}

function StageRow({
  stage,
  stages,
  now,
  standing,
  place,
}: {
  stage: Stage;
  stages: StagesServe;
  now: number;
  standing: Standing;
  place: number;
}) {
  const look = LOOK[standing];
  const from = Date.parse(stage.from);
  return (
    <li
      className={cx('flex flex-wrap items-center gap-x-3 gap-y-0.5 py-1.5', standing === 'present' && 'font-medium')}
      aria-current={standing === 'present' ? 'step' : undefined}
    >
      <span className={cx('w-4 text-center', look.className)}>
        <Glyph sign={look.glyph} />
        <span className="sr-only">{look.word}: </span>
      </span>
      <span className="w-16 shrink-0 text-muted">Stage {place + 1}</span>
      <span className="numbers min-w-0 flex-1 basis-32 break-words">
        {'split' in stage
          ? describeServe({ split: [...stage.split] })
          : `${formatPercentage(stage.percentage)} ${stages.variant ?? ''}`}
      </span>
      <time dateTime={stage.from} title={fullTime(from)} className="numbers text-muted text-xs">
        {from > now ? `in ${duration(from - now)}` : `since ${fullTime(from)}`}
      </time>
    </li>
  );
}
