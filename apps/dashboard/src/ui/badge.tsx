import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Glyph, type Sign } from './glyph.tsx';

export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'info' | 'accent';

const TONE: Record<Tone, string> = {
  neutral: 'bg-sunken text-muted',
  ok: 'bg-ok-tint text-ok',
  warn: 'bg-warn-tint text-warn',
  bad: 'bg-bad-tint text-bad',
  info: 'bg-info-tint text-info',
  accent: 'bg-accent-tint text-accent',
};

export const TONE_TEXT: Record<Tone, string> = {
  neutral: 'text-muted',
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  accent: 'text-accent',
};

/** A status: glyph and word, with colour to repeat them. */
export function Badge({
  tone = 'neutral',
  glyph,
  children,
  className,
}: {
  tone?: Tone;
  glyph?: Sign;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={cx(
        'inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-2xs',
        TONE[tone],
        className,
      )}
    >
      {glyph === undefined ? null : <Glyph sign={glyph} />}
      {children}
    </span>
  );
}

/** An environment's name; a protected one carries a mark. */
export function EnvironmentName({ name, isProtected }: { name: string; isProtected: boolean }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className={cx('size-1.5 rounded-full', isProtected ? 'bg-bad' : 'bg-field')} />
      {name}
      {isProtected ? <span className="sr-only">(protected)</span> : null}
    </span>
  );
}
