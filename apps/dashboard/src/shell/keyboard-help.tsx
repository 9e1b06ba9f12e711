import { ArrowUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { Key } from '../ui/page.tsx';
import { PLACES } from './navigation.ts';
import { COMMAND_KEY } from './platform.ts';

/** Drawn, because not every font has these arrows. */
function Vertical() {
  return <ArrowUpDown className="size-3" role="img" aria-label="up or down arrow" />;
}

const ROWS: readonly (readonly [readonly ReactNode[], string])[] = [
  [[COMMAND_KEY, 'K'], 'Jump to a page, flag or rollout'],
  [['/'], 'Search on this page'],
  [['?'], 'This help'],
  ...PLACES.map((place) => [['g', place.shortcut], `Go to ${place.name}`] as const),
  [['Esc'], 'Close what is open'],
  [['Space'], 'Toggle the focused switch'],
  [['j', 'k'], 'Next and previous row of a list (or arrow keys)'],
  [['Alt', <Vertical key="arrows" />], 'Move a rule of a flag up or down'],
  [[COMMAND_KEY, 'Enter'], 'Evaluate in the playground'],
];

export function KeyboardHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts" width="max-w-md">
      <dl className="divide-y divide-line">
        {ROWS.map(([combination, meaning]) => (
          <div key={meaning} className="flex items-center gap-4 py-2">
            <dt className="flex w-20 shrink-0 gap-1">
              {combination.map((part) => (
                <Key key={typeof part === 'string' ? part : meaning}>{part}</Key>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
