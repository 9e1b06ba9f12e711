import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Glyph } from './glyph.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly run: () => void;
}

export function Menu({ trigger, items }: { trigger: ReactNode; items: readonly MenuItem[] }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 animate-rise rounded-lg border border-line bg-raised p-1 shadow-lift"
        >
          {items.map((item) => (
            <Radix.Item
              key={item.label}
              disabled={item.disabled === true}
              onSelect={item.run}
              className={cx(
                'touch flex h-8 select-none items-center gap-2 rounded-md px-2 outline-none data-highlighted:bg-sunken data-disabled:opacity-50 [&_svg]:size-4',
                item.danger === true ? 'text-bad' : 'text-text',
              )}
            >
              {item.icon}
              <span className="flex-1">{item.label}</span>
              {item.checked === true ? <Glyph sign="✔" /> : null}
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
