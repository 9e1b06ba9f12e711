import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly content: () => ReactNode;
  /** Stays as it is while another one is shown, for what is being edited there. */
  readonly isKept?: boolean;
}

export function Tabs({
  label,
  tabs,
  value,
  onChange,
}: {
  label: string;
  tabs: readonly Tab[];
  value: string;
  onChange: (id: string) => void;
}) {
  // An address may name a tab that is none.
  const shown = tabs.some((tab) => tab.id === value) ? value : (tabs[0]?.id ?? value);
  return (
    <Radix.Root value={shown} onValueChange={onChange}>
      <Radix.List aria-label={label} className="mb-5 flex gap-4 overflow-x-auto border-line border-b">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.id}
            value={tab.id}
            className="touch -mb-px h-9 shrink-0 whitespace-nowrap border-transparent border-b-2 font-medium text-muted hover:text-text focus-visible:outline-offset-[-2px] data-[state=active]:border-accent data-[state=active]:text-text"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.id}
          value={tab.id}
          {...(tab.isKept === true ? { forceMount: true as const } : {})}
          className="focus-visible:outline-offset-4"
        >
          {tab.content()}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
