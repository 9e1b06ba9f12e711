import type { ReactNode } from 'react';
import { problemOf } from '../api.ts';
import { TONE_TEXT, type Tone } from './badge.tsx';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Glyph, type Sign } from './glyph.tsx';

const BOX: Record<Tone, string> = {
  neutral: 'border-line bg-surface',
  ok: 'border-ok/40 bg-ok-tint',
  warn: 'border-warn/40 bg-warn-tint',
  bad: 'border-bad/40 bg-bad-tint',
  info: 'border-info/40 bg-info-tint',
  accent: 'border-accent/40 bg-accent-tint',
};
const GLYPH: Record<Tone, Sign> = { neutral: '·', ok: '✔', warn: '⚠', bad: '✖', info: 'ℹ', accent: '→' };

export function Notice({
  tone = 'neutral',
  title,
  children,
  action,
  className,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div
      className={cx('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border px-3 py-2.5', BOX[tone], className)}
    >
      <Glyph sign={GLYPH[tone]} className={cx('mt-1', TONE_TEXT[tone])} />
      <div className="min-w-0 flex-1 basis-48">
        {title === undefined ? null : <p className="break-words font-medium">{title}</p>}
        {children === undefined ? null : <div className="break-words text-muted">{children}</div>}
      </div>
      {action}
    </div>
  );
}

/** A refusal, with what to do and, field by field, what is wrong. */
export function ProblemNote({
  error,
  onRetry,
  className,
}: {
  error: unknown;
  onRetry?: () => void;
  className?: string;
}) {
  if (error === null || error === undefined) return null;
  const problem = problemOf(error);
  const fields = problem.errors ?? [];
  return (
    <div role="alert" className={className}>
      <Notice
        tone="bad"
        title={problem.detail}
        action={onRetry === undefined ? undefined : <Button onClick={onRetry}>Try again</Button>}
      >
        {fields.length === 0 ? undefined : (
          <ul className="mt-1 list-disc pl-4">
            {fields.map((field) => (
              <li key={`${field.field} ${field.message}`}>
                <code className="font-mono text-xs">{field.field}</code> {field.message}
              </li>
            ))}
          </ul>
        )}
      </Notice>
    </div>
  );
}

/** What is shown where there is nothing yet: what it is for and the first step. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center rounded-lg border border-line border-dashed px-6 py-12 text-center">
      <p className="font-medium text-base">{title}</p>
      {children === undefined ? null : <div className="mt-1 max-w-md text-muted">{children}</div>}
      {action === undefined ? null : <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** Grey lines where content will be; announced once. */
export function Loading({ rows = 5, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div role="status" className="space-y-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <div key={index} className="h-8 animate-pulse rounded-md bg-sunken" />
      ))}
    </div>
  );
}
