import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

/** A small surface beside what opened it; Escape and a press elsewhere close it. */
export function Popover({ trigger, label, children }: { trigger: ReactNode; label: string; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-30 max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-16px)] animate-rise overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-lift"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
