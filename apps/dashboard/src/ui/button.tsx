import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Spinner } from './spinner.tsx';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger' | 'danger-outline';

const LOOK: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent hover:brightness-110 border-transparent',
  plain: 'bg-raised text-text border-line hover:bg-sunken shadow-[0_1px_1px_rgb(0_0_0/0.04)]',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-sunken hover:text-text',
  danger: 'bg-bad text-on-bad border-transparent hover:brightness-110',
  'danger-outline': 'bg-raised text-bad border-line hover:bg-bad-tint hover:border-bad',
};

export function buttonClass(look: ButtonLook = 'plain', more?: string): string {
  return cx(
    'touch inline-flex h-8 shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-3 font-medium',
    'transition-[background-color,border-color,filter,color] duration-100',
    'disabled:opacity-50 disabled:pointer-events-none aria-disabled:opacity-50',
    LOOK[look],
    more,
  );
}

export function Button({
  look = 'plain',
  busy = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ComponentProps<'button'> & { look?: ButtonLook; busy?: boolean }) {
  return (
    <button type={type} className={buttonClass(look, className)} disabled={disabled === true || busy} {...rest}>
      {busy ? <Spinner /> : null}
      {children}
    </button>
  );
}

/** A button of one glyph; the label is for those who do not see it and for the tooltip. */
export function IconButton({
  label,
  children,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'aria-label'> & { label: string; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        'touch inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text',
        'disabled:opacity-40 disabled:pointer-events-none [&_svg]:size-4',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
