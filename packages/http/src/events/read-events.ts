import { checkAgainst, sentEvent } from '@spillway/contract';
import type { SentEvent } from '@spillway/control';

const MAX_ERRORS = 5;

export interface ReadEvents {
  readonly events: readonly SentEvent[];
  readonly refused: readonly {
    readonly index: number;
    readonly errors: readonly { readonly field: string; readonly message: string }[];
  }[];
}

/** Each event by itself: a crooked one is named by its place, and the others go on. */
export function readEvents(sent: readonly unknown[]): ReadEvents {
  const events: SentEvent[] = [];
  const refused: ReadEvents['refused'][number][] = [];
  for (const [index, event] of sent.entries()) {
    const checked = checkAgainst(sentEvent, event, MAX_ERRORS);
    if (checked.ok) events.push(checked.value);
    else {
      const errors = checked.found.map(({ path, message }) => ({ field: pointerOf(path), message }));
      refused.push({ index, errors });
    }
  }
  return { events, refused };
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
