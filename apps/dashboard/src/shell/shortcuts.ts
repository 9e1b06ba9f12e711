import { useEffect, useRef } from 'react';

export interface Shortcuts {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
  readonly onGo: (letter: string) => void;
}

/** How long `g` waits for its second key. */
const SEQUENCE_MS = 1_200;

/** Keys that work everywhere except while typing. `/` clicks into the page's search, marked `data-search`. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        current.current.onPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isDialogOpen()) return;
      if (event.timeStamp < goUntil) {
        goUntil = 0;
        current.current.onGo(event.key);
      } else if (event.key === 'g') {
        goUntil = event.timeStamp + SEQUENCE_MS;
      } else if (event.key === '?') {
        current.current.onHelp();
      } else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[data-search]');
        if (search === null) current.current.onPalette();
        else search.focus();
      } else {
        return;
      }
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}
