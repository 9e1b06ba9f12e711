import { MAX_CHARACTERS, readParts } from './body.ts';
import type { Platform } from './platform.ts';
import { eventsIn } from './server-sent-events.ts';

/** The server's heartbeat, as in the contract of the SDK stream. */
export const HEARTBEAT_MS = 15_000;
export const SILENCE_MS = 2.5 * HEARTBEAT_MS;
export const CONNECT_MS = 10_000;
/** The server's first bytes come at once; when they do not, something on the way holds them back. */
export const FIRST_BYTE_MS = 3_000;

/** Why a request or a stream came to nothing. */
export type Failure =
  | { readonly is: 'unreachable'; readonly problem: string; readonly retryAfterMs?: number }
  | { readonly is: 'denied'; readonly problem: string; readonly status: 401 | 403 }
  /** The answer is no stream: something on the way, or an old server, does not do it. */
  | { readonly is: 'impossible'; readonly problem: string };

export interface StreamRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted by the caller to stop, and by the stream itself when it ends, so that nothing holds the socket. */
  readonly abort: AbortController;
}

/** Follows one stream to its end, which always comes as a value. */
export async function followStream(
  { url, headers, abort, ...request }: StreamRequest,
  platform: Platform,
  receive: (event: string, data: string) => void,
): Promise<Failure> {
  let heard = false;
  let silent = false;
  let cancel = () => {};
  const expectWithin = (delayMs: number) => {
    cancel();
    cancel = platform.after(delayMs, () => {
      silent = true;
      abort.abort();
    });
  };
  try {
    expectWithin(CONNECT_MS);
    const response = await platform.fetch(url, {
      ...request,
      headers: { ...headers, accept: 'text/event-stream' },
      signal: abort.signal,
      cache: 'no-store',
    });
    const failure = failureOf(response) ?? noStream(response);
    if (failure !== undefined || response.body === null) {
      await response.body?.cancel();
      return failure ?? { is: 'impossible', problem: 'the stream has no body' };
    }
    expectWithin(FIRST_BYTE_MS);
    const feed = eventsIn(receive, MAX_CHARACTERS);
    await readParts(response.body, (text) => {
      heard = true;
      expectWithin(SILENCE_MS);
      feed(text);
    });
    return { is: 'unreachable', problem: 'the stream ended' };
  } catch (error) {
    if (!silent) return { is: 'unreachable', problem: `the server was not reached: ${reasonOf(error)}` };
    if (heard) return { is: 'unreachable', problem: 'the stream fell silent' };
    return { is: 'impossible', problem: 'nothing arrives on the stream' };
  } finally {
    cancel();
    abort.abort();
  }
}

/** What an answer's status says when it is no success. */
export function failureOf(response: Response): Failure | undefined {
  const { status } = response;
  if (status === 401 || status === 403) {
    return {
      is: 'denied',
      status,
      problem:
        status === 401
          ? 'the server refuses the key (401); check that it is right and not revoked'
          : "the server does not allow it (403); check the key's kind and, of a page, its origin and signed context",
    };
  }
  if (status < 400) return undefined;
  const problem = `the server answered ${status}`;
  if (status < 500 && status !== 408 && status !== 429) return { is: 'impossible', problem };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return seconds > 0
    ? { is: 'unreachable', problem, retryAfterMs: Math.min(seconds * 1_000, 300_000) }
    : { is: 'unreachable', problem };
}

function noStream({ status, headers }: Response): Failure | undefined {
  if (status === 200 && headers.get('content-type')?.startsWith('text/event-stream') === true) return undefined;
  return { is: 'impossible', problem: 'the answer is no event stream' };
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
