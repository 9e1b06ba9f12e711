import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useEffect } from 'react';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';

/**
 * A modal dialog. The backdrop and the scroll lock are our own: the primitive's would add a style element, which the
 * content security policy forbids.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  width = 'max-w-lg',
  bare = false,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  width?: string;
  /** Without header and padding, for the palette. */
  bare?: boolean;
}) {
  useEffect(() => {
    if (!open) return;
    const root = document.documentElement;
    root.classList.toggle('scrolls', window.innerWidth > root.clientWidth);
    root.classList.add('locked');
    return () => root.classList.remove('locked', 'scrolls');
  }, [open]);

  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <div className="fixed inset-0 z-40 bg-[var(--backdrop)]" aria-hidden="true" />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-end justify-center sm:items-start sm:p-6 sm:pt-[10vh]">
          <Radix.Content
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
            className={cx(
              'pointer-events-auto flex max-h-[92dvh] w-full animate-rise flex-col overflow-hidden border border-line bg-raised shadow-lift',
              'rounded-t-xl sm:max-h-[80dvh] sm:rounded-xl',
              width,
            )}
          >
            {bare ? (
              <Radix.Title className="sr-only">{title}</Radix.Title>
            ) : (
              <header className="flex items-start gap-3 px-5 pt-4 pb-3">
                <div className="min-w-0 flex-1">
                  <Radix.Title className="break-words font-semibold text-lg">{title}</Radix.Title>
                  {description === undefined ? null : (
                    <Radix.Description asChild>
                      <div className="mt-1 text-muted">{description}</div>
                    </Radix.Description>
                  )}
                </div>
                <Radix.Close asChild>
                  <IconButton label="Close" className="-mr-2">
                    <X />
                  </IconButton>
                </Radix.Close>
              </header>
            )}
            {bare ? children : <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>}
            {footer === undefined ? null : (
              <footer className="flex flex-wrap items-center justify-end gap-2 border-line border-t bg-surface px-5 py-3">
                {footer}
              </footer>
            )}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
