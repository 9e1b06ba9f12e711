import type { Change } from '../documents.ts';

export type Connection = 'connecting' | 'live' | 'reconnecting';

export interface ChangeStreamListener {
  onChange(change: Change): void;
  /** `resumed` is true when a lost connection came back, so that what was missed can be read again. */
  onConnection(connection: Connection, resumed: boolean): void;
}

const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 15_000;

/**
 * Follows the change log. The browser resumes by itself with `Last-Event-ID` while the server only drops the
 * connection; when it refuses (a restart behind a proxy, an ended session) the browser gives up, and this does not.
 */
export function followChanges(listener: ChangeStreamListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLive = false;
  let attempts = 0;

  const open = () => {
    const opened = new EventSource('/api/v1/events');
    source = opened;
    opened.onopen = () => {
      listener.onConnection('live', wasLive);
      wasLive = true;
      attempts = 0;
    };
    opened.addEventListener('change', (event) => {
      const change = readChange(event.data);
      if (change !== undefined) listener.onChange(change);
    });
    opened.onerror = () => {
      listener.onConnection(wasLive ? 'reconnecting' : 'connecting', false);
      if (opened.readyState !== EventSource.CLOSED) return;
      attempts += 1;
      timer = setTimeout(open, Math.min(RETRY_FIRST_MS * 2 ** (attempts - 1), RETRY_MAX_MS));
    };
  };

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function readChange(data: unknown): Change | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    // The server owns the shape of what it sends; a reader only makes sure that it is a log entry at all.
    return typeof value === 'object' && value !== null && 'seq' in value && 'noun' in value
      ? (value as Change)
      : undefined;
  } catch {
    return undefined;
  }
}
