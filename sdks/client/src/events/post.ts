import type { Platform } from '../platform.ts';

const LONGEST_WAIT_MS = 300_000;

export interface EventTarget {
  readonly url: string;
  readonly key: string;
}

/** What became of a batch. */
export type Delivery =
  | { readonly is: 'told'; readonly refused: number }
  /** Nobody knows whether it was taken; sent again it counts once. */
  | { readonly is: 'later'; readonly afterMs?: number }
  | { readonly is: 'refused'; readonly status: number };

/** How one batch is sent. */
export interface Manner {
  /** Whoever sends says how long that may take. */
  readonly signal: AbortSignal;
  readonly keepalive?: boolean;
}

/** Sends one batch, as the JSON text of its body. Never rejects. */
export async function postEvents(
  { url, key }: EventTarget,
  body: string,
  platform: Pick<Platform, 'fetch'>,
  manner: Manner,
): Promise<Delivery> {
  try {
    const response = await platform.fetch(`${url.replace(/\/+$/, '')}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      ...manner,
    });
    if (response.ok) return readAnswer(await response.json());
    await response.body?.cancel();
    const { status } = response;
    if (status < 500 && status !== 408 && status !== 429) return { is: 'refused', status };
    const seconds = Number(response.headers.get('retry-after'));
    return seconds > 0 ? { is: 'later', afterMs: Math.min(seconds * 1_000, LONGEST_WAIT_MS) } : { is: 'later' };
  } catch {
    return { is: 'later' };
  }
}

/** Something on the way may answer, too, and it stores nothing. */
function readAnswer(answer: unknown): Delivery {
  const { accepted, refused } = (answer ?? {}) as { readonly accepted?: unknown; readonly refused?: unknown };
  return typeof accepted === 'number' && Array.isArray(refused)
    ? { is: 'told', refused: refused.length }
    : { is: 'later' };
}
