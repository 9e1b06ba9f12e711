import type { CallOutput } from '@spillway/contract';
import { Glyph } from '../ui/glyph.tsx';
import { percentWords } from '../ui/percent-words.ts';
import { whoOf } from './pick-recent.tsx';

const TRANSITIONS_SHOWN = 4;
const EXAMPLES_SHOWN = 3;

type Preview = CallOutput<'previewSegment'>['environments'][string]['flags'][string];

/** How many would get something else, from what to what, and who is among them. */
export function Effect({ effect, whom }: { effect: Preview; whom: string }) {
  const { changed, contexts, share, transitions, examples } = effect;
  return (
    <>
      <p>
        <strong className="font-semibold">
          {changed.toLocaleString('en')} of {contexts.toLocaleString('en')} {whom}
        </strong>{' '}
        would get another value: {percentWords(share.estimate * 100)}{' '}
        <span className="text-muted text-xs">
          ({percentWords(share.low * 100)} to {percentWords(share.high * 100)} of all like these, 95 %)
        </span>
      </p>
      <ul className="space-y-0.5">
        {transitions.slice(0, TRANSITIONS_SHOWN).map(({ from, to, count }) => (
          <li key={`${nameOf(from)} ${nameOf(to)}`} className="tabular-nums">
            <code className="break-words font-mono text-xs">
              {nameOf(from)}
              <span className="sr-only"> → </span>
              <Glyph sign="→" className="mx-1.5 text-muted" />
              {nameOf(to)}
            </code>{' '}
            <span className="text-muted">{count.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
      {examples.length === 0 ? null : (
        <p className="break-words text-muted text-xs">
          Among them:{' '}
          {examples
            .slice(0, EXAMPLES_SHOWN)
            .map(({ context }) => whoOf(context))
            .join(', ')}
        </p>
      )}
    </>
  );
}

/** As it is said of those whom it was tried on. */
export function whomOf({ from }: { readonly from: 'request' | 'recent' }): string {
  return from === 'recent' ? 'recent contexts' : 'contexts';
}

function nameOf({ variant, value }: Preview['transitions'][number]['from']): string {
  return variant ?? JSON.stringify(value);
}
