import { monotonicMs } from './fleet.ts';
import { type Place, Reader } from './reader.ts';

/** Many readers of one server in one process, and when each of them has heard. */
export type ReadersOrder =
  | { readonly do: 'connect'; readonly place: Place; readonly count: number }
  /** Tell when all are connected again that are not now. */
  | { readonly do: 'watch' };

export type ReadersMessage =
  | { readonly is: 'connected'; readonly open: number; readonly at_ms: number }
  | { readonly is: 'seen'; readonly at_ms: readonly number[] }
  | { readonly is: 'lost'; readonly open: number };

/** So many are on their way at once at the start. */
const CONNECTING = 100;

const send = (message: ReadersMessage) => process.send?.(message);
const readers: Reader[] = [];
let open = 0;
let watched = true;
let seen: number[] = [];
let place: Place | undefined;
let count = 0;

function connectNext(): void {
  if (place === undefined || readers.length === count) return;
  let heardOf = false;
  const reader = new Reader(place, {
    opened: () => tellWhenConnected(),
    event: () => {
      // The first event is everything: who is there from then on hears changes.
      if (!heardOf) {
        heardOf = true;
        open += 1;
        connectNext();
        tellWhenConnected();
        return;
      }
      seen.push(monotonicMs());
      if (seen.length < count) return;
      send({ is: 'seen', at_ms: seen });
      seen = [];
    },
  });
  readers.push(reader);
  reader.start();
}

function tellWhenConnected(): void {
  if (!watched || open < count || readers.some((reader) => !reader.isOpen)) return;
  watched = false;
  send({ is: 'connected', open, at_ms: monotonicMs() });
}

process.on('message', (order: ReadersOrder) => {
  if (order.do === 'watch') {
    watched = true;
    tellWhenConnected();
    return;
  }
  place = order.place;
  count = order.count;
  for (let started = 0; started < CONNECTING; started += 1) connectNext();
});
process.once('disconnect', () => process.exit(0));
