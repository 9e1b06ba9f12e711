import { type ReactNode, useEffect } from 'react';
import { cx } from './cx.ts';

/** Sets the document's title while it is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Spillway`;
  }, [title]);
}

export function Page({
  title,
  heading,
  about,
  actions,
  children,
  wide = false,
}: {
  title: string;
  heading?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  useTitle(title);
  return (
    <div className={cx('mx-auto w-full px-4 pt-5 pb-16 sm:px-8 sm:pt-7', wide ? 'max-w-[1440px]' : 'max-w-[1220px]')}>
      <header className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-52 sm:basis-64">
          <h1 className="break-words font-semibold text-xl tracking-tight">{heading ?? title}</h1>
          {about === undefined ? null : <div className="mt-0.5 text-muted">{about}</div>}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Section({
  title,
  action,
  children,
  className,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={cx('mb-8', className)} aria-label={title}>
      <div className="mb-2 flex min-h-8 items-center gap-3">
        <h2 className="flex-1 font-semibold text-sm">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx('rounded-lg border border-line bg-raised', className)}>{children}</div>;
}

/** A key on the keyboard. */
export function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-surface px-1 font-sans text-2xs text-muted">
      {children}
    </kbd>
  );
}

/** A key of a document: monospace; a long one breaks at its hyphens, and anywhere if it has none. */
export function Mono({ children, className }: { children: ReactNode; className?: string }) {
  return <span className={cx('wrap-anywhere font-mono text-[0.96em]', className)}>{children}</span>;
}
