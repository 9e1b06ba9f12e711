import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { TONE_TEXT } from './badge.tsx';
import { IconButton } from './button.tsx';
import { Glyph } from './glyph.tsx';

interface Toast {
  readonly id: number;
  readonly tone: 'ok' | 'bad' | 'info';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SHOWN_MS = 6_000;
const MAX_SHOWN = 4;
const GLYPH = { ok: '✔', bad: '✖', info: 'ℹ' } as const;

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

/** Says what happened, outside the flow of the page, with at most one thing to do about it. */
export function toast(tone: Toast['tone'], text: string, action?: Toast['action']): void {
  const id = nextId;
  nextId += 1;
  set([...toasts.slice(-MAX_SHOWN + 1), { id, tone, text, ...(action === undefined ? {} : { action }) }]);
  setTimeout(() => dismiss(id), action === undefined ? SHOWN_MS : SHOWN_MS * 2);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <section aria-label="Notifications" className="toasts pointer-events-none fixed right-4 left-4 z-60 sm:left-auto">
      <ol aria-live="polite" className="flex flex-col items-end gap-2">
        {shown.map((item) => (
          <li
            key={item.id}
            className="pointer-events-auto flex w-full animate-rise items-center gap-2.5 rounded-lg border border-line bg-raised py-1 pr-1 pl-3 shadow-lift sm:w-96"
          >
            <Glyph sign={GLYPH[item.tone]} className={TONE_TEXT[item.tone]} />
            <span className="min-w-0 flex-1 break-words py-1">{item.text}</span>
            {item.action === undefined ? null : (
              <button
                type="button"
                className="touch rounded-md px-2 py-1 font-medium text-accent hover:bg-sunken"
                onClick={() => {
                  item.action?.run();
                  dismiss(item.id);
                }}
              >
                {item.action.label}
              </button>
            )}
            <IconButton label="Dismiss" onClick={() => dismiss(item.id)}>
              <X />
            </IconButton>
          </li>
        ))}
      </ol>
    </section>
  );
}
