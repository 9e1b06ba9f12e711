import { useEffect, useState } from 'react';
import { ago, fullTime } from './time.ts';

/** The present moment, again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function Ago({ at, className }: { at: number; className?: string }) {
  const now = useNow(10_000);
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className={className}>
      {ago(at, Math.max(now, at))}
    </time>
  );
}
