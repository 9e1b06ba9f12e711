import { CircleHelp, Menu as MenuIcon, Search, X } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Session } from '../documents.ts';
import { useConnection } from '../live/live.tsx';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Key } from '../ui/page.tsx';
import { Logo } from './logo.tsx';
import { PLACES } from './navigation.ts';
import { COMMAND_KEY } from './platform.ts';
import { useShortcuts } from './shortcuts.ts';
import { Sidebar } from './sidebar.tsx';

const loadHelp = () => import('./keyboard-help.tsx');
const loadPalette = () => import('./palette.tsx');
const KeyboardHelp = lazy(async () => ({ default: (await loadHelp()).KeyboardHelp }));

/** Fetched before it is asked for, once the page itself is there. */
const FETCH_AHEAD_MS = 500;

const OFFLINE_AFTER_MS = 2_500;

/** Sidebar, palette, keyboard and the live-connection notice around every page. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const [path, navigate] = useLocation();
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [finder, setFinder] = useState<Awaited<ReturnType<typeof loadPalette>> | undefined>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the drawer
  useEffect(() => setDrawer(false), [path]);

  useEffect(() => {
    if (!drawer) return;
    const onKey = (event: KeyboardEvent) => (event.key === 'Escape' ? setDrawer(false) : undefined);
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [drawer]);

  useEffect(() => {
    const timer = setTimeout(() => void loadHelp().catch(() => undefined), FETCH_AHEAD_MS);
    return () => clearTimeout(timer);
  }, []);

  // Apart from the first page's weight, yet there at once when it is asked for: no letter typed after the shortcut is lost.
  useEffect(() => void loadPalette().then(setFinder, () => undefined), []);

  useShortcuts({
    onPalette: () => setPalette(true),
    onHelp: () => setHelp(true),
    onGo: (letter) => {
      const place = PLACES.find((candidate) => candidate.shortcut === letter);
      if (place === undefined) return;
      if (place.separate === true) window.location.assign(place.path);
      else navigate(place.path);
    },
  });

  return (
    <div className="min-h-dvh md:pl-[220px]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-20 flex h-14 items-center gap-1 border-line border-b bg-bg px-3 md:hidden">
        <IconButton label="Open navigation" aria-expanded={drawer} onClick={() => setDrawer(true)}>
          <MenuIcon />
        </IconButton>
        <Logo />
        <span className="flex-1" />
        <IconButton label="Search" onClick={() => setPalette(true)}>
          <Search />
        </IconButton>
      </header>
      {drawer ? (
        <button
          type="button"
          aria-label="Close navigation"
          className="fixed inset-0 z-30 bg-[var(--backdrop)] md:hidden"
          onClick={() => setDrawer(false)}
        />
      ) : null}
      <aside
        aria-label="Sidebar"
        className={cx(
          'fixed inset-y-0 left-0 z-30 flex w-[260px] flex-col border-line border-r bg-surface md:flex md:w-[220px]',
          drawer ? 'flex' : 'hidden',
        )}
      >
        <div className="flex h-14 items-center px-4">
          <Logo />
          <span className="flex-1" />
          <IconButton label="Close navigation" className="md:hidden" onClick={() => setDrawer(false)}>
            <X />
          </IconButton>
        </div>
        <div className="px-3 pb-3">
          <button
            type="button"
            onClick={() => setPalette(true)}
            className="touch flex h-8 w-full items-center gap-2 rounded-md border border-line bg-bg px-2.5 text-muted hover:text-text"
          >
            <Search className="size-3.5" aria-hidden="true" />
            <span className="flex-1 text-left">Jump to…</span>
            <Key>{COMMAND_KEY} K</Key>
          </button>
        </div>
        <Sidebar session={session} />
        <div className="flex items-center border-line border-t px-3 py-2">
          <ConnectionMark />
          <span className="flex-1" />
          <IconButton label="Keyboard shortcuts" onClick={() => setHelp(true)}>
            <CircleHelp />
          </IconButton>
        </div>
      </aside>
      <OfflineNotice />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {finder === undefined ? null : <finder.Palette open={palette} onClose={() => setPalette(false)} />}
      <Suspense>{help ? <KeyboardHelp open onClose={() => setHelp(false)} /> : null}</Suspense>
    </div>
  );
}

const WORDS = { live: 'Live', connecting: 'Connecting', reconnecting: 'Reconnecting' } as const;

function ConnectionMark() {
  const connection = useConnection();
  return (
    <span className="flex items-center gap-2 px-1 text-muted text-xs" title="Changes made anywhere appear here at once">
      <span
        aria-hidden="true"
        className={cx(
          'size-2 rounded-full',
          connection === 'live' ? 'bg-fill-ok' : 'border border-warn bg-transparent',
        )}
      />
      {WORDS[connection]}
    </span>
  );
}

/** Shown only when it lasts: a stream that resumes in a moment is no news. */
function OfflineNotice() {
  const connection = useConnection();
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    setLasting(false);
    if (connection !== 'reconnecting') return;
    const timer = setTimeout(() => setLasting(true), OFFLINE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <div role="status">
      {lasting ? (
        <p className="border-warn/40 border-b bg-warn-tint px-4 py-2 text-center text-warn">
          <Glyph sign="⚠" /> The server does not answer. What you see is the last known state; trying again by itself.
          Applications keep their last configuration.
        </p>
      ) : null}
    </div>
  );
}
