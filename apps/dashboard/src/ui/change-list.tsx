import { cx } from './cx.ts';

export interface ChangeRow {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** What was and what will be, line by line; told by sign and word as well as by colour. */
export function ChangeList({ rows, mono = false }: { rows: readonly ChangeRow[]; mono?: boolean }) {
  return (
    <dl className="divide-y divide-line overflow-hidden rounded-lg border border-line">
      {rows.map((row) => (
        <div key={row.name} className="px-3 py-2">
          <dt className={cx('break-words text-muted text-xs', mono && 'font-mono')}>{row.name}</dt>
          {row.before === undefined ? null : (
            <Line sign="-" word="before" text={row.before} tone="bg-bad-tint text-bad" mono={mono} />
          )}
          {row.after === undefined ? null : (
            <Line sign="+" word="after" text={row.after} tone="bg-ok-tint text-ok" mono={mono} />
          )}
        </div>
      ))}
    </dl>
  );
}

function Line({
  sign,
  word,
  text,
  tone,
  mono,
}: {
  sign: string;
  word: string;
  text: string;
  tone: string;
  mono: boolean;
}) {
  return (
    <dd className={cx('mt-1 flex gap-2 rounded-sm px-2 py-0.5', tone)}>
      <span aria-hidden="true" className="font-mono">
        {sign}
      </span>
      <span className="sr-only">{word}: </span>
      <span className={cx('min-w-0 flex-1 break-words', mono && 'break-all font-mono text-xs')}>{text}</span>
    </dd>
  );
}
