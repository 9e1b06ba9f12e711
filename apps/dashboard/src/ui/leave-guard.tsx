import { useEffect, useLayoutEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

/** Where somebody was about to go: an entry of the history, or a new address. */
type Destination = { readonly entry: string } | { readonly address: string };

/**
 * Asks before unsaved changes are left behind: by a link, by the browser's back button, by closing the page. Going
 * from tab to tab of the same page loses nothing and is not asked about.
 */
export function LeaveGuard({ unsaved }: { unsaved: readonly string[] }) {
  const isUnsaved = unsaved.length > 0;
  const [asked, setAsked] = useState<Destination | undefined>();
  const [going, setGoing] = useState<Destination | undefined>();
  const [, navigate] = useLocation();
  const guards = isUnsaved && going === undefined;

  useEffect(() => {
    if (!isUnsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isUnsaved]);

  // In the layout phase, so that a page which is taken away (a session that ended) no longer holds anybody back.
  useLayoutEffect(() => {
    if (!guards || !('navigation' in window)) return;
    const hold = (event: NavigateEvent) => {
      const { destination, navigationType, cancelable } = event;
      const { pathname, search, hash } = new URL(destination.url);
      const isElsewhere = destination.sameDocument && pathname !== window.location.pathname;
      if (!isElsewhere || !cancelable || (navigationType !== 'push' && navigationType !== 'traverse')) return;
      event.preventDefault();
      setAsked(navigationType === 'traverse' ? { entry: destination.key } : { address: pathname + search + hash });
    };
    window.navigation.addEventListener('navigate', hold);
    return () => window.navigation.removeEventListener('navigate', hold);
  }, [guards]);

  // Once nothing holds back any more.
  useEffect(() => {
    if (going === undefined) return;
    if ('entry' in going) window.navigation.traverseTo(going.entry);
    else navigate(going.address);
  }, [going, navigate]);

  if (asked === undefined || going !== undefined) return null;
  const stay = () => setAsked(undefined);
  return (
    <Dialog
      open
      onClose={stay}
      title="Leave without saving?"
      description={`What you changed in ${unsaved.join(', ')} would be lost.`}
      width="max-w-md"
      footer={
        <>
          <Button onClick={stay}>Stay here</Button>
          <Button look="danger" onClick={() => setGoing(asked)}>
            Leave without saving
          </Button>
        </>
      }
    />
  );
}
