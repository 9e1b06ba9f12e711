import { useEffect, useState } from 'react';
import { client } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { mayReload } from './reloads.ts';

const ASK_EVERY_MS = 1_500;

/**
 * A page's script did not arrive: the server is away, or was upgraded and has new ones. A browser never asks for the same
 * script again, so the document is loaded anew as soon as the server answers.
 */
export function Unfetched() {
  const [isAnswering, setAnswering] = useState(false);
  useEffect(() => {
    const gone = new AbortController();
    const ask = async () => {
      const { ok } = await client.call('health', { signal: gone.signal });
      if (gone.signal.aborted) return;
      setAnswering(ok);
      if (ok && mayReload(window.sessionStorage, Date.now())) window.location.reload();
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
      gone.abort();
    };
  }, []);
  if (isAnswering) {
    return (
      <Notice
        tone="warn"
        title="This page could not be loaded"
        action={<Button onClick={() => window.location.reload()}>Reload</Button>}
      >
        The server answers, but not with the script of this page. Nothing was changed. After an upgrade, reloading
        brings the new page.
      </Notice>
    );
  }
  return (
    <Notice tone="warn" title="The server does not answer" action={<Spinner />}>
      This page was not loaded yet; it opens by itself as soon as the server is back. Applications keep their last
      configuration meanwhile.
    </Notice>
  );
}
