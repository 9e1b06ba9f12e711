import { Activity, Flag, Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { useFlags, useRollouts } from '../live/queries.ts';
import { cx } from '../ui/cx.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useSettled } from '../ui/settled.ts';
import { PLACES } from './navigation.ts';

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly icon: ReactNode;
  readonly go: () => void;
}

const MAX_OF_A_KIND = 8;

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Jump to" bare width="max-w-xl">
      <Finder onDone={onClose} />
    </Dialog>
  );
}

function Finder({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const entries = useEntries(text);
  const listId = useId();
  const active = Math.min(chosen, Math.max(0, entries.length - 1));

  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onDone();
    entry.go();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((active + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[active]);
    }
  };

  return (
    <>
      <div className="flex items-center gap-3 border-line border-b px-4">
        <Search className="size-4 text-muted" aria-hidden="true" />
        <input
          role="combobox"
          aria-label="Jump to a page, flag or rollout"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries[active] === undefined ? undefined : `${listId}-${active}`}
          className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none"
          placeholder="Page, flag or rollout…"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={listId} role="listbox" aria-label="Results" className="max-h-[50vh] overflow-y-auto p-2">
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled on the combobox, which keeps the focus
          <div
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onClick={() => run(entry)}
            onPointerMove={() => setChosen(index)}
            className={cx(
              'touch flex h-9 cursor-pointer items-center gap-3 rounded-md px-2.5 [&_svg]:size-4 [&_svg]:text-muted',
              index === active && 'bg-sunken',
            )}
          >
            {entry.icon}
            <span className="min-w-0 flex-1 truncate">{entry.name}</span>
            <span className="text-muted text-xs">{entry.kind}</span>
          </div>
        ))}
      </div>
      {entries.length === 0 ? <p className="px-4 pb-6 text-center text-muted">Nothing matches “{text}”.</p> : null}
    </>
  );
}

function useEntries(text: string): readonly Entry[] {
  const [, navigate] = useLocation();
  const wanted = text.trim().toLowerCase();
  const flags = useFlags({ search: useSettled(wanted, 120), lifecycle: 'active' });
  const rollouts = useRollouts();
  const matches = (name: string) => name.toLowerCase().includes(wanted);
  return [
    ...PLACES.filter((place) => matches(place.name)).map((place) => ({
      id: place.path,
      name: place.name,
      kind: 'Page',
      icon: <place.icon aria-hidden="true" />,
      go: () => (place.separate === true ? window.location.assign(place.path) : navigate(place.path)),
    })),
    ...(flags.data?.pages.flatMap((page) => page.items) ?? [])
      .filter((flag) => matches(flag.key) || matches(flag.description))
      .slice(0, MAX_OF_A_KIND)
      .map((flag) => ({
        id: `flag ${flag.key}`,
        name: flag.key,
        kind: 'Flag',
        icon: <Flag aria-hidden="true" />,
        go: () => navigate(`/flags/${encodeURIComponent(flag.key)}`),
      })),
    ...(rollouts.data ?? [])
      .filter((rollout) => matches(rollout.key))
      .slice(0, MAX_OF_A_KIND)
      .map((rollout) => ({
        id: `rollout ${rollout.key}`,
        name: rollout.key,
        kind: 'Rollout',
        icon: <Activity aria-hidden="true" />,
        go: () => navigate(`/rollouts/${encodeURIComponent(rollout.key)}`),
      })),
  ];
}
